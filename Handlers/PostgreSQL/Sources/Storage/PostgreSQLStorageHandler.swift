#if PostgreSQL
public import AuraEffects
public import AuraRuntime
internal import Logging

/// Storage in a PostgreSQL database, which several processes may share.
///
/// One connection commits concurrent writes in groups: one transaction and one sync for many callers. Several others read
/// beside it.
public final class PostgreSQLStorageHandler: StorageEffects {
    /// What the storage gives under a configuration.
    public let capabilities: Capabilities

    private typealias Session = PostgreSQLSession<StorageState>

    private let configuration: PostgreSQLConfiguration
    private let logger: Logger
    private let validation: StorageValidation
    private let writer: ConnectionPool<Session>
    private let readers: ConnectionPool<Session>
    private let queue: WorkQueue<StorageChange>
    private let committer = TaskOwner()

    /// Opens the storage; makes its tables or brings them up to date where the configuration says so.
    ///
    /// - Parameters:
    ///   - configuration: The database and how to use it.
    ///   - context: Time, random source, executors and logger.
    /// - Returns: The open storage; end it with ``close()``.
    /// - Throws: ``EffectError``: `unavailable` where no server can be reached or its tables are missing,
    ///   `unauthenticated` where either side refuses the other, `permissionDenied` for a user without the rights,
    ///   `unsupported` for tables from a newer version.
    public static func open(
        _ configuration: PostgreSQLConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> PostgreSQLStorageHandler {
        let handler = PostgreSQLStorageHandler(configuration, context)
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
        capabilities = Self.capabilities(of: configuration)
        let validation = StorageValidation(handler: PostgreSQLPlace.technology, capabilities: capabilities)
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
        writer = pool("writer", maximum: 1, label: "aura.storage.w")
        readers = pool("readers", maximum: max(1, configuration.connections - 1), label: "aura.storage.r")
        queue = configuration.workQueue(of: "write", errors: validation.errors, metrics: context.metrics)
    }

    /// What a storage with a configuration declares, without connecting.
    public static func capabilities(of configuration: PostgreSQLConfiguration) -> Capabilities {
        Capabilities(
            [.durable, .multiProcess, .transactions],
            limits: [
                .keyBytes: 1024,
                .valueBytes: 64 * 1024 * 1024,
                .transactionMutations: 10_000,
                .transactionBytes: PostgreSQLConfiguration.statementBytes,
                .pageElements: 10_000,
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
        committer.start { [writer, queue, validation, batch = configuration.batch.bytes, place = self.place("write")] in
            @Sendable func commitGroup(_ session: Session) async throws(EffectError) {
                try await session.perform(at: place) { state throws(EffectError) in
                    // Taken only now: work may be withdrawn while this waits for a connection.
                    let changes = queue.joinGroup(byteLimit: batch)
                    if changes.isEmpty { return }
                    let committing = StorageCommitting(state: state, validation: validation, place: place)
                    queue.settle(try committing.commit(changes))
                }
            }
            while await queue.hasWork() {
                do throws(EffectError) {
                    try await writer.withConnection(in: "write", commitGroup)
                } catch {
                    queue.fail(error)
                }
            }
        }
    }

    /// Ends the storage: what waits is still done, then the connections are closed.
    public func close() async {
        queue.finish()
        // Not cancelled: it ends by itself once the queue is empty.
        await committer.wait()
        await readers.close()
        await writer.close()
    }

    private func place(_ operation: String) -> PostgreSQLPlace {
        configuration.place(StorageEffect.name, operation)
    }

    // MARK: StorageEffects

    /// The value under a key, checked against its checksum.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.check(key, in: "read")
        let place = place("read")
        return try await readers.reading(at: place, attempts: configuration.connections) { state throws(EffectError) in
            try state.read(key, at: place)
        }
    }

    /// Stores a value; concurrent writes share a transaction.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try validation.errors.checkCancellation(in: "write")
        try validation.check(key, in: "write")
        try validation.check(bytes, for: key, in: "write")
        let results = try await apply([.write(bytes, to: key, if: precondition)], operation: "write")
        guard let revision = results[0].revision else {
            throw place("write").error(.internal, "\(configuration.displayName): a write issued no revision.")
        }
        return revision
    }

    /// Removes a value; concurrent writes share a transaction.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        return try await apply([.remove(key, if: precondition)], operation: "remove")[0].existed
    }

    /// Keys in the order of their bytes, straight from the index.
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try validation.errors.checkCancellation(in: "list")
        let limit = try validation.pageSize(for: limit)
        let place = place("list")
        return try await readers.reading(at: place, attempts: configuration.connections) { state throws(EffectError) in
            try state.list(prefix: prefix, after: key, limit: limit, at: place)
        }
    }

    /// Applies the changes in one transaction of PostgreSQL, which other writes may share.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try validation.errors.checkCancellation(in: "transact")
        try validation.check(mutations)
        if mutations.isEmpty { return [] }
        return try await apply(mutations, operation: "transact").map(\.revision)
    }

    private func apply(
        _ mutations: [StorageMutation],
        operation: String
    ) async throws(EffectError) -> [StorageChange.Result] {
        try queue.checkRoom(for: operation)
        return try await queue.submit(StorageChange(mutations, operation: operation))
    }
}
#endif
