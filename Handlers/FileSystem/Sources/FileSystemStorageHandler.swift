public import AuraEffects
public import AuraRuntime
internal import Synchronization

/// Storage in the files of a folder, which several processes may share.
///
/// A write is done once it is in the intent log, synced where the storage is durable; writes that wait at once share the sync.
/// From there values move to files of their own, one for each key, and the keys to an index in the order of their bytes. A
/// read takes no lock.
public final class FileSystemStorageHandler: StorageEffects {
    /// What the storage gives under a configuration.
    public let capabilities: Capabilities

    private let configuration: FileSystemConfiguration
    private let validation: StorageValidation
    private let writer: StorageWriter
    private let readers: StorageReaders
    private let queue: StorageWriter.Queue
    private let committer = TaskOwner()
    private let catalog = Mutex<Catalog?>(nil)

    /// Opens the storage, making the folder where there is none and ending what a crash has left half-done.
    ///
    /// - Parameters:
    ///   - configuration: The folder and how to treat it.
    ///   - context: Time, random source, executors and logger.
    /// - Returns: The open storage; end it with ``close()``.
    /// - Throws: ``EffectError``: `unavailable` or `permissionDenied` where the folder cannot be opened or is a link,
    ///   `corrupted` where the log or the index is damaged, `unsupported` where a newer version wrote them,
    ///   `invalidArgument` where the folder holds files of something else.
    public static func open(
        _ configuration: FileSystemConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> FileSystemStorageHandler {
        let handler = FileSystemStorageHandler(configuration, context)
        let catalog = try await handler.writer.open()
        handler.catalog.withLock { $0 = catalog }
        let (writer, queue) = (handler.writer, handler.queue)
        handler.committer.start { await writer.commitGroups(from: queue) }
        return handler
    }

    private init(_ configuration: FileSystemConfiguration, _ context: HandlerContext) {
        self.configuration = configuration
        capabilities = Self.capabilities(of: configuration)
        validation = StorageValidation(handler: FilePlace.technology, capabilities: capabilities)
        writer = StorageWriter(configuration, context, validation: validation)
        readers = StorageReaders(count: configuration.readerCount, context.executors)
        queue = WorkQueue(
            of: "write",
            countLimit: configuration.queueLength,
            byteLimit: max(configuration.log.bytes, configuration.batch.bytes),
            errors: validation.errors,
            metrics: context.metrics.queue("write")
        )
    }

    /// What a storage with a configuration declares, without opening it.
    public static func capabilities(of configuration: FileSystemConfiguration) -> Capabilities {
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

    /// Ends the storage: waits for what is under way, then moves what the log holds to its files.
    public func close() async {
        queue.finish()
        await committer.wait()
        catalog.withLock { $0 = nil }
        await writer.close()
    }

    private func reading<Result: Sendable>(
        _ operation: String,
        _ body: @Sendable (Catalog) throws(FileFailure) -> Result
    ) async throws(EffectError) -> Result {
        guard let catalog = catalog.withLock({ $0 }) else { throw validation.errors.stopped(in: operation) }
        let place = FilePlace(errors: validation.errors, folder: configuration.path, operation: operation)
        return try await readers.perform(at: place) { () throws(FileFailure) in try body(catalog) }
    }

    // MARK: StorageEffects

    /// The value under a key, checked against its checksum.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(key, in: "read")
        return try await reading("read") { catalog throws(FileFailure) in try catalog.read(key) }
    }

    /// Stores a value, together with other writes that wait.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try validation.errors.checkCancellation(in: "write")
        try validation.check(key, in: "write")
        try validation.check(bytes, for: key, in: "write")
        let answer = try await queue.submit(StorageCall("write", [.write(bytes, to: key, if: precondition)]))
        guard let revision = answer[0].revision else {
            throw validation.errors.error(.internal, in: "write", "A write issued no revision.")
        }
        return revision
    }

    /// Removes a value, together with other writes that wait.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        return try await queue.submit(StorageCall("remove", [.remove(key, if: precondition)]))[0].existed
    }

    /// Keys in the order of their bytes, from the index and the log.
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try validation.errors.checkCancellation(in: "list")
        let limit = try validation.pageSize(for: limit)
        return try await reading("list") { catalog throws(FileFailure) in
            try catalog.list(prefix: prefix, after: key, limit: limit)
        }
    }

    /// Applies the changes as one batch of the log.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try validation.errors.checkCancellation(in: "transact")
        try validation.check(mutations)
        if mutations.isEmpty { return [] }
        return try await queue.submit(StorageCall("transact", mutations)).map(\.revision)
    }
}
