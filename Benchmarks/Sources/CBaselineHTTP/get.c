#include "CBaselineHTTP.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

// The body of one request, collected as ours is.
struct slot {
    CURL *handle;
    char *bytes;
    size_t count, capacity;
};

static size_t took_body(char *bytes, size_t size, size_t count, void *context) {
    struct slot *slot = context;
    size_t length = size * count;
    if (slot->count + length > slot->capacity) {
        size_t capacity = (slot->count + length) * 2;
        char *larger = realloc(slot->bytes, capacity);
        if (larger == NULL) return 0;
        slot->bytes = larger;
        slot->capacity = capacity;
    }
    memcpy(slot->bytes + slot->count, bytes, length);
    slot->count += length;
    return length;
}

static size_t took_line(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    (void)context;
    return size * count;
}

static int begin(CURLM *multi, struct slot *slot, const char *url) {
    free(slot->bytes);
    slot->bytes = NULL;
    slot->count = slot->capacity = 0;
    curl_easy_setopt(slot->handle, CURLOPT_URL, url);
    return curl_multi_add_handle(multi, slot->handle) == CURLM_OK;
}

long long baseline_http_get(const char *url, int count, int in_flight) {
    CURLM *multi = curl_multi_init();
    struct slot *slots = calloc((size_t)in_flight, sizeof *slots);
    if (multi == NULL || slots == NULL) return -1;
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)in_flight);
    int begun = 0, ended = 0;
    long long total = 0;
    for (int i = 0; i < in_flight; i++) {
        struct slot *slot = &slots[i];
        slot->handle = curl_easy_init();
        curl_easy_setopt(slot->handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(slot->handle, CURLOPT_WRITEFUNCTION, took_body);
        curl_easy_setopt(slot->handle, CURLOPT_WRITEDATA, slot);
        curl_easy_setopt(slot->handle, CURLOPT_HEADERFUNCTION, took_line);
        curl_easy_setopt(slot->handle, CURLOPT_PRIVATE, slot);
        if (begun < count) begun += begin(multi, slot, url);
    }
    while (ended < count) {
        int running = 0, left = 0;
        if (curl_multi_perform(multi, &running) != CURLM_OK) break;
        CURLMsg *message;
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            struct slot *slot = NULL;
            long status = 0;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            if (message->data.result != CURLE_OK || status != 200) total = -1;
            if (total >= 0) total += (long long)slot->count;
            ended++;
            curl_multi_remove_handle(multi, slot->handle);
            if (begun < count) begun += begin(multi, slot, url);
        }
        if (total < 0) break;
        if (ended < count) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    for (int i = 0; i < in_flight; i++) {
        curl_multi_remove_handle(multi, slots[i].handle);
        curl_easy_cleanup(slots[i].handle);
        free(slots[i].bytes);
    }
    free(slots);
    curl_multi_cleanup(multi);
    return total;
}
