#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import CSQLite
internal import Foundation
internal import Logging
internal import Testing

/// A folder that is removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("aura-sqlite-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

extension HandlerContext {
    /// A context with the system's clock and random source.
    static func system(
        time: any TimeEffects = SystemTimeHandler(),
        memory: ByteCount = .mebibytes(256)
    ) -> HandlerContext {
        HandlerContext(
            budget: ResourceBudget(memoryLimit: memory, cpuQuota: 0.3, ioQuota: .mebibytes(10)),
            time: time,
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
    }

    func journal(
        _ path: String,
        _ change: (inout SQLiteConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> SQLiteJournalHandler {
        var configuration = SQLiteConfiguration(path: path, budget: budget)
        change(&configuration)
        return try await SQLiteJournalHandler.open(configuration, self)
    }

    func storage(
        _ path: String,
        _ change: (inout SQLiteConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> SQLiteStorageHandler {
        var configuration = SQLiteConfiguration(path: path, budget: budget)
        change(&configuration)
        return try await SQLiteStorageHandler.open(configuration, self)
    }

    func draft(_ text: String) -> JournalEntry.Draft {
        JournalEntry.Draft(id: EntryID(time: time, random: random), kind: "test.appended/1", payload: Array(text.utf8))
    }
}

/// Runs SQL on a file behind the handlers' backs, as a careless user or another program might.
func execute(_ sql: String, on path: String) throws {
    var handle: OpaquePointer?
    defer { unsafe sqlite3_close_v2(handle) }
    try #require(unsafe sqlite3_open(path, &handle) == SQLITE_OK)
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    try #require(code == SQLITE_OK, "SQL failed: \(sql)")
}

/// The number that a query yields.
func integer(_ sql: String, on path: String) throws -> Int64 {
    var handle: OpaquePointer?
    var statement: OpaquePointer?
    defer {
        unsafe sqlite3_finalize(statement)
        unsafe sqlite3_close_v2(handle)
    }
    try #require(unsafe sqlite3_open(path, &handle) == SQLITE_OK)
    try #require(unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK)
    try #require(unsafe sqlite3_step(statement) == SQLITE_ROW)
    return unsafe sqlite3_column_int64(statement, 0)
}

/// The whole of a journal, page by page.
func allEntries(_ journal: some JournalEffects) async throws(EffectError) -> [JournalEntry] {
    var entries: [JournalEntry] = []
    while true {
        let page = try await journal.readAll(after: entries.last?.position ?? .start, limit: 1000)
        if page.isEmpty { return entries }
        entries += page
    }
}

/// The error that `body` throws.
func thrownError(_ body: () async throws(EffectError) -> Void) async -> EffectError? {
    do throws(EffectError) {
        try await body()
        return nil
    } catch {
        return error
    }
}

/// A worker process and what it printed so far.
final class WorkerProcess {
    private let process = Process()
    private let output: FileHandle
    private var pending = ""

    init(_ arguments: String...) throws {
        let pipe = Pipe()
        output = pipe.fileHandleForReading
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(fileURLWithPath: runner).deletingLastPathComponent()
        process.executableURL = folder.appendingPathComponent("journal-worker")
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.standardError
        try process.run()
    }

    /// The next line; `nil` at the end.
    func line() -> String? {
        while !pending.contains("\n") {
            let data = output.availableData
            if data.isEmpty { return nil }
            pending += String(decoding: data, as: UTF8.self)
        }
        let end = pending.firstIndex(of: "\n") ?? pending.endIndex
        defer { pending = String(pending[pending.index(after: end)...]) }
        return String(pending[..<end])
    }

    /// The next lines up to the first that begins with `prefix`, or up to the end.
    func lines(through prefix: String) -> [String] {
        var lines: [String] = []
        while let line = line() {
            lines.append(line)
            if line.hasPrefix(prefix) { break }
        }
        return lines
    }

    /// The lines that are left; a last one without its end was not reported.
    func remainingLines() -> [String] {
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        return lines
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
    }

    @discardableResult
    func waitForExit() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}
#endif
