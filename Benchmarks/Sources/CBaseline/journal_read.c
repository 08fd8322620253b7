#include "journal.h"

#include <stdio.h>
#include <string.h>

static uint64_t sum_of_bytes(sqlite3_stmt *statement, int column) {
    const uint8_t *bytes = sqlite3_column_blob(statement, column);
    int count = sqlite3_column_bytes(statement, column);
    uint64_t sum = 0;
    for (int i = 0; i < count; i++) sum += bytes[i];
    return sum;
}

static uint64_t sum_of_row(sqlite3_stmt *statement) {
    uint64_t sum = 0;
    const int integers[] = {0, 1, 2, 3, 4, 6, 7, 8, 11};
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++) {
        sum += (uint64_t)sqlite3_column_int64(statement, integers[i]);
    }
    return sum + sum_of_bytes(statement, 5) + sum_of_bytes(statement, 9) + sum_of_bytes(statement, 10);
}

baseline_journal_total baseline_journal_read_all(
    const char *path, int64_t cache_bytes, char *message, size_t message_size) {
    baseline_journal_total total = {-1, 0};
    sqlite3 *database = baseline_open(path, SQLITE_OPEN_READWRITE, message, message_size);
    if (database == NULL) return total;

    char pragma[64];
    snprintf(
        pragma, sizeof pragma, "PRAGMA cache_size=-%lld", (long long)baseline_cache_kibibytes(cache_bytes));
    const char *query =
        "SELECT position, stream, revision, origin, sequence, id, timestamp, kind, is_compacted, payload, hash, checksum "
        "FROM journal_entries ORDER BY position";
    sqlite3_stmt *statement = NULL;
    if (baseline_execute(database, pragma, message, message_size)) {
        int status = sqlite3_prepare_v2(database, query, -1, &statement, NULL);
        int64_t entries = 0;
        if (status == SQLITE_OK) {
            while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
                total.sum += sum_of_row(statement);
                entries++;
            }
        }
        if (status == SQLITE_DONE) {
            total.entries = entries;
        } else {
            snprintf(message, message_size, "cannot read %s: %s", path, sqlite3_errmsg(database));
        }
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return total;
}
