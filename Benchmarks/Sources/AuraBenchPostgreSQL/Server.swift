internal import CBaselinePostgreSQL
internal import Glibc
internal import Measuring
internal import Synchronization

/// The PostgreSQL server that both sides are measured on: started with the first sample, stopped when this process ends.
struct Server {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static let script = "Handlers/PostgreSQL/Server/postgresql"

    /// The connection's URL, with the password.
    let url: String
    /// The folder that the server lies in.
    let folder: String

    /// Where this process has started a server.
    private static let started = Mutex<[String: Server]>([:])

    /// The server in a folder, started with the first call.
    static func shared(in folder: String) throws -> Server {
        try started.withLock { started in
            if let server = started[folder] { return server }
            let server = try Server(in: folder)
            started[folder] = server
            return server
        }
    }

    private init(in folder: String) throws {
        self.folder = "\(folder)/postgresql"
        guard access(Self.script, X_OK) == 0 else {
            throw Failure(description: "There is no \(Self.script) here: run it from the top of the repository.")
        }
        // With fsync on, as it is by default; enough log that no checkpoint falls into a sample of one side alone.
        let settings = ["shared_buffers=256MB", "max_wal_size=8GB", "checkpoint_timeout=30min"]
        let arguments =
            ["start", self.folder, "--owner", "\(getpid())"] + settings.flatMap { ["--setting", $0] }
        try ChildProcess(Self.script, arguments: arguments, isSilent: true).waitUntilEnded()
        let grant = ["sql", self.folder, "-c", "GRANT pg_checkpoint TO aura"]
        try ChildProcess(Self.script, arguments: grant, isSilent: true).waitUntilEnded()
        url = try Self.url(in: folder)
    }

    /// The URL of the server that runs in a folder.
    static func url(in folder: String) throws -> String {
        try read("\(folder)/postgresql/secrets/DATABASE_URL").filter { $0 != "\n" }
    }

    /// Runs SQL as the database's owner.
    func execute(_ sql: String) throws {
        try Self.withMessage { baseline_postgresql_execute(url, sql, $0, $1) ? true : nil }
    }

    /// An empty schema of ours is made by the handler; the baseline's table is like ours.
    func dropTables() throws {
        try execute(
            "SET client_min_messages = error; DROP SCHEMA IF EXISTS aura CASCADE; DROP SCHEMA IF EXISTS baseline CASCADE"
        )
        try execute("CHECKPOINT")
    }

    /// Makes the baseline's table like ours, with the same columns and indexes.
    func makeBaselineTable() throws {
        try execute(
            """
            CREATE SCHEMA baseline;
            CREATE TABLE baseline.journal_entries (LIKE aura.journal_entries INCLUDING ALL);
            CREATE SEQUENCE baseline.positions;
            """
        )
    }

    /// Calls C with room for a message, which is thrown where the result is `nil`.
    @discardableResult
    static func withMessage<Result>(_ body: (UnsafeMutablePointer<CChar>, Int) -> Result?) throws -> Result {
        var message = [CChar](repeating: 0, count: 512)
        let result = message.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { body($0, buffer.count) }
        }
        guard let result else {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw Failure(description: "The baseline failed: \(String(decoding: text, as: UTF8.self))")
        }
        return result
    }
}
