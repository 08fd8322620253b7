#ifndef AURA_CBASELINE_POSTGRESQL_CONNECTION_H
#define AURA_CBASELINE_POSTGRESQL_CONNECTION_H

#include "CBaselinePostgreSQL.h"

#include <libpq-fe.h>

PGconn *baseline_connect(const char *connection, char *message, size_t message_size);

// Whether a result is as it should be; clears it.
bool baseline_is_done(PGconn *database, PGresult *result, char *message, size_t message_size);

double baseline_now(void);

#endif
