public import AuraEffects
public import AuraRuntime
internal import Logging

/// A journal over a table of key-values: each commit is an item, and a conditional put decides which one is the next.
///
/// Any number of writers on any number of machines may share the table: all of them have the journal's origin, and read one
/// another's commits. Concurrent appends share a commit, so that they share its request. What is known of the entries but
/// their payloads is in memory, some 300 bytes an entry, and is read from the last checkpoint and the log behind it when the
/// journal is opened; payloads are read when they are asked for: from the table, or where they are large from a bucket. The
/// layout is described in `docs/key-value-journal.md`.
///
/// The partitions whose keys begin with the handler's prefix belong to it: nobody else may put items there.
public final class KeyValueJournalHandler: JournalEffects {
    /// The name in profiles.
    public static let technology = "keyValues"

    /// How a journal uses its table.
    public struct Settings: Sendable, Hashable {
        /// What the partition keys begin with.
        public var prefix: String
        /// How soon subscribers look again for what other writers have committed; those of this handler are told at once.
        public var pollInterval: Duration
        /// How far apart the looks become while there is nothing new.
        public var longestPollInterval: Duration
        /// How long a change is tried again while the table does not answer or throttles.
        public var patience: Duration
        /// The most changes that wait; one more is refused.
        public var queueLength: Int
        /// How large a payload is at least that becomes an object, where there is a bucket.
        public var largePayload: ByteCount

        /// Settings with the usual values.
        ///
        /// - Parameter prefix: What the partition keys begin with.
        public init(prefix: String = "journal/") {
            self.prefix = prefix
            pollInterval = .milliseconds(20)
            longestPollInterval = .seconds(1)
            patience = .seconds(30)
            queueLength = 4096
            largePayload = .kibibytes(64)
        }
    }

    /// What the journal gives over its table.
    public let capabilities: Capabilities

    let log: CommitLog
    let follower: LogFollower
    let validation: JournalValidation
    private let settings: Settings
    private let context: HandlerContext
    private let queue: WorkQueue<JournalWork>
    private let watcher: ChangeWatcher
    private let committer = TaskOwner()
    private let poller = TaskOwner()

    /// Opens the journal, making one where the table holds none, and reads its checkpoint and its log.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - objects: The bucket for large payloads, which belongs to the journal from the prefix on; `nil` where they lie in the table.
    ///   - settings: How to use it.
    ///   - context: Budget, time, random source and logger.
    /// - Returns: The open journal; end it with ``close()``.
    /// - Throws: ``EffectError``: `unsupported` where the table has no strong reads, or its journal is from a newer version;
    ///   `invalidArgument` for a prefix that leaves no room; what the table throws. A damaged commit is no reason.
    /// - Complexity: O(*n*) in the journal's entries.
    public static func open(
        over table: any KeyValueEffects,
        objects: (any ObjectStorageEffects)? = nil,
        _ settings: Settings,
        _ context: HandlerContext
    ) async throws(EffectError) -> KeyValueJournalHandler {
        let errors = HandlerErrors(JournalEffect.self, handler: technology)
        try errors.require(.strongReads, of: table.capabilities, in: "open")
        guard !settings.prefix.isEmpty, settings.prefix.utf8.count + 64 <= table.capabilities.limit(.partitionKeyBytes),
            CommitLog.chunkBytes(of: table.capabilities) > 0
        else {
            let message =
                settings.prefix.isEmpty
                ? "The prefix is empty: name the journal's partitions."
                : "The table takes keys or items that are too small for a journal under \(HandlerErrors.quote(settings.prefix)): "
                    + "shorten the prefix, or choose another table."
            throw errors.error(.invalidArgument, in: "open", message)
        }
        let payloads = objects.map { bucket in
            LargePayloads(
                objects: bucket,
                prefix: settings.prefix,
                threshold: settings.largePayload.bytes,
                errors: errors
            )
        }
        let log = CommitLog(table, prefix: settings.prefix, payloads: payloads, context, errors: errors)
        let handler = KeyValueJournalHandler(log, origin: try await log.origin(), settings, context)
        if let checkpoint = try await log.checkpoint() { handler.follower.restore(checkpoint) }
        try await handler.follower.catchUp(in: "open")
        await handler.start()
        return handler
    }

    private init(_ log: CommitLog, origin: OriginID, _ settings: Settings, _ context: HandlerContext) {
        self.log = log
        self.settings = settings
        self.context = context
        capabilities = Self.capabilities(over: log.table.capabilities, log.payloads?.objects.capabilities)
        validation = JournalValidation(handler: Self.technology, capabilities: capabilities)
        watcher = ChangeWatcher()
        let cacheBytes = Self.cacheSize(within: context.budget).bytes
        follower = LogFollower(log, origin: origin, cacheBytes: cacheBytes, watcher: watcher)
        queue = WorkQueue(
            of: "append",
            countLimit: settings.queueLength,
            byteLimit: max(context.budget.journalCache.bytes, context.budget.writeBatch.bytes),
            errors: validation.errors,
            metrics: context.metrics.queue("append")
        )
    }

