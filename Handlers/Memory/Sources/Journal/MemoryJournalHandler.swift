public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A journal in memory: the model that other journal handlers are compared with.
///
/// An operation holds one lock; nothing survives the process.
public final class MemoryJournalHandler: JournalEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// What every memory journal declares.
    public static let capabilities = Capabilities(
        [.snapshots, .compaction, .replication],
        limits: [
            .streamNameBytes: 1024,
            .payloadBytes: ByteCount.mebibytes(16).bytes,
            .appendEntries: 10_000,
            .pageElements: 10_000,
            .snapshotBytes: ByteCount.mebibytes(64).bytes,
        ]
    )

    private static let subscriptionPageSize = 256

    private let validation: JournalValidation
    private let time: any TimeEffects
    private let state: Mutex<MemoryJournalState>
    private let changes = ChangeSignal()

    /// Creates an empty journal.
    ///
    /// - Parameters:
    ///   - time: Gives the entries' timestamps.
    ///   - origin: The journal's origin, which no other journal may share.
    public init(time: any TimeEffects, origin: OriginID) {
        let validation = JournalValidation(handler: Self.technology, capabilities: Self.capabilities)
        self.validation = validation
        self.time = time
        state = Mutex(MemoryJournalState(origin: origin, errors: validation.errors))
    }

    /// Creates an empty journal with a new origin.
    ///
    /// - Parameters:
    ///   - time: Gives the entries' timestamps.
    ///   - random: Gives the journal's origin.
    public convenience init(time: any TimeEffects, random: any RandomEffects) {
        self.init(time: time, origin: OriginID(random: random))
    }

    /// Snapshots, compaction and replication, and the limits of names, payloads, appends, pages and snapshots.
    public var capabilities: Capabilities { Self.capabilities }

    /// Ends every subscription with `unavailable`.
    public func stop() {
        changes.finish()
    }

    /// Appends entries to one or several streams, all or nothing.
    public func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try validation.errors.checkCancellation(in: "append")
        try validation.check(appends)
        // What needs no lock comes before it.
        let digests = appends.map { append in append.drafts.map { SHA256.hash($0.payload) } }
        let now = time.now
        let receipts = try state.withLock { state throws(EffectError) in
            try state.append(appends, payloadDigests: digests, now: now)
        }
        changes.notify()
        return receipts
    }

    /// Entries of a stream in the order of their revisions.
    public func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(stream, in: "read")
        let size = try validation.pageSize(for: limit, in: "read")
        return try state.withLock { state throws(EffectError) in
            try state.read(stream, from: revision, limit: size, backwards: backwards)
        }
    }

    /// The entry of a stream with an id.
    public func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try validation.errors.checkCancellation(in: "entry")
        try validation.check(stream, in: "entry")
        return try state.withLock { state throws(EffectError) in try state.entry(stream, id: id) }
    }

    /// Entries of all streams in the order of their positions.
    public func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try validation.errors.checkCancellation(in: "readAll")
        let size = try validation.pageSize(for: limit, in: "readAll")
        return state.withLock { $0.readAll(after: position, limit: size) }
    }

    /// Entries of all streams as they are committed, from a position on.
    public func subscribe(after position: Position) -> JournalSubscription {
        JournalSubscription(after: position) { [self] position throws(EffectError) in
            try await nextPage(after: position)
        }
    }

    private func nextPage(after position: Position) async throws(EffectError) -> [JournalEntry] {
        while true {
            try validation.errors.checkCancellation(in: "subscribe")
            let generation = changes.generation
            let page = state.withLock { $0.readAll(after: position, limit: Self.subscriptionPageSize) }
            if !page.isEmpty { return page }
            do {
                try await changes.wait(beyond: generation)
            } catch {
                throw error.code == .cancelled
                    ? validation.errors.cancelled(in: "subscribe") : validation.errors.stopped(in: "subscribe")
            }
        }
    }

    /// Keeps the state of a stream.
    public func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "saveSnapshot")
        try validation.check(snapshot, in: "saveSnapshot")
        try state.withLock { state throws(EffectError) in try state.save(snapshot) }
    }

    /// The last snapshot kept of a stream, or `nil`.
    public func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try validation.errors.checkCancellation(in: "latestSnapshot")
        try validation.check(stream, in: "latestSnapshot")
        return state.withLock { $0.streams[stream]?.snapshot }
    }

    /// Drops the payloads of a stream's entries below a revision and keeps their headers.
    public func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "compact")
        try validation.check(stream, in: "compact")
        try state.withLock { state throws(EffectError) in try state.compact(stream, before: revision) }
    }

    /// How far the journal knows each origin's entries.
    public func frontier() async throws(EffectError) -> JournalFrontier {
        try validation.errors.checkCancellation(in: "frontier")
        return state.withLock { $0.frontier }
    }

    /// Entries beyond a frontier, for another journal to merge.
    public func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try validation.errors.checkCancellation(in: "entries")
        let size = try validation.pageSize(for: limit, in: "entries")
        return try state.withLock { state throws(EffectError) in
            try state.entries(beyond: frontier, limit: size)
        }
    }

    /// Takes in entries of other journals, all or nothing.
    public func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        try validation.errors.checkCancellation(in: "merge")
        try validation.check(batch)
        // What needs no lock comes before it.
        let batch = batch.checkingLinks()
        let receipt = try state.withLock { state throws(EffectError) in try state.merge(batch) }
        if receipt.added > 0 { changes.notify() }
        return receipt
    }

    /// Reads the whole journal and checks every payload, hash, chain, revision and position.
    public func verify() async throws(EffectError) -> VerificationReport {
        try validation.errors.checkCancellation(in: "verify")
        // A copy is checked outside the lock: writers need not wait.
        return state.withLock { $0 }.verify()
    }
}
