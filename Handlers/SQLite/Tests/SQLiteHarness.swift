#if SQLite
internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import CSQLite
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

/// Makes journals on SQLite files, opens them again, copies them as a crash leaves them, and damages them.
final class SQLiteJournalHarness: JournalDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness,
    StallingHarness, ClockSteppingHarness
{
    typealias Handler = any JournalEffects

    private let files: HarnessFiles<SQLiteJournalHandler>
    private let clock = SteppedTime()
    private let synchronous: SQLiteConfiguration.Synchronous

    init(synchronous: SQLiteConfiguration.Synchronous = .full) throws {
        self.synchronous = synchronous
        files = try HarnessFiles()
    }

    var capabilities: Capabilities {
        var configuration = SQLiteConfiguration(path: "", budget: HandlerContext.system().budget)
        configuration.synchronous = synchronous
        return SQLiteJournalHandler.capabilities(of: configuration)
    }

    func make() async throws -> any JournalEffects {
        try await open(files.newPath())
    }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let path = try files.take(handler)
        await path.handler.close()
        return try await open(path.path)
    }

    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(files.copyAsCrashed(handler))
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(files.path(of: handler))
    }

    func stalling(_ handler: any JournalEffects, while body: @Sendable () async throws -> Void) async throws {
        let lock = try LockHolder(files.path(of: handler))
        defer { lock.release() }
        try await body()
    }

    func stepWallClock(by duration: Duration) async throws {
        clock.step(by: duration)
    }

    func damage(
        _ journal: any JournalEffects,
        _ part: JournalEntryPart,
        of entry: JournalEntry
    ) async throws -> any JournalEffects {
        let (path, handler) = try files.take(journal)
        await handler.close()
        let change =
            switch part {
            case .payload: "payload = CAST(substr(payload, 2) || x'ff' AS BLOB)"
            case .timestamp: "timestamp = timestamp + 1"
            // Whatever its first byte is, it becomes another.
            case .hash: "hash = CAST(iif(substr(hash, 1, 1) = x'00', x'01', x'00') || substr(hash, 2) AS BLOB)"
            case .revision: "revision = revision + 100"
            case .position: "position = position + 100"
            }
        try execute("UPDATE journal_entries SET \(change) WHERE position = \(entry.position)", on: path)
        return try await open(path)
    }

    func finish() async {
        for handler in files.all() { await handler.close() }
    }

    private func open(_ path: String) async throws -> any JournalEffects {
        var context = HandlerContext.system(time: clock)
        // A crashed journal is a copy, and each warns of what a copy may lead to.
        context.logger.logLevel = .error
        let handler = try await context.journal(path) { $0.synchronous = synchronous }
        files.add(handler, path)
        return handler
    }
}

/// Makes storages on SQLite files, opens them again, copies them as a crash leaves them, and damages them.
final class SQLiteStorageHarness: StorageDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness {
    typealias Handler = any StorageEffects

    private let files: HarnessFiles<SQLiteStorageHandler>

    init() throws {
        files = try HarnessFiles()
    }

    var capabilities: Capabilities {
        SQLiteStorageHandler.capabilities(of: SQLiteConfiguration(path: "", budget: HandlerContext.system().budget))
    }

    func make() async throws -> any StorageEffects {
        try await open(files.newPath())
    }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let path = try files.take(handler)
        await path.handler.close()
        return try await open(path.path)
    }

    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await open(files.copyAsCrashed(handler))
    }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try await open(files.path(of: handler))
    }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        let (path, handler) = try files.take(storage)
        await handler.close()
        let name = key.text.utf8.map { String(format: "%02x", $0) }.joined()
        try execute(
            "UPDATE storage_values SET bytes = CAST(substr(bytes, 2) || x'ff' AS BLOB) WHERE key = x'\(name)'",
            on: path
        )
        return try await open(path)
    }

    func finish() async {
        for handler in files.all() { await handler.close() }
    }

    private func open(_ path: String) async throws -> any StorageEffects {
        let handler = try await HandlerContext.system().storage(path)
        files.add(handler, path)
        return handler
    }
}

/// The files of a harness and the handlers that are open on them.
final class HarnessFiles<Handler: AnyObject & Sendable>: Sendable {
    private struct State {
        var count = 0
        var open: [(handler: Handler, path: String)] = []
    }

    private let folder: TemporaryFolder
    private let state = Mutex(State())

    init() throws {
        folder = try TemporaryFolder()
    }

    func newPath() -> String {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        return folder.file("\(number)/data.db")
    }

    func add(_ handler: Handler, _ path: String) {
        state.withLock { $0.open.append((handler, path)) }
    }

    func all() -> [Handler] {
        state.withLock { $0.open.map(\.handler) }
    }

    func path(of handler: any Sendable) throws -> String {
        try #require(state.withLock { state in state.open.first { $0.handler === handler as AnyObject }?.path })
    }

    func take(_ handler: any Sendable) throws -> (path: String, handler: Handler) {
        let found = try #require(
            state.withLock { state in
                state.open.firstIndex { $0.handler === handler as AnyObject }.map { state.open.remove(at: $0) }
            }
        )
        return (found.path, found.handler)
    }

    /// Copies the file and its log while the write lock keeps both as they are.
    func copyAsCrashed(_ handler: any Sendable) throws -> String {
        let path = try path(of: handler)
        let copy = newPath()
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: copy).deletingLastPathComponent().path,
            withIntermediateDirectories: true
        )
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
}

/// The system's clocks with a wall clock that a law may step.
final class SteppedTime: TimeEffects {
    private let system = HandlerContext.system().time
    private let offset = Mutex(Duration.zero)

    var capabilities: Capabilities { system.capabilities }

    var now: WallTime {
        var now = system.now
        let (seconds, attoseconds) = offset.withLock { $0 }.components
        now.nanosecondsSinceEpoch += seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return now
    }

    var monotonicNow: MonotonicInstant { system.monotonicNow }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await system.sleep(until: deadline)
    }

    func step(by duration: Duration) {
        offset.withLock { $0 += duration }
    }
}
#endif
