internal import AuraConformance
internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import AuraSimulation
internal import Synchronization
internal import Testing

@testable internal import AuraSQLite

/// The handlers of a harness, each on a simulated disk that it may share with others.
private final class DiskHandlers<Handler: Sendable>: Sendable {
    struct Opened: Sendable {
        var handler: any AnyObject & Sendable
        var machine: DiskMachine
        var context: HandlerContext
        var close: @Sendable () async -> Void
    }

    private let seed: UInt64
    private let state = Mutex((count: UInt64(0), open: [Opened]()))

    init(seed: UInt64) {
        self.seed = seed
    }

    /// An empty disk of its own.
    func newMachine(time: any TimeEffects) -> DiskMachine {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        return DiskMachine(seed: seed &* 1000 &+ number, time: time)
    }

    func add(_ opened: Opened) {
        state.withLock { $0.open.append(opened) }
    }

    func opened(_ handler: any Sendable) throws -> Opened {
        try #require(state.withLock { state in state.open.first { $0.handler === handler as AnyObject } })
    }

    func finish() async {
        for opened in state.withLock({ $0.open }) { await opened.close() }
    }
}

/// Makes journals of SQLite on simulated disks, and lets the power fail under them.
final class DiskJournalHarness: JournalDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness,
    StallingHarness, ClockSteppingHarness
{
    typealias Handler = any JournalEffects

    private let handlers: DiskHandlers<any JournalEffects>
    private let clock = SteppedTime()

    init(seed: UInt64) {
        handlers = DiskHandlers(seed: seed)
    }

    var capabilities: Capabilities {
        SQLiteJournalHandler.capabilities(
            of: SQLiteConfiguration(path: "", budget: DiskMachine(seed: 0).context().budget)
        )
    }

    func make() async throws -> any JournalEffects {
        let machine = handlers.newMachine(time: clock)
        return try await open(machine, machine.context())
    }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let opened = try handlers.opened(handler)
        await opened.close()
        return try await open(opened.machine, opened.context)
    }

    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let machine = try handlers.opened(handler).machine
        machine.disk.crash()
        return try await open(machine, machine.context())
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let opened = try handlers.opened(handler)
        return try await open(opened.machine, opened.context)
    }

    func stalling(_ handler: any JournalEffects, while body: @Sendable () async throws -> Void) async throws {
        let connection = try connection(to: try handlers.opened(handler).context)
        try connection.execute("BEGIN IMMEDIATE")
        defer { connection.rollBack() }
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
        let opened = try handlers.opened(journal)
        await opened.close()
        let change =
            switch part {
            case .payload: "payload = CAST(substr(payload, 2) || x'ff' AS BLOB)"
            case .timestamp: "timestamp = timestamp + 1"
            // Whatever its first byte is, it becomes another.
            case .hash: "hash = CAST(iif(substr(hash, 1, 1) = x'00', x'01', x'00') || substr(hash, 2) AS BLOB)"
            case .revision: "revision = revision + 100"
            case .position: "position = position + 100"
            }
        try connection(to: opened.context)
            .execute("UPDATE journal_entries SET \(change) WHERE position = \(entry.position)")
        return try await open(opened.machine, opened.context)
    }

    func finish() async {
        await handlers.finish()
    }

    private func connection(to context: HandlerContext) throws -> SQLiteConnection {
        let vfs = context.databaseFiles.vfs
        return try SQLiteConnection(path: HandlerContext.journalPath, access: .readWriteCreate, vfs: vfs)
    }

    private func open(_ machine: DiskMachine, _ context: HandlerContext) async throws -> any JournalEffects {
        let handler = try await context.journal()
        handlers.add(.init(handler: handler, machine: machine, context: context) { await handler.close() })
        return handler
    }
}

/// Makes storages of SQLite or of files on simulated disks, and lets the power fail under them.
final class DiskStorageHarness: StorageDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness {
    typealias Handler = any StorageEffects

    enum Technology: String, CaseIterable {
        case sqlite, files
        /// Files with a checkpoint on nearly every write.
        case filesCheckpointing
    }

    private let technology: Technology
    private let handlers: DiskHandlers<any StorageEffects>

    init(_ technology: Technology, seed: UInt64) {
        self.technology = technology
        handlers = DiskHandlers(seed: seed)
    }

    var capabilities: Capabilities {
        let budget = DiskMachine(seed: 0).context().budget
        return switch technology {
        case .sqlite: SQLiteStorageHandler.capabilities(of: SQLiteConfiguration(path: "", budget: budget))
        case .files, .filesCheckpointing:
            FileSystemStorageHandler.capabilities(of: FileSystemConfiguration(path: "", budget: budget))
        }
    }

    func make() async throws -> any StorageEffects {
        let machine = handlers.newMachine(time: SteppedTime())
        return try await open(machine, machine.context())
    }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let opened = try handlers.opened(handler)
        await opened.close()
        return try await open(opened.machine, opened.context)
    }

    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let machine = try handlers.opened(handler).machine
        machine.disk.crash()
        return try await open(machine, machine.context())
    }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let opened = try handlers.opened(handler)
        return try await open(opened.machine, opened.context)
    }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        let value = try #require(try await storage.read(key))
        let opened = try handlers.opened(storage)
        await opened.close()
        switch technology {
        case .sqlite:
            let name = key.text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            let path = HandlerContext.storagePath + ".db"
            let vfs = opened.context.databaseFiles.vfs
            try SQLiteConnection(path: path, access: .readWriteCreate, vfs: vfs)
                .execute(
                    "UPDATE storage_values SET bytes = CAST(substr(bytes, 2) || x'ff' AS BLOB) WHERE key = x'\(name)'"
                )
        case .files, .filesCheckpointing:
            let disk = opened.machine.disk
            let files = disk.paths.filter { disk.contents(of: $0)?.ends(with: value.bytes) == true }
            try #require(files.count == 1)
            #expect(disk.flipBit(of: files[0], at: (disk.contents(of: files[0])?.count ?? 0) - 1))
        }
        return try await open(opened.machine, opened.context)
    }

    func finish() async {
        await handlers.finish()
    }

    private func open(_ machine: DiskMachine, _ context: HandlerContext) async throws -> any StorageEffects {
        switch technology {
        case .sqlite:
            let handler = try await context.sqliteStorage()
            handlers.add(.init(handler: handler, machine: machine, context: context) { await handler.close() })
            return handler
        case .files, .filesCheckpointing:
            let handler = try await context.fileStorage { configuration in
                if technology == .filesCheckpointing { configuration.log = .kibibytes(1) }
            }
            handlers.add(.init(handler: handler, machine: machine, context: context) { await handler.close() })
            return handler
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with bytes: [UInt8]) -> Bool {
        count >= bytes.count && self[(count - bytes.count)...].elementsEqual(bytes)
    }
}
