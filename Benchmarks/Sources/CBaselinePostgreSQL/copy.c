#include "connection.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

// The binary format of COPY: https://www.postgresql.org/docs/15/sql-copy.html

static uint8_t *put(uint8_t *at, const void *bytes, size_t size) {
    memcpy(at, bytes, size);
    return at + size;
}

static uint8_t *put_int16(uint8_t *at, uint16_t value) {
    uint16_t bytes = htons(value);
    return put(at, &bytes, sizeof bytes);
}

static uint8_t *put_int32(uint8_t *at, uint32_t value) {
    uint32_t bytes = htonl(value);
    return put(at, &bytes, sizeof bytes);
}

static uint8_t *put_int64_field(uint8_t *at, uint64_t value) {
    uint64_t bytes = htobe64(value);
    return put(put_int32(at, sizeof bytes), &bytes, sizeof bytes);
}

static uint8_t *put_int32_field(uint8_t *at, uint32_t value) {
    return put_int32(put_int32(at, sizeof value), value);
}

static uint8_t *put_field(uint8_t *at, const void *bytes, size_t size) {
    return put(put_int32(at, (uint32_t)size), bytes, size);
}

static uint8_t *put_entry(
    uint8_t *at, uint64_t position, uint64_t stream, uint64_t revision, const uint8_t *id, const uint8_t *payload,
    size_t payload_size) {
    static const uint8_t hash[32] = {1};
    static const uint8_t is_compacted = 0;
    at = put_int16(at, 12);
    at = put_int64_field(at, position);
    at = put_int64_field(at, stream);
    at = put_int64_field(at, revision);
    at = put_int32_field(at, 1);
    at = put_int64_field(at, position);
    at = put_field(at, id, 16);
    at = put_int64_field(at, position);
    at = put_int32_field(at, 1);
    at = put_field(at, &is_compacted, 1);
    at = put_field(at, payload, payload_size);
    at = put_field(at, hash, sizeof hash);
    return put_int64_field(at, position);
}

bool baseline_postgresql_copy(
    const char *connection, const uint8_t *ids, const uint8_t *payloads, size_t payload_size, size_t count,
    size_t per_transaction, int streams, double *seconds, char *message, size_t message_size) {
    static const uint8_t signature[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
    static const uint8_t trailer[2] = {0xff, 0xff};
    PGconn *database = baseline_connect(connection, message, message_size);
    if (database == NULL) return false;
    size_t batch = 32 + per_transaction * (payload_size + 192);
    uint8_t *buffer = malloc(batch);
    uint64_t *revisions = calloc((size_t)streams, sizeof *revisions);
    double start = baseline_now();
    bool is_done = true;
    for (size_t first = 0; is_done && first < count; first += per_transaction) {
        size_t stream = first / per_transaction % (size_t)streams;
        PGresult *begun = PQexec(database, "COPY baseline.journal_entries FROM STDIN (FORMAT binary)");
        is_done = PQresultStatus(begun) == PGRES_COPY_IN;
        PQclear(begun);
        uint8_t *at = put(buffer, signature, sizeof signature);
        for (size_t index = first; index < first + per_transaction && index < count; index++) {
            at = put_entry(
                at, index + 1, stream + 1, revisions[stream]++, ids + index * 16, payloads + index * payload_size,
                payload_size);
        }
        at = put(at, trailer, sizeof trailer);
        is_done = is_done && PQputCopyData(database, (const char *)buffer, (int)(at - buffer)) == 1
            && PQputCopyEnd(database, NULL) == 1
            && baseline_is_done(database, PQgetResult(database), message, message_size)
            && PQgetResult(database) == NULL;
    }
    *seconds = baseline_now() - start;
    free(buffer);
    free(revisions);
    PQfinish(database);
    return is_done;
}
