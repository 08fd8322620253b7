#include "journal.h"

// What a handler would compute: the baseline writes 32 and 8 bytes as wide, and computes nothing.
static const uint8_t stand_in_hash[32] = {
    0x9f, 0x3a, 0x51, 0xc7, 0x08, 0xe2, 0x74, 0xbd, 0x16, 0xf9, 0x2c, 0x85, 0x40, 0xda, 0x6b, 0x31,
    0xe7, 0x92, 0x5d, 0x0f, 0xa8, 0x43, 0xcc, 0x17, 0x6e, 0xb0, 0x29, 0xf4, 0x83, 0x5a, 0xd1, 0x38,
};
static const int64_t stand_in_checksum = 0x51c708e274bd16f9;

static bool run(sqlite3_stmt *statement) {
    bool is_done = sqlite3_step(statement) == SQLITE_DONE;
    return sqlite3_reset(statement) == SQLITE_OK && is_done;
}

static bool insert(
    baseline_journal *journal, int stream, const uint8_t *id, const uint8_t *payload, size_t payload_size) {
    sqlite3_stmt *statement = journal->insert;
    int64_t position = ++journal->position;
    sqlite3_bind_int64(statement, 1, position);
    sqlite3_bind_int64(statement, 2, stream + 1);
    sqlite3_bind_int64(statement, 3, journal->revisions[stream]++);
    sqlite3_bind_int64(statement, 4, 1);
    sqlite3_bind_int64(statement, 5, position);
    sqlite3_bind_blob(statement, 6, id, 16, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 7, (1700000000000LL << 16) + position);
    sqlite3_bind_int64(statement, 8, 1);
    sqlite3_bind_int64(statement, 9, 0);
    sqlite3_bind_blob(statement, 10, payload, (int)payload_size, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 11, stand_in_hash, sizeof stand_in_hash, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 12, stand_in_checksum);
    return run(statement);
}

bool baseline_journal_append(
    baseline_journal *journal, const uint8_t *ids, const uint8_t *payloads, size_t payload_size, size_t count,
    size_t per_transaction) {
    for (size_t first = 0; first < count; first += per_transaction) {
        size_t end = first + per_transaction < count ? first + per_transaction : count;
        int stream = (int)(journal->transactions++ % (uint64_t)journal->streams);
        // A statement outside a transaction is a transaction of its own, at less cost.
        bool is_one = end - first == 1;
        if (!is_one && !run(journal->begin)) return false;
        for (size_t i = first; i < end; i++) {
            if (!insert(journal, stream, ids + 16 * i, payloads + payload_size * i, payload_size)) return false;
        }
        if (!is_one && !run(journal->commit)) return false;
    }
    return true;
}
