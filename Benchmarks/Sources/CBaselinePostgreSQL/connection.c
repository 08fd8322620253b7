#include "connection.h"

#include <stdio.h>
#include <time.h>

PGconn *baseline_connect(const char *connection, char *message, size_t message_size) {
    PGconn *database = PQconnectdb(connection);
    if (PQstatus(database) == CONNECTION_OK) return database;
    snprintf(message, message_size, "%s", PQerrorMessage(database));
    PQfinish(database);
    return NULL;
}

bool baseline_is_done(PGconn *database, PGresult *result, char *message, size_t message_size) {
    ExecStatusType status = PQresultStatus(result);
    bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!is_done) snprintf(message, message_size, "%s", PQerrorMessage(database));
    PQclear(result);
    return is_done;
}

double baseline_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool baseline_postgresql_execute(const char *connection, const char *sql, char *message, size_t message_size) {
    PGconn *database = baseline_connect(connection, message, message_size);
    if (database == NULL) return false;
    bool is_done = baseline_is_done(database, PQexec(database, sql), message, message_size);
    PQfinish(database);
    return is_done;
}
