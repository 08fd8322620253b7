#if SQLite
public import AuraEffects
public import AuraRuntime
internal import Logging

/// A journal in an SQLite file.
///
/// One writer commits concurrent appends in groups: one transaction and one sync for many callers. Several readers work
/// beside it, and several processes may share the file; they share its origin too.
public final class SQLiteJournalHandler: JournalMaintenance {
    /// What the journal gives under a configuration.
    public let capabilities: Capabilities

    private let configuration: SQLiteConfiguration
    private let context: HandlerContext
    private let validation: JournalValidation
    private let writer: SQLiteSession<JournalWriterState>
    private let readers: SQLiteReaderPool<JournalReaderState>
    private let queue: WorkQueue<PreparedAppend>
    private let watcher = ChangeWatcher()
    private let committer = TaskOwner()
    private let attendants = TaskOwner()

    /// Opens the journal, creating the file where there is none and bringing its schema up to date.
    ///
    /// - Parameters:
    ///   - configuration: The file and how to treat it.
    ///   - context: Time, random source, executors and logger.
    /// - Returns: The open journal; end it with ``close()``.
    /// - Throws: ``EffectError``: `unavailable` or `permissionDenied` where the file cannot be opened, `corrupted` where it
    ///   is no database or a damaged one, `unsupported` for a schema from a newer version, `invalidArgument` for
    ///   another application's database.
    public static func open(
        _ configuration: SQLiteConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> SQLiteJournalHandler {
        let handler = SQLiteJournalHandler(configuration, context)
        do throws(EffectError) {
            try await handler.start()
        } catch {
            await handler.close()
            throw error
        }
        return handler
    }

    private init(_ configuration: SQLiteConfiguration, _ context: HandlerContext) {
        self.configuration = configuration
        self.context = context
        capabilities = Self.capabilities(of: configuration)
        validation = JournalValidation(handler: SQLitePlace.technology, capabilities: capabilities)
        let file = configuration.path
        let pageBytes = max(256 * 1024, configuration.cacheSize(isWriter: false).bytes / 2)
        writer = SQLiteSession(.writer, configuration, context, label: "aura.journal.w") {
            JournalWriterState($0, file: file)
        }
        readers = SQLiteReaderPool(configuration, context, label: "aura.journal.r") {
            JournalReaderState($0, file: file, pageBytes: pageBytes)
        }
        queue = configuration.workQueue(of: "append", errors: validation.errors, metrics: context.metrics)
    }

    /// What a journal with a configuration declares, without opening it.
    public static func capabilities(of configuration: SQLiteConfiguration) -> Capabilities {
        var features: Set<Capability> = [.multiProcess, .snapshots, .compaction, .replication]
        if configuration.synchronous == .full { features.insert(.durable) }
        return Capabilities(
            features,
            limits: [
                .streamNameBytes: 1024,
                .payloadBytes: 16 * 1024 * 1024,
                .appendEntries: 10_000,
                .pageElements: 10_000,
                .snapshotBytes: 64 * 1024 * 1024,
            ]
        )
    }

    private func start() async throws(EffectError) {
        let place = place("open")
        try await writer.start(at: place)
        let origin = OriginID(random: context.random)
        let file = context.databaseFiles.number(of: configuration.path)
        let isAtHome = try await writer.write(at: place) { state throws(EffectError) in
            try place.mapping { () throws(SQLiteFailure) in
                try state.ensureOrigin(origin)
                return try file.map { file throws(SQLiteFailure) in try state.isAtHome(file) } ?? true
            }
        }
        if !isAtHome {
            context.logger.warning(
                """
                \(configuration.path) is a copy or a restored backup. If its original still writes, or wrote after the \
                copy was made, both write under one origin and cannot be merged: let this one adopt a new origin \
                ('aura journal adopt', or adopt() of the handler), or go on with this one alone.
                """
            )
        }
        try await readers.start(at: place)
        let (writer, queue, watcher, batch, time) = (
            writer, queue, watcher, configuration.batch.bytes, context.time
        )
        let appendPlace = self.place("append")
        let refusals = AppendRefusals(validation.errors)
        committer.start {
            await writer.commitGroups(from: queue, byteLimit: batch, at: appendPlace, committed: watcher.notify) {
                state,
                group throws(EffectError) in
                let appending = JournalAppending(state: state, place: appendPlace, now: time.now, refusals: refusals)
                return try group.writeEach { append throws(EffectError) in try appending.append(append) }
            }
        }
        let (readers, interval) = (readers, configuration.pollInterval)
        attendants.start {
            await watcher.run(time: time, every: interval) { () throws(EffectError) in
                try await readers.performOnFirst(at: place) { state throws(EffectError) in
                    try place.mapping { () throws(SQLiteFailure) in try state.connection.dataVersion() }
                }
            }
        }
        if configuration.doesHousekeeping {
            let housekeeping = SQLiteHousekeeping(time: time, logger: context.logger)
            attendants.start { await housekeeping.run(on: writer, at: place) }
        }
    }

    /// Ends the journal: appends that wait are still written, then the file is closed.
    public func close() async {
        queue.finish()
        watcher.finish()
        attendants.cancel()
        await attendants.wait()
        // Not cancelled: it ends by itself once the queue is empty.
        await committer.wait()
        if configuration.vacuumsOnClose { await writer.vacuum(at: place("close"), logger: context.logger) }
        await readers.close()
        await writer.close()
    }

    func place(_ operation: String) -> SQLitePlace {
        SQLitePlace(effect: JournalEffect.name, operation: operation, file: configuration.path)
    }

    // MARK: Appending and reading

    /// Queues the append for the next group and returns once its commit counts as done under the configuration.
    public func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try validation.errors.checkCancellation(in: "append")
        try validation.check(appends)
        if appends.allSatisfy(\.drafts.isEmpty) {
            return appends.map { AppendReceipt(stream: $0.stream, items: []) }
        }
        try queue.checkRoom(for: "append")
        return try await queue.submit(await PreparedAppend(appends))
    }

