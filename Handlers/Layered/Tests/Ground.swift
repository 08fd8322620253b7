internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Foundation
internal import Synchronization
internal import Testing

#if SQLite
internal import AuraSQLite
internal import CSQLite
#endif

/// What layered storage stands on in a test.
protocol StorageGround: Sendable {
    /// Where the data of one storage or journal lies.
    associatedtype Place: Sendable

    var storageCapabilities: Capabilities { get }

    func newPlace() -> Place
    func storage(_ place: Place) async throws -> ManagedHandler<any StorageEffects>
}

/// A ground whose data can be copied as a crash leaves them.
protocol CrashingGround: StorageGround {
    func copyAsCrashed(_ place: Place) async throws -> Place
}

/// What layered handlers stand on in a test.
protocol Ground: StorageGround {
    var journalCapabilities: Capabilities { get }

    func journal(_ place: Place) async throws -> ManagedHandler<any JournalEffects>
}

/// Memory: the handlers themselves are the data.
struct MemoryGround: Ground {
    struct Place {
        var storage = MemoryStorageHandler()
        var journal = MemoryJournalHandler(time: HandlerContext.system.time, random: HandlerContext.system.random)
    }

    var storageCapabilities: Capabilities { MemoryStorageHandler.capabilities }
    var journalCapabilities: Capabilities { MemoryJournalHandler.capabilities }

    func newPlace() -> Place { Place() }
    func storage(_ place: Place) async throws -> ManagedHandler<any StorageEffects> { ManagedHandler(place.storage) }
    func journal(_ place: Place) async throws -> ManagedHandler<any JournalEffects> { ManagedHandler(place.journal) }
}

#if SQLite
/// Files of SQLite, which can be copied as a crash leaves them and damaged.
final class SQLiteGround: Ground, CrashingGround {
    private let folder: TemporaryFolder
    private let count = Mutex(0)

    init() throws {
        folder = try TemporaryFolder()
    }

    func configuration(_ path: String) -> SQLiteConfiguration {
        SQLiteConfiguration(path: path, budget: HandlerContext.system.budget)
    }

    var storageCapabilities: Capabilities { SQLiteStorageHandler.capabilities(of: configuration("")) }
    var journalCapabilities: Capabilities { SQLiteJournalHandler.capabilities(of: configuration("")) }

    func newPlace() -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "\(folder.path)/\(number).db"
    }

    func storage(_ path: String) async throws -> ManagedHandler<any StorageEffects> {
        let handler = try await SQLiteStorageHandler.open(configuration(path), .system)
        return ManagedHandler(handler) { await handler.close() }
    }

    func journal(_ path: String) async throws -> ManagedHandler<any JournalEffects> {
        let handler = try await SQLiteJournalHandler.open(configuration(path), .system)
        return ManagedHandler(handler) { await handler.close() }
    }

    /// Copies a file and its log while the write lock keeps both as they are.
    func copyAsCrashed(_ path: String) throws -> String {
        let copy = newPlace()
        var lock: OpaquePointer?
        defer { unsafe sqlite3_close_v2(lock) }
        try #require(unsafe sqlite3_open(path, &lock) == SQLITE_OK)
        // The lock is free for moments only while writers are busy: SQLite's own handler looks for it too rarely.
        unsafe sqlite3_busy_handler(
            lock,
            { _, count in
                usleep(500)
                return count < 60_000 ? 1 : 0
            },
            nil
        )
        try #require(unsafe sqlite3_exec(lock, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK)
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        return copy
    }

    /// Changes the first byte of a value of a storage.
    func damage(_ path: String, key: String) throws {
        let change = "bytes = CAST(substr(bytes, 2) || x'ff' AS BLOB)"
        try execute("UPDATE storage_values SET \(change) WHERE key = x'\(hexadecimal(key))'", on: path)
    }

    /// Changes the first byte of the last entry of a journal's stream.
    func damage(_ path: String, stream: String) throws {
        let change = "payload = CAST(substr(payload, 2) || x'ff' AS BLOB)"
        let last = """
            SELECT max(position) FROM journal_entries JOIN journal_streams ON number = stream
            WHERE name = x'\(hexadecimal(stream))'
            """
        try execute("UPDATE journal_entries SET \(change) WHERE position = (\(last))", on: path)
    }

    private func hexadecimal(_ text: String) -> String {
        text.utf8.map { String(format: "%02x", $0) }.joined()
    }

    private func execute(_ sql: String, on path: String) throws {
        var handle: OpaquePointer?
        defer { unsafe sqlite3_close_v2(handle) }
        try #require(unsafe sqlite3_open(path, &handle) == SQLITE_OK)
        try #require(unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "SQL failed: \(sql)")
        try #require(unsafe sqlite3_changes(handle) == 1, "Nothing was changed by: \(sql)")
    }
}
#endif
