public import AuraEffects
public import AuraRuntime

/// Storage in one file that only grows, for settings and small values on one machine.
///
/// A write is one append and one sync. The file is written anew when it is opened with too much in it that was
/// overwritten or removed. One process has it open at a time.
public actor LogStorageHandler: StorageEffects {
    /// The name in profiles.
    public static let technology = "log"

    /// What the handler declares under its configuration.
    public nonisolated let capabilities: Capabilities

    private let validation: StorageValidation
    private let executor: any SerialExecutor
    /// The log; `nil` before the handler is opened and once it is closed.
    private var log: Log?

    /// The executor that blocking calls run on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    private init(_ configuration: LogConfiguration, _ context: HandlerContext) {
        capabilities = Self.capabilities(of: configuration)
        validation = StorageValidation(handler: Self.technology, capabilities: capabilities)
        executor = context.executors.makeExecutor(label: "storage.log")
    }

    /// Opens a log, or makes an empty one.
    ///
    /// - Parameters:
    ///   - configuration: The file and how it is written.
    ///   - context: Gives the budget and the executor.
    /// - Returns: The handler.
    /// - Throws: ``EffectError``: `unavailable` where another process has the log open, `corrupted` where it is damaged,
    ///   `notFound` where its folder does not exist.
    public static func open(
        _ configuration: LogConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> LogStorageHandler {
        let handler = LogStorageHandler(configuration, context)
        try await handler.start(configuration, context.budget)
        return handler
    }

    /// What a log with a configuration declares, without opening it.
    public static func capabilities(of configuration: LogConfiguration) -> Capabilities {
        Capabilities(
            configuration.isSynced ? [.durable, .transactions] : [.transactions],
            limits: [
                .keyBytes: 1024,
                .valueBytes: ByteCount.mebibytes(8).bytes,
                .transactionMutations: 1000,
                .pageElements: 1000,
            ]
        )
    }

    private func start(_ configuration: LogConfiguration, _ budget: ResourceBudget) throws(EffectError) {
        log = try Log(configuration, validation.errors, copyingBy: budget.writeBatch.bytes)
    }

    /// Closes the file; whatever is called afterwards is `unavailable`.
    public func close() {
        log = nil
    }

    /// The value under a key, compared with its digest.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        let log = try checked("read")
        try validation.check(key, in: "read")
        return try log.read(key)
    }

    /// Appends a value to the log.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try validation.check(key, in: "write")
        try validation.check(bytes, for: key, in: "write")
        guard let revision = try apply([.write(bytes, to: key, if: precondition)], in: "write")[0] else {
            throw validation.errors.error(.internal, in: "write", "A write issued no revision.")
        }
        return revision
    }

    /// Appends a removal to the log.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.check(key, in: "remove")
        let existed = log?.index.places[key] != nil
        _ = try apply([.remove(key, if: precondition)], in: "remove")
        return existed
    }

    /// Keys in the order of their bytes, from memory.
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        let log = try checked("list")
        let size = try validation.pageSize(for: limit)
        return log.index.page(prefix: prefix, after: key, size: size)
    }

    /// Appends all changes as one record.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try validation.check(mutations)
        return try apply(mutations, in: "transact")
    }

    private func apply(_ mutations: [StorageMutation], in operation: String) throws(EffectError) -> [StorageRevision?] {
        let log = try checked(operation)
        for mutation in mutations {
            let stored = log.index.places[mutation.key]?.value.revision
            try validation.check(mutation.precondition, on: mutation.key, stored: stored, in: operation)
        }
        return try log.apply(mutations, in: operation)
    }

    /// The open log, unless the calling task was cancelled.
    private func checked(_ operation: String) throws(EffectError) -> Log {
        try validation.errors.checkCancellation(in: operation)
        guard let log else { throw validation.errors.stopped(in: operation) }
        return log
    }
}
