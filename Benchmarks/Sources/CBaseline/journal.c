#include "journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char columns[] =
    "position, stream, revision, origin, sequence, id, timestamp, kind, is_compacted, payload, hash, checksum";

// Whether the model's table of entries has exactly the columns that the baseline fills in.
static bool has_known_columns(sqlite3 *model, char *message, size_t message_size) {
    char found[1024] = "";
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(
            model, "SELECT group_concat(name, ', ') FROM pragma_table_info('journal_entries')", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0) != NULL) {
        snprintf(found, sizeof found, "%s", (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    if (strcmp(found, columns) == 0) return true;
    snprintf(
        message, message_size, "journal_entries has the columns '%s'; the baseline fills in '%s': bring it up to date",
        found, columns);
    return false;
}

static bool fill_names(baseline_journal *journal, char *message, size_t message_size) {
    char sql[256];
    if (!baseline_execute(journal->database, "BEGIN IMMEDIATE", message, message_size)) return false;
    for (int stream = 1; stream <= journal->streams; stream++) {
        snprintf(
            sql, sizeof sql,
            "INSERT INTO journal_streams (number, name) VALUES (%d, CAST('stream-%d' AS BLOB))", stream, stream);
        if (!baseline_execute(journal->database, sql, message, message_size)) return false;
    }
    return baseline_execute(
               journal->database, "INSERT INTO journal_origins (number, id, is_local) VALUES (1, zeroblob(16), 1)",
               message, message_size) &&
        baseline_execute(
               journal->database, "INSERT INTO journal_kinds (number, name) VALUES (1, CAST('bench.entry/1' AS BLOB))",
               message, message_size) &&
        baseline_execute(journal->database, "COMMIT", message, message_size);
}

static bool prepare(baseline_journal *journal, char *message, size_t message_size) {
    char sql[512];
    snprintf(
        sql, sizeof sql, "INSERT INTO journal_entries (%s) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)", columns);
    const unsigned flags = SQLITE_PREPARE_PERSISTENT;
    sqlite3 *database = journal->database;
    if (sqlite3_prepare_v3(database, sql, -1, flags, &journal->insert, NULL) == SQLITE_OK &&
        sqlite3_prepare_v3(database, "BEGIN IMMEDIATE", -1, flags, &journal->begin, NULL) == SQLITE_OK &&
        sqlite3_prepare_v3(database, "COMMIT", -1, flags, &journal->commit, NULL) == SQLITE_OK) {
        return true;
    }
    snprintf(message, message_size, "cannot prepare: %s", sqlite3_errmsg(database));
    return false;
}

baseline_journal *baseline_journal_create(
    const baseline_journal_options *options, char *message, size_t message_size) {
    baseline_journal *journal = calloc(1, sizeof *journal);
    sqlite3 *model = baseline_open(options->model, SQLITE_OPEN_READWRITE, message, message_size);
    if (journal != NULL && model != NULL) {
        journal->streams = options->streams;
        journal->revisions = calloc((size_t)options->streams, sizeof *journal->revisions);
        journal->database =
            baseline_open(options->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, message, message_size);
    }
    bool is_ready = journal != NULL && journal->revisions != NULL && journal->database != NULL &&
        has_known_columns(model, message, message_size) &&
        baseline_configure(journal->database, options->is_full, options->cache_bytes, message, message_size) &&
        baseline_copy_schema(model, journal->database, message, message_size) &&
        fill_names(journal, message, message_size) && prepare(journal, message, message_size);
    sqlite3_close(model);
    if (is_ready) return journal;
    baseline_journal_close(journal);
    return NULL;
}

void baseline_journal_close(baseline_journal *journal) {
    if (journal == NULL) return;
    sqlite3_finalize(journal->insert);
    sqlite3_finalize(journal->begin);
    sqlite3_finalize(journal->commit);
    sqlite3_close(journal->database);
    free(journal->revisions);
    free(journal);
}

const char *baseline_journal_message(const baseline_journal *journal) {
    return sqlite3_errmsg(journal->database);
}
