// What the baselines share: opening and setting up a database.

#ifndef AURA_CBASELINE_DATABASE_H
#define AURA_CBASELINE_DATABASE_H

#include "CBaseline.h"

#include <sqlite3.h>

int64_t baseline_cache_kibibytes(int64_t bytes);

sqlite3 *baseline_open(const char *path, int flags, char *message, size_t message_size);

bool baseline_execute(sqlite3 *database, const char *sql, char *message, size_t message_size);

// Makes the tables and indexes of `model` in `database`.
bool baseline_copy_schema(sqlite3 *model, sqlite3 *database, char *message, size_t message_size);

// Sets journal mode, synchronous and the page cache.
bool baseline_configure(
    sqlite3 *database, bool is_full, int64_t cache_bytes, char *message, size_t message_size);

#endif
