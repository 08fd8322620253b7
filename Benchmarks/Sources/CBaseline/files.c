#define _GNU_SOURCE
#include "CBaseline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// A value's file: its size and checksum before its bytes.
typedef struct {
    uint64_t size;
    uint64_t checksum;
} header;

enum { folders = 1024, name_size = 64 };

static void describe(char *message, size_t message_size, const char *what) {
    snprintf(message, message_size, "cannot %s: %s", what, strerror(errno));
}

// FNV-1a over words of eight bytes: cheaper than what ours computes.
static uint64_t checksum(const uint8_t *bytes, size_t count) {
    uint64_t sum = 0xcbf29ce484222325;
    for (size_t i = 0; i + 8 <= count; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        sum = (sum ^ word) * 0x100000001b3;
    }
    return sum;
}

// The folder and the file of a key: the folder from a hash of the key, the file from its bytes.
static unsigned place(const uint8_t *key, size_t key_size, char name[name_size]) {
    for (size_t i = 0; i < key_size; i++) sprintf(name + 2 * i, "%02x", key[i]);
    return checksum(key, key_size) % folders;
}

static int open_folder(int root, unsigned number) {
    char name[8];
    snprintf(name, sizeof name, "%03x", number);
    return openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool baseline_files_create(const char *path, char *message, size_t message_size) {
    int root = mkdir(path, 0700) == 0 ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool is_made = root >= 0;
    for (unsigned number = 0; is_made && number < folders; number++) {
        char name[8];
        snprintf(name, sizeof name, "%03x", number);
        is_made = mkdirat(root, name, 0700) == 0;
    }
    if (!is_made) describe(message, message_size, "make the folders");
    if (root >= 0) close(root);
    return is_made;
}

// Replaces one file: a new one beside it, synced, moved over it, and the folder synced.
static bool replace(int root, const uint8_t *key, size_t key_size, const uint8_t *value, size_t value_size) {
    char name[name_size], new_name[name_size + 4];
    int folder = open_folder(root, place(key, key_size, name));
    if (folder < 0) return false;
    snprintf(new_name, sizeof new_name, "%s.new", name);
    int file = openat(folder, new_name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool is_done = file >= 0;
    if (is_done) {
        uint8_t buffer[sizeof(header) + value_size];
        header head = {value_size, checksum(value, value_size)};
        memcpy(buffer, &head, sizeof head);
        memcpy(buffer + sizeof head, value, value_size);
        is_done = write(file, buffer, sizeof buffer) == (ssize_t)sizeof buffer && fsync(file) == 0;
        close(file);
        is_done = is_done && renameat(folder, new_name, folder, name) == 0 && fsync(folder) == 0;
    }
    close(folder);
    return is_done;
}

bool baseline_files_write(
    const char *path, const uint8_t *keys, size_t key_size, const uint8_t *values, size_t value_size, size_t count,
    char *message, size_t message_size) {
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_done = root >= 0;
    for (size_t i = 0; is_done && i < count; i++) {
        is_done = replace(root, keys + key_size * i, key_size, values + value_size * i, value_size);
    }
    if (!is_done) describe(message, message_size, "write a value");
    if (root >= 0) close(root);
    return is_done;
}

static bool read_value(int root, const uint8_t *key, size_t key_size, size_t value_size) {
    char name[name_size];
    int folder = open_folder(root, place(key, key_size, name));
    if (folder < 0) return false;
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool is_done = false;
    struct stat status;
    if (file >= 0 && fstat(file, &status) == 0) {
        uint8_t *bytes = malloc((size_t)status.st_size);
        is_done = bytes != NULL && pread(file, bytes, (size_t)status.st_size, 0) == status.st_size;
        header head;
        if (is_done) {
            memcpy(&head, bytes, sizeof head);
            is_done = head.size == value_size && head.checksum == checksum(bytes + sizeof head, value_size);
        }
        free(bytes);
    }
    if (file >= 0) close(file);
    close(folder);
    return is_done;
}

bool baseline_files_read(
    const char *path, const uint8_t *keys, size_t key_size, size_t value_size, size_t count, char *message,
    size_t message_size) {
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_done = root >= 0;
    for (size_t i = 0; is_done && i < count; i++) {
        is_done = read_value(root, keys + key_size * i, key_size, value_size);
    }
    if (!is_done) describe(message, message_size, "read a value");
    if (root >= 0) close(root);
    return is_done;
}

// XXH64, by which ours tells a damaged block.
static const uint64_t prime1 = 0x9e3779b185ebca87, prime2 = 0xc2b2ae3d27d4eb4f, prime3 = 0x165667b19e3779f9,
                      prime4 = 0x85ebca77c2b2ae63, prime5 = 0x27d4eb2f165667c5;

static uint64_t rotate(uint64_t value, int count) { return value << count | value >> (64 - count); }

static uint64_t round64(uint64_t sum, uint64_t word) { return rotate(sum + word * prime2, 31) * prime1; }

static uint64_t word_at(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static uint64_t xxh64(const uint8_t *bytes, size_t count) {
    size_t at = 0;
    uint64_t sum = prime5;
    if (count >= 32) {
        uint64_t lanes[4] = {prime1 + prime2, prime2, 0, -prime1};
        for (; at + 32 <= count; at += 32) {
            for (int i = 0; i < 4; i++) lanes[i] = round64(lanes[i], word_at(bytes + at + 8 * i));
        }
        sum = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
        for (int i = 0; i < 4; i++) sum = (sum ^ round64(0, lanes[i])) * prime1 + prime4;
    }
    sum += count;
    for (; at + 8 <= count; at += 8) sum = rotate(sum ^ round64(0, word_at(bytes + at)), 27) * prime1 + prime4;
    if (at + 4 <= count) {
        uint32_t word;
        memcpy(&word, bytes + at, sizeof word);
        sum = rotate(sum ^ word * prime1, 23) * prime2 + prime3;
        at += 4;
    }
    for (; at < count; at++) sum = rotate(sum ^ bytes[at] * prime5, 11) * prime1;
    sum = (sum ^ sum >> 33) * prime2;
    sum = (sum ^ sum >> 29) * prime3;
    return sum ^ sum >> 32;
}

// What a listing tells of a key.
typedef struct {
    char *key;
    uint64_t revision;
    uint64_t size;
} item;

// The page that a listing fills; a full one is let go of, and the next begins.
typedef struct {
    item items[10000];
    size_t count;
} page;

static void empty(page *page) {
    for (size_t i = 0; i < page->count; i++) free(page->items[i].key);
    page->count = 0;
}

// Whether the log holds no changes beyond the index: its header is looked at before each page.
static bool is_log_empty(int log) {
    uint8_t header[48];
    return pread(log, header, sizeof header, 0) == sizeof header && word_at(header + 40) == xxh64(header, 40) &&
           word_at(header + 16) == 4096;
}

// Reads some of a file and looks whether it is as it was written; the caller frees it.
static uint8_t *read_checked(int file, uint64_t offset, uint64_t size, uint64_t sum) {
    uint8_t *bytes = malloc(size);
    if (bytes && pread(file, bytes, size, (off_t)offset) == (ssize_t)size && xxh64(bytes, size) == sum) return bytes;
    free(bytes);
    return NULL;
}

// Takes the entries of a block; -1 where there is no memory or the log has changed.
static int64_t list_block(
    const uint8_t *block, size_t size, const char *prefix, size_t prefix_size, int log, page *page) {
    enum { entry_size = 20 };
    int64_t count = 0;
    for (size_t at = 0; at + entry_size <= size;) {
        uint32_t key_size;
        memcpy(&key_size, block + at, sizeof key_size);
        const uint8_t *key = block + at + entry_size;
        if (at + entry_size + key_size > size) return -1;
        if (key_size >= prefix_size && memcmp(key, prefix, prefix_size) == 0) {
            if (page->count == sizeof page->items / sizeof *page->items) {
                empty(page);
                if (!is_log_empty(log)) return -1;
            }
            item *next = &page->items[page->count];
            next->revision = word_at(block + at + 4);
            next->size = word_at(block + at + 12);
            next->key = malloc(key_size + 1);
            if (!next->key) return -1;
            memcpy(next->key, key, key_size);
            next->key[key_size] = 0;
            page->count++;
            count++;
        }
        at += entry_size + key_size;
    }
    return count;
}

int64_t baseline_files_list(const char *path, const char *prefix, char *message, size_t message_size) {
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int log = openat(root, "log", O_RDONLY | O_CLOEXEC), file = openat(root, "index", O_RDONLY | O_CLOEXEC);
    uint8_t header[56], *table = NULL;
    page *page = calloc(1, sizeof *page);
    int64_t count = -1;
    uint64_t size = 0;
    if (page && is_log_empty(log) && pread(file, header, sizeof header, 0) == sizeof header &&
        word_at(header + 48) == xxh64(header, 48)) {
        size = word_at(header + 32);
        table = read_checked(file, word_at(header + 24), size, word_at(header + 40));
        if (table) count = 0;
    }
    // A block in the table: its place, its size, its checksum, and its first key.
    for (uint64_t at = 0; count >= 0 && at < size; at += 32 + word_at(table + at + 24)) {
        uint64_t block_size = word_at(table + at + 8);
        uint8_t *block = read_checked(file, word_at(table + at), block_size, word_at(table + at + 16));
        int64_t listed = block ? list_block(block, block_size, prefix, strlen(prefix), log, page) : -1;
        free(block);
        count = listed < 0 ? -1 : count + listed;
    }
    if (count < 0) describe(message, message_size, "read the index");
    if (page) empty(page);
    free(page);
    free(table);
    if (file >= 0) close(file);
    if (log >= 0) close(log);
    if (root >= 0) close(root);
    return count;
}
