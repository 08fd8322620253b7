#if SQLite
public import AuraEffects
public import AuraRuntime

/// A table of items in an SQLite file, which several processes may share.
///
/// One writer commits concurrent changes in groups: one transaction and one sync for many callers. Several readers work
/// beside it. Items whose time has come are removed by later changes.
public final class SQLiteKeyValueHandler: KeyValueEffects {
    /// What the table gives under a configuration.
    public let capabilities: Capabilities

    private let configuration: SQLiteConfiguration
    private let context: HandlerContext
    private let validation: ItemValidation
    private let writer: SQLiteSession<KeyValueState>
    private let readers: SQLiteReaderPool<KeyValueState>
    private let queue: WorkQueue<ItemChange>
    private let committer = TaskOwner()
    private let attendants = TaskOwner()

    /// Opens the table, creating the file where there is none and bringing its schema up to date.
    ///
    /// - Parameters:
    ///   - configuration: The file and how to treat it.
    ///   - context: Time, random source, executors and logger.
    /// - Returns: The open table; end it with ``close()``.
    /// - Throws: ``EffectError``: `unavailable` or `permissionDenied` where the file cannot be opened, `corrupted` where it
    ///   is no database or a damaged one, `unsupported` for a schema from a newer version, `invalidArgument` for
    ///   another application's database.
    public static func open(
        _ configuration: SQLiteConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> SQLiteKeyValueHandler {
        let handler = SQLiteKeyValueHandler(configuration, context)
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
        let validation = ItemValidation(handler: SQLitePlace.technology, capabilities: capabilities)
        self.validation = validation
        let file = configuration.path
        let makeState: @Sendable (SQLiteConnection) -> KeyValueState = { connection in
            KeyValueState(connection, validation: validation) { operation in
                SQLitePlace(effect: KeyValuesEffect.name, operation: operation, file: file)
            }
        }
        writer = SQLiteSession(.writer, configuration, context, label: "aura.keyValues.w", makeState: makeState)
        readers = SQLiteReaderPool(configuration, context, label: "aura.keyValues.r", makeState: makeState)
        queue = configuration.workQueue(of: "change", errors: validation.errors, metrics: context.metrics)
    }

    /// What a table with a configuration declares, without opening it.
    public static func capabilities(of configuration: SQLiteConfiguration) -> Capabilities {
        var features: Set<Capability> = [.multiProcess, .strongReads, .transactions]
        if configuration.synchronous == .full { features.insert(.durable) }
        return Capabilities(
            features,
            limits: [
                .partitionKeyBytes: 1024,
                .sortKeyBytes: 1024,
                .itemBytes: ByteCount.mebibytes(1).bytes,
                .valueDepth: 32,
                .transactionMutations: 1000,
                .transactionBytes: ByteCount.mebibytes(16).bytes,
                .pageElements: 1000,
            ]
        )
    }

    private func start() async throws(EffectError) {
        let place = place("open")
        try await writer.start(at: place)
        try await writer.skipLostRevisions(isDurable: configuration.synchronous == .full, at: place)
        try await readers.start(at: place)
        let (writer, queue, batch, writePlace) = (writer, queue, configuration.batch.bytes, self.place("put"))
        committer.start { [time = context.time] in
            await writer.commitGroups(from: queue, byteLimit: batch, at: writePlace) {
                state,
                group throws(EffectError) in
                let now = time.now
                try state.sweep(at: now, writePlace)
                let answers = try group.writeEach { change throws(EffectError) in try state.apply(change, at: now) }
                try state.revisions.keep(at: writePlace)
                return answers
            }
        }
        if configuration.doesHousekeeping {
            let housekeeping = SQLiteHousekeeping(time: context.time, logger: context.logger)
            attendants.start { await housekeeping.run(on: writer, at: place) }
        }
    }

    /// Ends the table: what waits is still done, then the file is closed.
    public func close() async {
        queue.finish()
        attendants.cancel()
        await attendants.wait()
        // Not cancelled: it ends by itself once the queue is empty.
        await committer.wait()
        if configuration.vacuumsOnClose { await writer.vacuum(at: place("close"), logger: context.logger) }
        await readers.close()
        await writer.close()
    }

    private func place(_ operation: String) -> SQLitePlace {
        SQLitePlace(effect: KeyValuesEffect.name, operation: operation, file: configuration.path)
    }

    // MARK: KeyValueEffects

    /// The item under a key, checked against its checksum.
    public func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        try validation.errors.checkCancellation(in: "get")
        try validation.check(key, in: "get")
        try validation.check(consistency, in: "get")
        let now = context.time.now
        return try await readers.read(at: place("get"), needsTransaction: false) { state throws(EffectError) in
            try state.item(key, at: now)
        }
    }

    /// Stores an item in the place of what is there; concurrent changes share a transaction.
    @discardableResult
    public func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try validation.errors.checkCancellation(in: "put")
        try validation.check(key, in: "put")
        try validation.check(item, in: "put")
        let revisions = try await apply([.put(item, to: key, if: precondition)], operation: "put")
        guard let revision = revisions[0] else {
            throw place("put").error(.internal, "\(configuration.path): a put issued no revision.")
        }
        return revision
    }

    /// Removes an item; concurrent changes share a transaction.
    public func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        _ = try await apply([.remove(key, if: precondition)], operation: "remove")
    }

    /// A page of a partition's items in the order of their sort keys' bytes, straight from the index.
    public func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        try validation.errors.checkCancellation(in: "query")
        let size = try validation.pageSize(of: query, limit: limit, consistency)
        let now = context.time.now
        return try await readers.read(at: place("query"), needsTransaction: false) { state throws(EffectError) in
            try state.page(query, after: token, size: size, at: now)
        }
    }

    /// Applies the changes in one transaction of SQLite, which other changes may share.
    @discardableResult
    public func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        try validation.errors.checkCancellation(in: "transact")
        try validation.check(mutations)
        if mutations.isEmpty { return [] }
        return try await apply(mutations, operation: "transact")
    }

    private func apply(
        _ mutations: [ItemMutation],
        operation: String
    ) async throws(EffectError) -> [CloudRevision?] {
        try queue.checkRoom(for: operation)
        return try await queue.submit(ItemChange(mutations, operation: operation))
    }
}
#endif
