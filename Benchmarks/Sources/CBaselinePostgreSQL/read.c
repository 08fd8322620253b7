#include "connection.h"

int64_t baseline_postgresql_read_all(const char *connection, double *seconds, char *message, size_t message_size) {
    PGconn *database = baseline_connect(connection, message, message_size);
    if (database == NULL) return -1;
    const char *query =
        "SELECT position, stream, revision, origin, sequence, id, timestamp, kind, is_compacted, payload, hash, checksum "
        "FROM aura.journal_entries ORDER BY position";
    double start = baseline_now();
    int64_t entries = 0;
    uint64_t sum = 0;
    bool is_done = PQsendQueryParams(database, query, 0, NULL, NULL, NULL, NULL, 1) == 1
        && PQsetSingleRowMode(database) == 1;
    PGresult *result;
    while ((result = PQgetResult(database)) != NULL) {
        if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
            entries++;
            for (int column = 0; column < 12; column++) {
                const char *value = PQgetvalue(result, 0, column);
                int size = PQgetlength(result, 0, column);
                for (int index = 0; index < size; index++) sum += (uint8_t)value[index];
            }
            PQclear(result);
        } else {
            is_done = baseline_is_done(database, result, message, message_size) && is_done;
        }
    }
    *seconds = baseline_now() - start;
    PQfinish(database);
    // The sum is used, so that none of the reading can be left out.
    return is_done && sum != 0 ? entries : -1;
}
