#ifndef AURA_CPOSTGRESQL_SHIM_H
#define AURA_CPOSTGRESQL_SHIM_H

#include <libpq-fe.h>

#endif
