// What the same work costs with libpq alone, as a careful C programmer would write it by hand.

#ifndef AURA_CBASELINE_POSTGRESQL_H
#define AURA_CBASELINE_POSTGRESQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Each function connects by `connection`, a connection URL, and writes into `message` why it failed.

// Runs one or several statements.
bool baseline_postgresql_execute(const char *connection, const char *sql, char *message, size_t message_size);

// Copies `count` entries into `baseline.journal_entries` with COPY … BINARY, `per_transaction` entries each; the streams take
// turns. No hash is computed, nothing is looked up. `ids` holds 16 bytes an entry, `payloads` `payload_size` bytes an
// entry. `seconds` receives how long it took from the first to the last commit, without connecting.
bool baseline_postgresql_copy(
    const char *connection, const uint8_t *ids, const uint8_t *payloads, size_t payload_size, size_t count,
    size_t per_transaction, int streams, double *seconds, char *message, size_t message_size);

// Reads every column of every entry of `aura.journal_entries` in the order of positions, in binary format and single-row
// mode. Returns how many entries there are; negative on failure.
int64_t baseline_postgresql_read_all(const char *connection, double *seconds, char *message, size_t message_size);

#endif