    static let largestPayload = ByteCount.mebibytes(16).bytes

    /// What a journal declares, given what its table does, and its bucket where it has one.
    public static func capabilities(over table: Capabilities, _ objects: Capabilities? = nil) -> Capabilities {
        let underneath = table.features.intersection(objects?.features ?? table.features)
        return Capabilities(
            underneath.intersection([.durable, .multiProcess]).union([.snapshots, .compaction, .replication]),
            limits: [
                .streamNameBytes: 1024,
                .payloadBytes: largestPayload,
                .appendEntries: 10_000,
                .appendBytes: ByteCount.mebibytes(64).bytes,
                .pageElements: 10_000,
                .snapshotBytes: ByteCount.mebibytes(64).bytes,
            ]
        )
    }

    /// How much of a budget goes to payloads in memory.
    static func cacheSize(within budget: ResourceBudget) -> ByteCount {
        ByteCount(bytes: budget.journalCache.bytes / 2)
    }

    private func start() async {
        // A group fills an item where there is so much: a larger commit needs several requests.
        let byteLimit = min(context.budget.writeBatch.bytes, log.chunkBytes * 3 / 4)
        let committing = JournalCommitting(log: log, follower: follower, context: context, patience: settings.patience)
        await committing.removeLeftovers()
        committer.start { [queue] in await committing.run(queue, byteLimit: byteLimit) }
        poller.start { [watcher, follower, settings, time = context.time] in
            await watcher.run(
                time: time,
                every: settings.pollInterval,
                backingOffTo: settings.longestPollInterval
            ) { () throws(EffectError) in
                try await follower.catchUp(in: "subscribe")
                return Int64(clamping: follower.index { $0.head })
            }
        }
    }

    /// Ends the journal and its subscriptions: what waits is still done.
    public func close() async {
        queue.finish()
        // Not cancelled: it ends by itself once the queue is empty.
        await committer.wait()
        watcher.finish()
        poller.cancel()
        await poller.wait()
    }

    // MARK: Changes

    /// Appends entries to one or several streams, all or nothing; concurrent appends share a commit.
    public func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try validation.errors.checkCancellation(in: "append")
        try validation.check(appends)
        try queue.checkRoom(for: "append")
        let answer = try await queue.submit(.append(await PreparedAppend(appends)))
        guard case .appended(let receipts) = answer else { throw wrongAnswer("append") }
        return receipts
    }

    /// Takes in entries of other journals, all or nothing.
    public func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        try validation.errors.checkCancellation(in: "merge")
        try validation.check(batch)
        try queue.checkRoom(for: "merge")
        // What needs no turn comes before it.
        let answer = try await queue.submit(.merge(batch.checkingLinks()))
        guard case .merged(let receipt) = answer else { throw wrongAnswer("merge") }
        return receipt
    }

    /// Keeps the state of a stream.
    public func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "saveSnapshot")
        try validation.check(snapshot, in: "saveSnapshot")
        _ = try await queue.submit(.save(snapshot))
    }

    /// Drops the payloads of a stream's entries below a revision and keeps their headers.
    public func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "compact")
        try validation.check(stream, in: "compact")
        _ = try await queue.submit(.compact(stream, before: revision))
    }

    private func wrongAnswer(_ operation: String) -> EffectError {
        validation.errors.error(.internal, in: operation, "The writer answered another question.", outcome: .unknown)
    }

    // MARK: Subscriptions

    /// The most entries that a subscription fetches at once.
    private static let subscriptionPageSize = 256

    /// Entries of all streams as they are committed, from a position on.
    public func subscribe(after position: Position) -> JournalSubscription {
        JournalSubscription(after: position) { [self] position throws(EffectError) in
            do throws(EffectError) {
                return try await watcher.firstChange { () throws(EffectError) in
                    try validation.errors.checkCancellation(in: "subscribe")
                    let page = try await page(after: position, limit: Self.subscriptionPageSize, in: "subscribe")
                    return page.isEmpty ? nil : page
                }
            } catch {
                // A wait that ended early does not know whose it was.
                guard error.effect.isEmpty else { throw error }
                let isCancelled = error.code == .cancelled
                throw isCancelled
                    ? validation.errors.cancelled(in: "subscribe") : validation.errors.stopped(in: "subscribe")
            }
        }
    }
}
