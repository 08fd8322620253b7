#ifndef AURA_CSQLITE_SHIM_H
#define AURA_CSQLITE_SHIM_H

#include <sqlite3.h>

// sqlite3_config and sqlite3_db_config are variadic, which Swift cannot import.
static inline int aura_sqlite3_config_memstatus(int enabled) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, enabled);
}

static inline int aura_sqlite3_db_config_flag(sqlite3 *db, int option, int enabled) {
    int result = 0;
    return sqlite3_db_config(db, option, enabled, &result);
}

#endif