    /// Reads a stream in one consistent view, on a reading connection.
    public func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(stream, in: "read")
        let limit = try validation.pageSize(for: limit, in: "read")
        let place = place("read")
        return try await readers.read(at: place) { state throws(EffectError) in
            try state.read(stream, from: revision, limit: limit, backwards: backwards, at: place)
        }
    }

    /// Looks an entry up by its id, for every origin that the journal knows.
    public func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try validation.errors.checkCancellation(in: "entry")
        try validation.check(stream, in: "entry")
        let place = place("entry")
        return try await readers.read(at: place) { state throws(EffectError) in
            try state.entry(stream, id: id, at: place)
        }
    }

    /// Reads a page of at most 10,000 entries, or fewer where their payloads fill the page's share of the cache.
    public func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try validation.errors.checkCancellation(in: "readAll")
        let limit = try validation.pageSize(for: limit, in: "readAll")
        let place = place("readAll")
        return try await readers.read(at: place, needsTransaction: false) { state throws(EffectError) in
            try state.readAll(after: position, limit: limit, at: place)
        }
    }

    /// Follows the journal: commits of this process wake it at once, those of others within some 20 ms.
    public func subscribe(after position: Position) -> JournalSubscription {
        JournalSubscription(after: position) { [self] position throws(EffectError) in
            do throws(EffectError) {
                return try await watcher.firstChange { () throws(EffectError) in
                    let page = try await readAll(after: position, limit: Self.subscriptionPage)
                    return page.isEmpty ? nil : page
                }
            } catch {
                // A wait that ended early does not know whose it was.
                guard error.effect.isEmpty else { throw error }
                throw place("subscribe").error(error.code, error.message, isRetryable: error.isRetryable)
            }
        }
    }

    private static let subscriptionPage = 256

    // MARK: Snapshots and compaction

    /// Keeps a snapshot in place of the one before.
    public func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "saveSnapshot")
        try validation.check(snapshot, in: "saveSnapshot")
        let place = place("saveSnapshot")
        try await writer.write(at: place) { state throws(EffectError) in
            try JournalCompacting(state: state, place: place).save(snapshot)
        }
    }

    /// The snapshot kept of a stream.
    public func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try validation.errors.checkCancellation(in: "latestSnapshot")
        try validation.check(stream, in: "latestSnapshot")
        let place = place("latestSnapshot")
        return try await readers.read(at: place) { state throws(EffectError) in
            try state.latestSnapshot(of: stream, at: place)
        }
    }

    /// Drops payloads in transactions of 500 entries, so that appends get their turn in between.
    public func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "compact")
        try validation.check(stream, in: "compact")
        let place = place("compact")
        var hasMore = true
        while hasMore {
            try validation.errors.checkCancellation(in: "compact")
            hasMore = try await writer.write(at: place) { state throws(EffectError) in
                let compacting = JournalCompacting(state: state, place: place)
                guard let number = try compacting.check(stream, before: revision) else { return false }
                return try compacting.compactChunk(of: number, before: revision)
            }
        }
    }

    // MARK: Replication and verification

    /// How far the journal knows each origin's entries.
    public func frontier() async throws(EffectError) -> JournalFrontier {
        try validation.errors.checkCancellation(in: "frontier")
        let place = place("frontier")
        return try await readers.read(at: place) { state throws(EffectError) in try state.frontier(at: place) }
    }

    /// Entries for another journal to merge, with the snapshots that cover the compacted ones.
    public func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try validation.errors.checkCancellation(in: "entries")
        let limit = try validation.pageSize(for: limit, in: "entries")
        let place = place("entries")
        return try await readers.read(at: place) { state throws(EffectError) in
            try state.entries(beyond: frontier, limit: limit, at: place)
        }
    }

    /// Takes in entries of other journals in one transaction.
    public func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        try validation.errors.checkCancellation(in: "merge")
        try validation.check(batch)
        let place = place("merge")
        let errors = validation.errors
        // Hashed here and not while the file is locked.
        let batch = batch.checkingLinks()
        let receipt = try await writer.write(at: place) { state throws(EffectError) in
            try JournalMerging(state: state, place: place, errors: errors).merge(batch)
        }
        watcher.notify()
        return receipt
    }

    /// Reads the whole journal in pages, checks every row and chain, and lets SQLite check its own structures.
    public func verify() async throws(EffectError) -> VerificationReport {
        try await verify { _ in }
    }

    /// Like ``verify()``, with the entries checked so far after each page.
    public func verify(
        progress: @Sendable (_ checkedEntries: Int) -> Void
    ) async throws(EffectError) -> VerificationReport {
        let place = place("verify")
        var verifying = JournalVerifying()
        var hasMore = true
        while hasMore {
            try validation.errors.checkCancellation(in: "verify")
            let sofar = verifying
            (verifying, hasMore) = try await readers.read(at: place) { state throws(EffectError) in
                try state.verifyPage(sofar, limit: 500, at: place)
            }
            progress(verifying.checkedEntries)
        }
        let checked = verifying
        return
            try await readers.read(at: place) { state throws(EffectError) in
                try state.checkIntegrity(try state.checkRevisions(checked, at: place), at: place)
            }
            .finished()
    }

    // MARK: Care of the file

    /// Whose entries the journal writes, and whether it was last written in another file.
    public func identity() async throws(EffectError) -> JournalIdentity {
        try validation.errors.checkCancellation(in: "identity")
        let place = place("identity")
        let file = context.databaseFiles.number(of: configuration.path)
        return try await readers.read(at: place) { state throws(EffectError) in
            try place.mapping { () throws(SQLiteFailure) in try state.identity(in: file) }
        }
    }

    /// Gives the journal a new origin, for a file that was restored or copied and would fork the chain of its original.
    ///
    /// - Returns: The new origin; entries appended from now on are its.
    /// - Throws: ``EffectError`` where the file cannot be written.
    @discardableResult
    public func adopt() async throws(EffectError) -> OriginID {
        let place = place("adopt")
        let origin = OriginID(random: context.random)
        let file = context.databaseFiles.number(of: configuration.path)
        try await writer.write(at: place) { state throws(EffectError) in
            try place.mapping { () throws(SQLiteFailure) in
                try state.adopt(origin)
                if let file { try state.settle(in: file) }
            }
        }
        return origin
    }

    /// Copies the database into a new file while it is in use.
    ///
    /// The copy is one consistent state. It has this journal's origin: where both go on writing, let one ``adopt()`` a new
    /// one.
    ///
    /// - Parameters:
    ///   - path: The copy's path; a file that is there is replaced once the copy is complete and synced.
    ///   - progress: Called with the pages copied and their total.
    /// - Throws: ``EffectError``: `resourceExhausted` where the disk is full, `cancelled`; an older copy is still there then.
    public func backup(
        to path: String,
        progress: @Sendable (_ copied: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws(EffectError) {
        let backup = SQLiteBackup(configuration: configuration, context: context, place: place("backup"))
        try await backup.run(to: path, progress: progress)
    }
}
#endif
