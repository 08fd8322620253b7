#include "database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct baseline_storage {
    sqlite3 *database;
    sqlite3_stmt *begin;
    sqlite3_stmt *commit;
    sqlite3_stmt *count_up;
    sqlite3_stmt *insert;
    sqlite3_stmt *read;
    sqlite3_stmt *list;
    uint8_t *buffer;
    size_t buffer_size;
};

// What a handler would compute: the baseline writes 8 bytes as wide, and computes nothing.
static const int64_t stand_in_checksum = 0x51c708e274bd16f9;

static bool prepare(baseline_storage *storage, char *message, size_t message_size) {
    struct {
        sqlite3_stmt **statement;
        const char *sql;
    } statements[] = {
        {&storage->begin, "BEGIN IMMEDIATE"},
        {&storage->commit, "COMMIT"},
        {&storage->count_up, "UPDATE storage_counter SET last_revision = last_revision + 1 RETURNING last_revision"},
        {&storage->insert,
         "INSERT INTO storage_values (key, revision, size, checksum, bytes) VALUES (?1, ?2, ?3, ?4, ?5) "
         "ON CONFLICT (key) DO UPDATE SET revision = ?2, size = ?3, checksum = ?4, bytes = ?5"},
        {&storage->read, "SELECT revision, size, checksum, bytes FROM storage_values WHERE key = ?"},
        {&storage->list, "SELECT key, revision, size FROM storage_values ORDER BY key"},
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        if (sqlite3_prepare_v3(
                storage->database, statements[i].sql, -1, SQLITE_PREPARE_PERSISTENT, statements[i].statement, NULL) !=
            SQLITE_OK) {
            snprintf(message, message_size, "cannot prepare: %s", sqlite3_errmsg(storage->database));
            return false;
        }
    }
    return true;
}

static bool make_tables(
    baseline_storage *storage, const baseline_storage_options *options, char *message, size_t message_size) {
    if (options->model == NULL) return true;
    sqlite3 *model = baseline_open(options->model, SQLITE_OPEN_READWRITE, message, message_size);
    bool is_made = model != NULL && baseline_copy_schema(model, storage->database, message, message_size) &&
        baseline_execute(storage->database, "INSERT INTO storage_counter VALUES (0)", message, message_size);
    sqlite3_close(model);
    return is_made;
}

baseline_storage *baseline_storage_open(
    const baseline_storage_options *options, char *message, size_t message_size) {
    baseline_storage *storage = calloc(1, sizeof *storage);
    if (storage == NULL) return NULL;
    storage->database =
        baseline_open(options->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, message, message_size);
    bool is_ready = storage->database != NULL &&
        baseline_configure(storage->database, options->is_full, options->cache_bytes, message, message_size) &&
        make_tables(storage, options, message, message_size) && prepare(storage, message, message_size);
    if (is_ready) return storage;
    baseline_storage_close(storage);
    return NULL;
}

void baseline_storage_close(baseline_storage *storage) {
    if (storage == NULL) return;
    sqlite3_finalize(storage->begin);
    sqlite3_finalize(storage->commit);
    sqlite3_finalize(storage->count_up);
    sqlite3_finalize(storage->insert);
    sqlite3_finalize(storage->read);
    sqlite3_finalize(storage->list);
    sqlite3_close(storage->database);
    free(storage->buffer);
    free(storage);
}

const char *baseline_storage_message(const baseline_storage *storage) {
    return sqlite3_errmsg(storage->database);
}

static bool run(sqlite3_stmt *statement) {
    bool is_done = sqlite3_step(statement) == SQLITE_DONE;
    return sqlite3_reset(statement) == SQLITE_OK && is_done;
}

bool baseline_storage_write(
    baseline_storage *storage, const uint8_t *keys, size_t key_size, size_t count, const uint8_t *values,
    size_t value_size) {
    for (size_t i = 0; i < count; i++) {
        if (!run(storage->begin)) return false;
        if (sqlite3_step(storage->count_up) != SQLITE_ROW) return false;
        int64_t revision = sqlite3_column_int64(storage->count_up, 0);
        if (sqlite3_reset(storage->count_up) != SQLITE_OK) return false;
        sqlite3_bind_blob(storage->insert, 1, keys + key_size * i, (int)key_size, SQLITE_STATIC);
        sqlite3_bind_int64(storage->insert, 2, revision);
        sqlite3_bind_int64(storage->insert, 3, (int64_t)value_size);
        sqlite3_bind_int64(storage->insert, 4, stand_in_checksum);
        sqlite3_bind_blob(storage->insert, 5, values + value_size * i, (int)value_size, SQLITE_STATIC);
        if (!run(storage->insert) || !run(storage->commit)) return false;
    }
    return true;
}

static bool copy_value(baseline_storage *storage) {
    const void *bytes = sqlite3_column_blob(storage->read, 3);
    size_t size = (size_t)sqlite3_column_bytes(storage->read, 3);
    if (size > storage->buffer_size) {
        uint8_t *larger = realloc(storage->buffer, size);
        if (larger == NULL) return false;
        storage->buffer = larger;
        storage->buffer_size = size;
    }
    if (size > 0) memcpy(storage->buffer, bytes, size);
    return true;
}

int64_t baseline_storage_read(baseline_storage *storage, const uint8_t *keys, size_t key_size, size_t count) {
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        sqlite3_bind_blob(storage->read, 1, keys + key_size * i, (int)key_size, SQLITE_STATIC);
        if (sqlite3_step(storage->read) != SQLITE_ROW || !copy_value(storage)) return -1;
        if (sqlite3_column_int64(storage->read, 0) <= 0) return -1;
        total += sqlite3_column_int64(storage->read, 1);
        if (sqlite3_reset(storage->read) != SQLITE_OK) return -1;
    }
    return total;
}

int64_t baseline_storage_list(baseline_storage *storage) {
    int64_t count = 0;
    int status;
    while ((status = sqlite3_step(storage->list)) == SQLITE_ROW) {
        if (sqlite3_column_blob(storage->list, 0) == NULL) return -1;
        if (sqlite3_column_bytes(storage->list, 0) == 0 || sqlite3_column_int64(storage->list, 1) <= 0) return -1;
        if (sqlite3_column_int64(storage->list, 2) < 0) return -1;
        count++;
    }
    sqlite3_reset(storage->list);
    return status == SQLITE_DONE ? count : -1;
}
