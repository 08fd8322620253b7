// Shared by the files of the journal's baseline.

#ifndef AURA_CBASELINE_JOURNAL_H
#define AURA_CBASELINE_JOURNAL_H

#include "database.h"

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

#endif
