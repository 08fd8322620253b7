#if SQLite
public import AuraEffects
public import AuraRuntime

/// Storage in an SQLite file, which several processes may share.
///
/// One writer commits concurrent writes in groups: one transaction and one sync for many callers. Several readers work
/// beside it.
public final class SQLiteStorageHandler: StorageEffects {
    /// What the storage gives under a configuration.
    public let capabilities: Capabilities

    private let configuration: SQLiteConfiguration
    private let context: HandlerContext
    private let validation: StorageValidation
    private let writer: SQLiteSession<StorageState>
    private let readers: SQLiteReaderPool<StorageState>
    private let queue: WorkQueue<StorageChange>
    private let committer = TaskOwner()
    private let attendants = TaskOwner()

    /// Opens the storage, creating the file where there is none and bringing its schema up to date.
    ///
    /// - Parameters:
    ///   - configuration: The file and how to treat it.
    ///   - context: Time, random source, executors and logger.
    /// - Returns: The open storage; end it with ``close()``.
    /// - Throws: ``EffectError``: `unavailable` or `permissionDenied` where the file cannot be opened, `corrupted` where it
    ///   is no database or a damaged one, `unsupported` for a schema from a newer version, `invalidArgument` for
    ///   another application's database.
    public static func open(
        _ configuration: SQLiteConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> SQLiteStorageHandler {
        let handler = SQLiteStorageHandler(configuration, context)
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
        let validation = StorageValidation(handler: SQLitePlace.technology, capabilities: capabilities)
        self.validation = validation
        let file = configuration.path
        let makeState: @Sendable (SQLiteConnection) -> StorageState = { connection in
            StorageState(connection, validation: validation) { operation in
                SQLitePlace(effect: StorageEffect.name, operation: operation, file: file)
            }
        }
        writer = SQLiteSession(.writer, configuration, context, label: "aura.storage.w", makeState: makeState)
        readers = SQLiteReaderPool(configuration, context, label: "aura.storage.r", makeState: makeState)
        queue = configuration.workQueue(of: "write", errors: validation.errors, metrics: context.metrics)
    }

    /// What a storage with a configuration declares, without opening it.
    public static func capabilities(of configuration: SQLiteConfiguration) -> Capabilities {
        var features: Set<Capability> = [.multiProcess, .transactions]
        if configuration.synchronous == .full { features.insert(.durable) }
        return Capabilities(
            features,
            limits: [
                .keyBytes: 1024,
                .valueBytes: 64 * 1024 * 1024,
                .transactionMutations: 10_000,
                .pageElements: 10_000,
            ]
        )
    }

    private func start() async throws(EffectError) {
        let place = place("open")
        try await writer.start(at: place)
        try await writer.skipLostRevisions(isDurable: configuration.synchronous == .full, at: place)
        try await readers.start(at: place)
        let (writer, queue, batch, writePlace) = (writer, queue, configuration.batch.bytes, self.place("write"))
        committer.start {
            await writer.commitGroups(from: queue, byteLimit: batch, at: writePlace) {
                state,
                group throws(EffectError) in
                let answers = try group.writeEach { change throws(EffectError) in try state.apply(change) }
                try state.revisions.keep(at: writePlace)
                return answers
            }
        }
        if configuration.doesHousekeeping {
            let housekeeping = SQLiteHousekeeping(time: context.time, logger: context.logger)
            attendants.start { await housekeeping.run(on: writer, at: place) }
        }
    }

    /// Ends the storage: what waits is still done, then the file is closed.
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
        SQLitePlace(effect: StorageEffect.name, operation: operation, file: configuration.path)
    }

    // MARK: StorageEffects

    /// The value under a key, checked against its checksum.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(key, in: "read")
        return try await readers.read(at: place("read"), needsTransaction: false) { state throws(EffectError) in
            try state.read(key)
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
        let place = place("write")
        let results = try await apply([.write(bytes, to: key, if: precondition)], operation: "write")
        guard let revision = results[0].revision else {
            throw place.error(.internal, "\(place.file): a write issued no revision.")
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
        return try await readers.read(at: place("list"), needsTransaction: false) { state throws(EffectError) in
            try state.list(prefix: prefix, after: key, limit: limit)
        }
    }

    /// Applies the changes in one transaction of SQLite, which other writes may share.
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
