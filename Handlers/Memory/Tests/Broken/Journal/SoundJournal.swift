internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

/// What the journals of one harness share, as the handlers of one file do: the entries, and what is known of them.
final class JournalDisk: Sendable {
    struct Record: Sendable {
        /// The last append that was carried out.
        var lastAppend: [AppendReceipt] = []
        /// The ids of the entries whose append was answered.
        var acknowledged: Set<EntryID> = []
        /// Whether a writer of another process stalls amid its transaction.
        var isStalled = false
    }

    let origin: OriginID
    let time: ManualTimeHandler
    let journal: MemoryJournalHandler
    let record = Mutexed(Record())

    init(_ origin: OriginID, time: ManualTimeHandler) {
        self.origin = origin
        self.time = time
        journal = MemoryJournalHandler(time: time, origin: origin)
    }
}

/// A journal that keeps every law: a memory journal with smaller limits, so that they are soon reached, whose process
/// may crash and whose data may be damaged.
///
/// Broken journals are made of it: they differ from it in one thing.
final class SoundJournal: JournalEffects {
    let disk: JournalDisk
    let capabilities: Capabilities
    let errors: HandlerErrors
    private let validation: JournalValidation
    private let damaged: Position?
    private let process: CrashingProcess

    /// Opens a journal.
    ///
    /// - Parameters:
    ///   - disk: What is stored.
    ///   - capabilities: What it keeps to; the limits are at most those of the memory journal.
    ///   - damaged: The entry whose bytes are damaged.
    init(_ disk: JournalDisk, _ capabilities: Capabilities, damaged: Position? = nil) {
        self.disk = disk
        self.capabilities = capabilities
        self.damaged = damaged
        validation = JournalValidation(handler: "broken", capabilities: capabilities)
        errors = validation.errors
        process = CrashingProcess(errors: validation.errors)
    }

    /// Ends the process: once this returns, calls that are under way change nothing any more.
    func crash() async {
        await process.crash()
    }

    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try errors.checkCancellation(in: "append")
        try validation.check(appends)
        let others = try process.begin("append")
        defer { process.end() }
        while disk.record.current.isStalled {
            await linger(1)
            try errors.checkCancellation(in: "append")
        }
        let receipts = try await disk.journal.append(appends)
        disk.record.withLock { $0.lastAppend = receipts }
        // Among others a receipt takes its time, and a crash may come before it.
        if others > 0 { await linger(1) } else { await Task.yield() }
        try process.checkAlive("append")
        disk.record.withLock { $0.acknowledged.formUnion(receipts.flatMap(\.ids)) }
        return receipts
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try validation.check(stream, in: "read")
        let size = try validation.pageSize(for: limit, in: "read")
        return try intact(
            await disk.journal.read(stream, from: revision, limit: size, backwards: backwards),
            in: "read"
        )
    }

    func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try validation.check(stream, in: "entry")
        let entry = try await disk.journal.entry(stream, id: id)
        _ = try intact([entry].compactMap(\.self), in: "entry")
        return entry
    }

    func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        let size = try validation.pageSize(for: limit, in: "readAll")
        return try intact(await disk.journal.readAll(after: position, limit: size), in: "readAll")
    }

    func subscribe(after position: Position) -> JournalSubscription {
        JournalSubscription(after: position) { [self] position throws(EffectError) in
            try await nextPage(after: position)
        }
    }

    /// The next page of a subscription; waits for it.
    func nextPage(after position: Position) async throws(EffectError) -> [JournalEntry] {
        var waiting = disk.journal.subscribe(after: position).makeAsyncIterator()
        _ = try await waiting.next()
        return try await readAll(after: position, limit: .max)
    }

    func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try errors.require(.snapshots, of: capabilities, in: "saveSnapshot")
        try validation.check(snapshot, in: "saveSnapshot")
        try await disk.journal.saveSnapshot(snapshot)
    }

    func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try errors.require(.snapshots, of: capabilities, in: "latestSnapshot")
        try validation.check(stream, in: "latestSnapshot")
        return try await disk.journal.latestSnapshot(of: stream)
    }

    func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try errors.require(.compaction, of: capabilities, in: "compact")
        try validation.check(stream, in: "compact")
        try await disk.journal.compact(stream, before: revision)
    }

    func frontier() async throws(EffectError) -> JournalFrontier {
        try await disk.journal.frontier()
    }

    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try errors.require(.replication, of: capabilities, in: "entries")
        let size = try validation.pageSize(for: limit, in: "entries")
        return try await disk.journal.entries(beyond: frontier, limit: size)
    }

    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        try errors.require(.replication, of: capabilities, in: "merge")
        try errors.checkCancellation(in: "merge")
        try validation.check(batch)
        return try await disk.journal.merge(batch)
    }

    func verify() async throws(EffectError) -> VerificationReport {
        var report = try await disk.journal.verify()
        if let damaged {
            report.problems.append(VerificationReport.Problem(position: damaged, message: "The entry is damaged."))
        }
        return report
    }

    private func intact(_ entries: [JournalEntry], in operation: String) throws(EffectError) -> [JournalEntry] {
        guard entries.contains(where: { $0.position == damaged }) else { return entries }
        throw errors.error(.corrupted, in: operation, "The entry is damaged: restore it from a copy.")
    }
}

/// A process that may end while calls are under way.
private final class CrashingProcess: Sendable {
    private struct State: Sendable {
        var hasCrashed = false
        var callsUnderWay = 0
    }

    private let errors: HandlerErrors
    private let state = Mutexed(State())

    init(errors: HandlerErrors) {
        self.errors = errors
    }

    /// Takes note that a call begins; says how many others are under way.
    func begin(_ operation: String) throws(EffectError) -> Int {
        let others: Int? = state.withLock { state in
            guard !state.hasCrashed else { return nil }
            state.callsUnderWay += 1
            return state.callsUnderWay - 1
        }
        guard let others else { throw errors.stopped(in: operation) }
        return others
    }

    func end() {
        state.withLock { $0.callsUnderWay -= 1 }
    }

    func checkAlive(_ operation: String) throws(EffectError) {
        guard state.current.hasCrashed else { return }
        throw errors.error(.unavailable, in: operation, "The process has crashed.", outcome: .unknown)
    }

    func crash() async {
        state.withLock { $0.hasCrashed = true }
        while state.current.callsUnderWay > 0 { await Task.yield() }
    }
}
