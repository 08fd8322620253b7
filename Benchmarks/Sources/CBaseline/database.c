#include "database.h"

#include <stdio.h>

int64_t baseline_cache_kibibytes(int64_t bytes) {
    return bytes / 1024;
}

sqlite3 *baseline_open(const char *path, int flags, char *message, size_t message_size) {
    sqlite3 *database = NULL;
    if (sqlite3_open_v2(path, &database, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        snprintf(message, message_size, "cannot open %s: %s", path, sqlite3_errmsg(database));
        sqlite3_close(database);
        return NULL;
    }
    return database;
}

bool baseline_execute(sqlite3 *database, const char *sql, char *message, size_t message_size) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
    snprintf(message, message_size, "%s: %s", sqlite3_errmsg(database), sql);
    return false;
}

bool baseline_copy_schema(sqlite3 *model, sqlite3 *database, char *message, size_t message_size) {
    // Tables before indexes: in the order of their making.
    const char *query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(model, query, -1, &statement, NULL) != SQLITE_OK) {
        snprintf(message, message_size, "cannot read the schema: %s", sqlite3_errmsg(model));
        return false;
    }
    bool is_copied = true;
    while (is_copied && sqlite3_step(statement) == SQLITE_ROW) {
        is_copied = baseline_execute(
            database, (const char *)sqlite3_column_text(statement, 0), message, message_size);
    }
    sqlite3_finalize(statement);
    return is_copied;
}

bool baseline_configure(
    sqlite3 *database, bool is_full, int64_t cache_bytes, char *message, size_t message_size) {
    char pragmas[256];
    snprintf(
        pragmas, sizeof pragmas,
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=%s; PRAGMA cache_size=-%lld; PRAGMA temp_store=MEMORY;",
        is_full ? "FULL" : "NORMAL", (long long)baseline_cache_kibibytes(cache_bytes));
    return baseline_execute(database, pragmas, message, message_size);
}
