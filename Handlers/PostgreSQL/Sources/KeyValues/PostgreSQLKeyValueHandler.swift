#if PostgreSQL
public import AuraEffects
public import AuraRuntime
internal import Logging

/// A table of items in a PostgreSQL database, which several processes may share.
///
/// One connection commits concurrent changes in groups: one transaction and one sync for many callers. Several others read
/// beside it. Items whose time has come are removed by later changes.
public final class PostgreSQLKeyValueHandler: KeyValueEffects {
    /// What the table gives under a configuration.
    public let capabilities: Capabilities

    private typealias Session = PostgreSQLSession<KeyValueState>

    private let configuration: PostgreSQLConfiguration
    private let logger: Logger
    private let time: any TimeEffects
    private let validation: ItemValidation
    private let writer: ConnectionPool<Session>
    private let readers: ConnectionPool<Session>
    private let queue: WorkQueue<ItemChange>
    private let committer = TaskOwner()

    /// Opens the table; makes it or brings it up to date where the configuration says so.
    ///
    /// - Parameters:
    ///   - configuration: The database and how to use it.
    ///   - context: Time, random source, executors and logger.
    /// - Returns: The open table; end it with ``close()``.
    /// - Throws: ``EffectError``: `unavailable` where no server can be reached or its tables are missing,
    ///   `unauthenticated` where either side refuses the other, `permissionDenied` for a user without the rights,
    ///   `unsupported` for tables from a newer version.
    public static func open(
        _ configuration: PostgreSQLConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> PostgreSQLKeyValueHandler {
        let handler = PostgreSQLKeyValueHandler(configuration, context)
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
        logger = context.logger
        time = context.time
        capabilities = Self.capabilities(of: configuration)
        let validation = ItemValidation(handler: PostgreSQLPlace.technology, capabilities: capabilities)
        self.validation = validation
        func pool(_ name: String, maximum: Int, label: String) -> ConnectionPool<Session> {
            ConnectionPool(
                configuration,
                context,
                maximum: maximum,
                name: name,
                label: label,
                errors: validation.errors
            )
        }
        writer = pool("writer", maximum: 1, label: "aura.keyValues.w")
        readers = pool("readers", maximum: max(1, configuration.connections - 1), label: "aura.keyValues.r")
        queue = configuration.workQueue(of: "change", errors: validation.errors, metrics: context.metrics)
    }

    /// What a table with a configuration declares, without connecting.
    public static func capabilities(of configuration: PostgreSQLConfiguration) -> Capabilities {
        Capabilities(
            [.durable, .multiProcess, .strongReads, .transactions],
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
        writer.start()
        readers.start()
        let place = place("open")
        let (configuration, logger) = (configuration, logger)
        @Sendable func prepare(_ session: Session) async throws(EffectError) {
            try await session.perform(at: place) { state throws(EffectError) in
                try PostgreSQLSchema(connection: state.connection, configuration: configuration, place: place).prepare()
                try place.mapping { () throws(PostgreSQLFailure) in
                    try state.connection.warnWhereNothingIsSynced(logger, configuration)
                }
            }
        }
        try await writer.withConnection(in: "open", prepare)
        let (batch, writePlace) = (configuration.batch.bytes, self.place("put"))
        committer.start { [writer, queue, validation, time] in
            @Sendable func commitGroup(_ session: Session) async throws(EffectError) {
                try await session.perform(at: writePlace) { state throws(EffectError) in
                    // Taken only now: work may be withdrawn while this waits for a connection.
                    let changes = queue.joinGroup(byteLimit: batch)
                    if changes.isEmpty { return }
                    let committing = KeyValueCommitting(state, validation, at: time.now, writePlace)
                    queue.settle(try committing.commit(changes))
                }
            }
            while await queue.hasWork() {
                do throws(EffectError) {
                    try await writer.withConnection(in: "put", commitGroup)
                } catch {
                    queue.fail(error)
                }
            }
        }
    }

    /// Ends the table: what waits is still done, then the connections are closed.
    public func close() async {
        queue.finish()
        // Not cancelled: it ends by itself once the queue is empty.
        await committer.wait()
        await readers.close()
        await writer.close()
    }

    private func place(_ operation: String) -> PostgreSQLPlace {
        configuration.place(KeyValuesEffect.name, operation)
    }

    // MARK: KeyValueEffects

    /// The item under a key, checked against its checksum.
    public func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        try validation.errors.checkCancellation(in: "get")
        try validation.check(key, in: "get")
        try validation.check(consistency, in: "get")
        let (place, now) = (place("get"), time.now)
        return try await readers.reading(at: place, attempts: configuration.connections) { state throws(EffectError) in
            try state.item(key, at: now, place)
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
            throw place("put").error(.internal, "\(configuration.displayName): a put issued no revision.")
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
        let (place, now) = (place("query"), time.now)
        return try await readers.reading(at: place, attempts: configuration.connections) { state throws(EffectError) in
            try state.page(query, after: token, size: size, at: now, place)
        }
    }

    /// Applies the changes in one transaction of PostgreSQL, which other changes may share.
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
