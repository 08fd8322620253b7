#if PostgreSQL
/// The versions of the tables, and how older ones are brought up to date.
///
/// A migration keeps older versions of the code working where it can: during a rolling update both work side by side.
/// ``compatibleFrom`` says which is the oldest that does.
struct PostgreSQLMigration {
    /// The oldest version of the code that works with the tables once this has run.
    var compatibleFrom: Int
    /// Run in order, in one transaction, with the schema in the search path.
    var statements: [String]

    /// Each element takes the tables from the version of its index to the next.
    static let all = [journal, storage, keyValues]

    /// The version that this code writes.
    static var currentVersion: Int { all.count }

    private static let journal = PostgreSQLMigration(
        compatibleFrom: 1,
        statements: [
            """
            CREATE TABLE journal_streams (
              number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              name bytea NOT NULL UNIQUE,
              floor bigint NOT NULL DEFAULT 0)
            """,
            """
            CREATE TABLE journal_origins (
              number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id uuid NOT NULL UNIQUE)
            """,
            """
            CREATE TABLE journal_kinds (
              number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name bytea NOT NULL UNIQUE)
            """,
            """
            CREATE TABLE journal_entries (
              position bigint PRIMARY KEY, stream bigint NOT NULL, revision bigint NOT NULL,
              origin integer NOT NULL, sequence bigint NOT NULL, id uuid NOT NULL, timestamp bigint NOT NULL,
              kind integer NOT NULL, is_compacted boolean NOT NULL, payload bytea NOT NULL, hash bytea NOT NULL,
              checksum bigint NOT NULL)
            """,
            "CREATE UNIQUE INDEX journal_entries_by_revision ON journal_entries (stream, revision)",
            "CREATE UNIQUE INDEX journal_entries_by_id ON journal_entries (origin, id, stream)",
            "CREATE UNIQUE INDEX journal_entries_by_sequence ON journal_entries (origin, sequence)",
            // One row, whose lock is held from an entry's position to its commit: positions come in the order of commits.
            """
            CREATE TABLE journal_head (
              singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
              version bigint NOT NULL, origin integer NOT NULL, position bigint NOT NULL, sequence bigint NOT NULL,
              hash bytea NOT NULL, clock bigint NOT NULL, highest_id uuid) WITH (fillfactor = 10)
            """,
            """
            CREATE TABLE journal_snapshots (
              stream bigint PRIMARY KEY, revision bigint NOT NULL, covers bytea NOT NULL, state bytea NOT NULL,
              checksum bigint NOT NULL)
            """,
        ]
    )

    private static let storage = PostgreSQLMigration(
        compatibleFrom: 1,
        statements: [
            """
            CREATE TABLE storage_values (
              key bytea PRIMARY KEY, revision bigint NOT NULL, checksum bigint NOT NULL, bytes bytea NOT NULL)
            """,
            "CREATE SEQUENCE storage_revisions",
        ]
    )

    private static let keyValues = PostgreSQLMigration(
        compatibleFrom: 1,
        statements: [
            """
            CREATE TABLE keyvalue_items (
              partition bytea NOT NULL, sort bytea NOT NULL, revision bigint NOT NULL, expires bigint NOT NULL,
              checksum bigint NOT NULL, item bytea NOT NULL, PRIMARY KEY (partition, sort))
            """,
            """
            CREATE INDEX keyvalue_items_by_expiry ON keyvalue_items (expires) WHERE expires < 9223372036854775807
            """,
            "CREATE SEQUENCE keyvalue_revisions",
        ]
    )
}
#endif
