// Shared by the files of the journal's baseline.

#ifndef AURA_CBASELINE_JOURNAL_H
#define AURA_CBASELINE_JOURNAL_H

#include "CBaseline.h"

#include <sqlite3.h>

struct baseline_journal {
    sqlite3 *database;
    sqlite3_stmt *insert;
    sqlite3_stmt *begin;
    sqlite3_stmt *commit;
    int streams;
    int64_t position;
    uint64_t transactions;
    int64_t *revisions;
};

int64_t baseline_cache_kibibytes(int64_t bytes);

sqlite3 *baseline_open(const char *path, int flags, char *message, size_t message_size);

bool baseline_execute(sqlite3 *database, const char *sql, char *message, size_t message_size);

#endif
