#if SQLite
internal import AuraEffects

/// The tables of journal, storage and key-values, and how older files are brought up to date.
///
/// `PRAGMA application_id` marks a file as Aura's, `PRAGMA user_version` holds its schema's version.
enum SQLiteSchema {
    /// "Aura" in ASCII.
    static let applicationID: Int64 = 0x4175_7261

    /// The version that this code writes.
    static var currentVersion: Int64 { Int64(migrations.count) }

    /// Each element takes a file from the version of its index to the next.
    static let migrations = [
        """
        CREATE TABLE journal_streams (
          number INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, floor INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE journal_origins (
          number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, is_local INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE journal_kinds (number INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);
        CREATE TABLE journal_entries (
          position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL,
          origin INTEGER NOT NULL, sequence INTEGER NOT NULL, id BLOB NOT NULL, timestamp INTEGER NOT NULL,
          kind INTEGER NOT NULL, is_compacted INTEGER NOT NULL, payload BLOB NOT NULL, hash BLOB NOT NULL,
          checksum INTEGER NOT NULL);
        CREATE UNIQUE INDEX journal_entries_by_revision ON journal_entries (stream, revision);
        CREATE UNIQUE INDEX journal_entries_by_id ON journal_entries (origin, id, stream);
        CREATE UNIQUE INDEX journal_entries_by_sequence ON journal_entries (origin, sequence);
        CREATE TABLE journal_snapshots (
          stream INTEGER PRIMARY KEY, revision INTEGER NOT NULL, covers BLOB NOT NULL, state BLOB NOT NULL,
          checksum INTEGER NOT NULL);
        CREATE TABLE storage_values (
          key BLOB PRIMARY KEY, revision INTEGER NOT NULL, size INTEGER NOT NULL, checksum INTEGER NOT NULL,
          bytes BLOB NOT NULL);
        CREATE TABLE storage_counter (last_revision INTEGER NOT NULL);
        INSERT INTO storage_counter VALUES (0);
        """,
        // The file that the journal was last written in, so that a copy is noticed.
        """
        CREATE TABLE journal_home (file INTEGER NOT NULL);
        """,
        """
        CREATE TABLE keyvalue_items (
          partition BLOB NOT NULL, sort BLOB NOT NULL, revision INTEGER NOT NULL, expires INTEGER NOT NULL,
          checksum INTEGER NOT NULL, item BLOB NOT NULL);
        CREATE UNIQUE INDEX keyvalue_items_by_key ON keyvalue_items (partition, sort);
        CREATE INDEX keyvalue_items_by_expiry ON keyvalue_items (expires) WHERE expires < 9223372036854775807;
        CREATE TABLE keyvalue_counter (last_revision INTEGER NOT NULL);
        INSERT INTO keyvalue_counter VALUES (0);
        """,
    ]

    /// Refuses a file that this code cannot use.
    static func check(_ connection: SQLiteConnection, at place: SQLitePlace) throws(EffectError) -> Int64 {
        let (application, version, tables) = try place.mapping { () throws(SQLiteFailure) in
            (
                try connection.integer("PRAGMA application_id") ?? 0,
                try connection.integer("PRAGMA user_version") ?? 0,
                try connection.integer("SELECT count(*) FROM sqlite_master") ?? 0
            )
        }
        if application != applicationID, application != 0 || tables != 0 {
            throw place.error(
                .invalidArgument,
                "\(place.file): the database belongs to another application; name another path."
            )
        }
        if version > currentVersion {
            throw place.error(
                .unsupported,
                "\(place.file): the database has schema \(version), from a newer version of Aura; this one knows "
                    + "schemas up to \(currentVersion). Update the application."
            )
        }
        return version
    }

    /// Brings the file up to date; inside a write transaction, where the version is read again.
    static func migrate(_ connection: SQLiteConnection, at place: SQLitePlace) throws(EffectError) {
        let version = try check(connection, at: place)
        try place.mapping { () throws(SQLiteFailure) in
            for migration in migrations[Int(version)...] { try connection.execute(migration) }
            try connection.execute("PRAGMA application_id = \(applicationID)")
            try connection.execute("PRAGMA user_version = \(currentVersion)")
        }
    }
}
#endif
