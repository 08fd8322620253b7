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

// What a listing tells of a key.
typedef struct {
    char *key;
    uint64_t revision;
    uint64_t size;
} item;

int64_t baseline_files_list(const char *index, const char *prefix, char *message, size_t message_size) {
    enum { header_size = 56, entry_size = 20, block_size = 16 * 1024, page_size = 10000 };
    int file = open(index, O_RDONLY | O_CLOEXEC);
    uint64_t fields[7];
    if (file < 0 || pread(file, fields, sizeof fields, 0) != sizeof fields) {
        describe(message, message_size, "read the index");
        if (file >= 0) close(file);
        return -1;
    }
    uint64_t end = fields[3];
    size_t prefix_size = strlen(prefix), kept = 0, on_page = 0;
    uint8_t *block = malloc(2 * block_size);
    item *page = calloc(page_size, sizeof *page);
    int64_t count = 0;
    for (uint64_t offset = header_size; offset < end;) {
        size_t wanted = end - offset < 2 * block_size ? (size_t)(end - offset) : 2 * block_size;
        if (pread(file, block, wanted, (off_t)offset) != (ssize_t)wanted) {
            describe(message, message_size, "read the index");
            count = -1;
            break;
        }
        // Stands for looking whether the block is as it was written.
        if (checksum(block, wanted) == 0) kept++;
        size_t at = 0;
        while (at + entry_size <= wanted) {
            uint32_t key_size;
            memcpy(&key_size, block + at, sizeof key_size);
            if (at + entry_size + key_size > wanted) break;
            item *next = &page[on_page];
            memcpy(&next->revision, block + at + 4, sizeof next->revision);
            memcpy(&next->size, block + at + 12, sizeof next->size);
            if (key_size >= prefix_size && memcmp(block + at + entry_size, prefix, prefix_size) == 0) {
                next->key = malloc(key_size + 1);
                memcpy(next->key, block + at + entry_size, key_size);
                next->key[key_size] = 0;
                count++;
                on_page++;
            }
            at += entry_size + key_size;
            if (on_page == page_size) {
                for (size_t i = 0; i < on_page; i++) free(page[i].key);
                on_page = 0;
            }
        }
        offset += at;
    }
    for (size_t i = 0; i < on_page; i++) free(page[i].key);
    free(page);
    free(block);
    close(file);
    return count;
}
