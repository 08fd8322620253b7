// What the same work costs in C: a SHA-256, a journal's and a storage's tables in SQLite, values in files; each written as a
// careful C programmer would write it by hand.

#ifndef AURA_CBASELINE_H
#define AURA_CBASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The SHA-256 of a message (FIPS 180-4), in plain C.
void baseline_sha256(const uint8_t *message, size_t count, uint8_t digest[32]);

// A journal's tables without the journal: no hash is computed, no chain is kept, ids and heads are not looked up.
typedef struct baseline_journal baseline_journal;

typedef struct {
    const char *path;
    // A database that holds the tables and indexes to use: they are read from it and made again at `path`.
    const char *model;
    // PRAGMA synchronous: FULL or NORMAL.
    bool is_full;
    // PRAGMA cache_size, in bytes.
    int64_t cache_bytes;
    int streams;
} baseline_journal_options;

// Creates the database. On failure it returns NULL and writes why into `message`.
baseline_journal *baseline_journal_create(
    const baseline_journal_options *options, char *message, size_t message_size);

void baseline_journal_close(baseline_journal *journal);

// Inserts `count` entries in transactions of `per_transaction`; the streams take turns, one transaction each.
// `ids` holds 16 bytes an entry, `payloads` holds `payload_size` bytes an entry. Returns whether it succeeded; a
// failure is described by baseline_journal_message.
bool baseline_journal_append(
    baseline_journal *journal, const uint8_t *ids, const uint8_t *payloads, size_t payload_size, size_t count,
    size_t per_transaction);

const char *baseline_journal_message(const baseline_journal *journal);

typedef struct {
    int64_t entries;
    // A sum over every byte that was read, so that none of the reading can be left out.
    uint64_t sum;
} baseline_journal_total;

// Reads every column of every entry of a database in the order of positions. `entries` is negative on failure.
baseline_journal_total baseline_journal_read_all(
    const char *path, int64_t cache_bytes, char *message, size_t message_size);

// Values in files: one for each key, in 1024 folders, with a checksum. No key is looked up before it is written, no revision
// is issued, no index is kept.

// Makes the folders. On failure each function writes why into `message`.
bool baseline_files_create(const char *path, char *message, size_t message_size);

// Replaces each value's file atomically: the file is synced, moved to its place, and its folder is synced. `keys` holds
// `key_size` bytes a key, `values` holds `value_size` bytes a value.
bool baseline_files_write(
    const char *path, const uint8_t *keys, size_t key_size, const uint8_t *values, size_t value_size, size_t count,
    char *message, size_t message_size);

// Opens and reads each value's file and checks its checksum.
bool baseline_files_read(
    const char *path, const uint8_t *keys, size_t key_size, size_t value_size, size_t count, char *message,
    size_t message_size);

// Lists a storage in the folder at `path` that ours has written, and whose log is empty: reads the index block by block, each
// checked by the checksum that ours checks, and gives each key with the prefix memory of its own, in pages of 10,000 that are
// freed one by one. Returns how many keys there are; negative on failure.
int64_t baseline_files_list(const char *path, const char *prefix, char *message, size_t message_size);
// A storage's tables without the storage: no checksum is computed, no precondition is looked at.
typedef struct baseline_storage baseline_storage;

typedef struct {
    const char *path;
    // A database that holds the tables to use: they are read from it and made again at `path`. NULL to open what is there.
    const char *model;
    // PRAGMA synchronous: FULL or NORMAL.
    bool is_full;
    // PRAGMA cache_size, in bytes.
    int64_t cache_bytes;
} baseline_storage_options;

// Opens or creates the database. On failure it returns NULL and writes why into `message`.
baseline_storage *baseline_storage_open(
    const baseline_storage_options *options, char *message, size_t message_size);

void baseline_storage_close(baseline_storage *storage);

// Writes `count` values, each in a transaction of its own that takes the next revision from the table's counter.
// `keys` holds `key_size` bytes a key, `values` holds `value_size` bytes a value. Returns whether it succeeded; a failure
// is described by baseline_storage_message.
bool baseline_storage_write(
    baseline_storage *storage, const uint8_t *keys, size_t key_size, size_t count, const uint8_t *values,
    size_t value_size);

// Reads the values of `count` keys, each with its revision and checksum, and copies their bytes. Returns the bytes that
// were read, or -1.
int64_t baseline_storage_read(baseline_storage *storage, const uint8_t *keys, size_t key_size, size_t count);

// Reads every key with revision and size in the order of the keys, and returns how many there are, or -1.
int64_t baseline_storage_list(baseline_storage *storage);

const char *baseline_storage_message(const baseline_storage *storage);

// Whether a folder lies in memory, where a sync costs nothing. No baseline: Swift cannot call statfs on Linux.
bool machine_is_in_memory(const char *folder);

#endif
