#if PostgreSQL
public import AuraEffects
public import AuraRuntime

/// A journal in a PostgreSQL database.
///
/// One session commits the concurrent appends of this process in groups; others read beside it. Several processes may
/// write to one journal: they share its origin, and positions come in the order of their commits.
public final class PostgreSQLJournalHandler: Sendable {
    /// What the journal gives under a configuration.
    public let capabilities: Capabilities

    let configuration: PostgreSQLConfiguration
    let context: HandlerContext
    let validation: JournalValidation
    let watcher = ChangeWatcher()
    private let writer: ConnectionPool<PostgreSQLSession<JournalWriterState>>
    private let readers: ConnectionPool<PostgreSQLSession<JournalReaderState>>
    private let queue: WorkQueue<PreparedAppend>
    let listener: CommitListener
    private let committer = TaskOwner()
    private let attendants = TaskOwner()

    /// Opens the journal, making its tables where there are none and bringing them up to date.
    ///
    /// - Parameters:
    ///   - configuration: The database and how to use it.
    ///   - context: Time, random source, executors and logger.
    /// - Returns: The open journal; end it with ``close()``.
    /// - Throws: ``EffectError``: `unavailable` where no server answers, `unauthenticated` or `permissionDenied` where it
    ///   does not let this client in, `unsupported` for tables from a newer version.
    public static func open(
        _ configuration: PostgreSQLConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> PostgreSQLJournalHandler {
        let handler = PostgreSQLJournalHandler(configuration, context)
        do throws(EffectError) {
            try await handler.start()
        } catch {
            await handler.close()
            throw error
        }
        return handler
    }

    private init(_ configuration: PostgreSQLConfiguration, _ context: HandlerContext) {
        self.configuration = configuration
        self.context = context
        capabilities = Self.capabilities(of: configuration)
        validation = JournalValidation(handler: PostgreSQLPlace.technology, capabilities: capabilities)
        let errors = validation.errors
        writer = ConnectionPool(
            configuration,
            context,
            maximum: 1,
            name: "writer",
            label: "aura.journal.w",
            errors: errors
        )
        readers = ConnectionPool(
            configuration,
            context,
            // The writer and the listener have one each.
            maximum: max(1, configuration.connections - 2),
            name: "readers",
            label: "aura.journal.r",
            errors: errors
        )
        let place = configuration.place(JournalEffect.name, "subscribe")
        listener = CommitListener(configuration, context, place: place, watcher: watcher)
        queue = configuration.workQueue(of: "append", errors: validation.errors, metrics: context.metrics)
    }

    /// What a journal with a configuration declares, without opening it.
    public static func capabilities(of configuration: PostgreSQLConfiguration) -> Capabilities {
        Capabilities(
            [.durable, .multiProcess, .snapshots, .compaction, .replication],
            limits: [
                .streamNameBytes: 1024,
                .payloadBytes: 16 * 1024 * 1024,
                .appendEntries: 10_000,
                .appendBytes: PostgreSQLConfiguration.statementBytes,
                .pageElements: 10_000,
                .snapshotBytes: 64 * 1024 * 1024,
            ]
        )
    }

    func place(_ operation: String) -> PostgreSQLPlace {
        configuration.place(JournalEffect.name, operation)
    }

    // MARK: Starting and ending

    private func start() async throws(EffectError) {
        writer.start()
        readers.start()
        let place = place("open")
        let (configuration, logger) = (configuration, context.logger)
        let origin = OriginID(random: context.random)
        try await writing("open") { state throws(EffectError) in
            try PostgreSQLSchema(connection: state.connection, configuration: configuration, place: place).prepare()
            let opening = JournalOpening(connection: state.connection)
            try place.mappingWrite { () throws(PostgreSQLFailure) in
                try opening.ensureHead(with: origin)
                try state.connection.warnWhereNothingIsSynced(logger, configuration)
            }
        }
        committer.start { [self] in await commitAppends() }
        attendants.start { [self] in await lookForChanges() }
        attendants.start { [self] in await announceCommits() }
        attendants.start { [listener] in await listener.run() }
    }

    /// Ends the journal: appends that wait are still written, then the connections are closed.
    public func close() async {
        queue.finish()
        watcher.finish()
        attendants.cancel()
        await attendants.wait()
        // Not cancelled: it ends by itself once the queue is empty.
        await committer.wait()
        await readers.close()
        await writer.close()
    }

    private func commitAppends() async {
        let listener = listener
        let committing = AppendCommitting(
            queue: queue,
            configuration: configuration,
            place: place("append"),
            refusals: AppendRefusals(validation.errors),
            time: context.time,
            committed: { listener.noteCommit() }
        )
        var failures = 0
        while await queue.hasWork() {
            let isLast = failures + 1 >= AppendCommitting.attempts
            do throws(EffectError) {
                let outcome = try await writing("append") { state throws(EffectError) in
                    committing.run(state, isLast: isLast)
                }
                failures = outcome == .putBack ? failures + 1 : 0
            } catch {
                // There is no connection to be had.
                queue.fail(error)
                failures = 0
            }
        }
    }

    private func lookForChanges() async {
        await watcher.run(time: context.time, every: configuration.pollInterval) { () throws(EffectError) in
            let place = place("subscribe")
            return try await reading("subscribe") { state throws(EffectError) in try state.version(at: place) }
        }
    }

    private func announceCommits() async {
        let place = place("append")
        await listener.announce { channel, mark throws(EffectError) in
            try await reading("append") { state throws(EffectError) in
                try place.mapping { () throws(PostgreSQLFailure) in
                    var parameters = PostgreSQLParameters()
                    parameters.add(channel)
                    parameters.add(mark)
                    // A notification is worth no sync: what it is about has had its own.
                    _ = try state.connection.run(
                        "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1::text, $2::text)",
                        parameters
                    )
                }
            }
        }
    }

    // MARK: Sessions

    /// Runs `body` on the writer's session.
    func writing<Value: Sendable>(
        _ operation: String,
        _ body: @Sendable (JournalWriterState) throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        let place = place(operation)
        // A function and not a closure: it is called where the caller runs.
        func work(_ session: PostgreSQLSession<JournalWriterState>) async throws(EffectError) -> Value {
            try await session.perform(at: place, body)
        }
        return try await writer.withConnection(in: operation, work)
    }

    /// Runs `body`, which only reads, on a reading session; once more on another one where the connection turns out to be
    /// broken.
    func reading<Value: Sendable>(
        _ operation: String,
        _ body: @Sendable (JournalReaderState) throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        try await readers.reading(at: place(operation), attempts: configuration.connections, body)
    }

    // MARK: Appending and reading

    /// Queues the append for the next group and returns once the server has committed and synced it.
    public func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try validation.errors.checkCancellation(in: "append")
        try validation.check(appends)
        if appends.allSatisfy(\.drafts.isEmpty) {
            return appends.map { AppendReceipt(stream: $0.stream, items: []) }
        }
        try queue.checkRoom(for: "append")
        return try await queue.submit(await PreparedAppend(appends))
    }

    /// Reads a stream.
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
        return try await reading("read") { state throws(EffectError) in
            try state.read(stream, from: revision, limit: limit, backwards: backwards, at: place)
        }
    }

    /// The entry of a stream with an id.
    public func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try validation.errors.checkCancellation(in: "entry")
        try validation.check(stream, in: "entry")
        let place = place("entry")
        return try await reading("entry") { state throws(EffectError) in
            try state.entry(stream, id: id, at: place)
        }
    }

    /// Reads a page of at most 10,000 entries, or fewer where their payloads fill the page's share of the cache.
    public func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try validation.errors.checkCancellation(in: "readAll")
        let limit = try validation.pageSize(for: limit, in: "readAll")
        let place = place("readAll")
        return try await reading("readAll") { state throws(EffectError) in
            try state.readAll(after: position, limit: limit, at: place)
        }
    }

    /// Follows the journal: commits of this process wake it at once, those of others by a notification, or where that does
    /// not come within the polling interval.
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
}
#endif
