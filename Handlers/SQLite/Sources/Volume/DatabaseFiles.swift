#if SQLite
internal import AuraRuntime

/// What has to be done to database files beside SQLite: on the machine's file system or on a volume.
protocol DatabaseFiles: Sendable {
    /// What SQLite reaches the files through; `nil` for its own file system.
    var vfs: SQLiteVFS? { get }

    /// Makes missing folders (0700) and the file (0600), so that what SQLite puts beside it gets the same mode.
    ///
    /// A file or folder that exists keeps its mode. What cannot be made is left to SQLite to report.
    func prepare(_ path: String)

    /// What tells a file from its copies: its number in its file system; `nil` where it cannot be looked at.
    func number(of path: String) -> UInt64?

    /// Moves a database over another one and makes that durable.
    ///
    /// A log that the other one left behind goes first: it would be played back into the new one.
    func replace(_ path: String, with newPath: String) -> Bool

    /// Moves a database over another one, which is kept under a name of its own together with its log.
    ///
    /// At every moment one of the two stands at `path`: an application that opens it just now makes no new one.
    func exchange(_ path: String, with newPath: String, keepingAs keptPath: String?) -> Bool

    /// Removes a file and what SQLite keeps beside it.
    func remove(_ path: String)

    /// Keeps every connection of others away from a database file for as long as what it returns is there.
    func lock(_ path: String) throws(SQLiteFileLock.Failure) -> any Sendable
}

extension DatabaseFiles {
    /// The name, with a number behind it where there is such a file already.
    func freeName(_ path: String) -> String {
        var name = path
        var count = 1
        while number(of: name) != nil {
            count += 1
            name = "\(path)-\(count)"
        }
        return name
    }
}

extension HandlerContext {
    /// The files of databases where this context has them.
    var databaseFiles: any DatabaseFiles {
        volume.map { VolumeDatabaseFiles(SQLiteVFS.on($0)) } ?? MachineDatabaseFiles()
    }
}

/// What SQLite puts beside a database file, by what its name ends with.
let databaseCompanions = ["-wal", "-shm", "-journal"]
#endif
