public import AuraEffects
public import AuraRuntime

/// Storage whose values are encrypted and authenticated, over another one that sees neither.
///
/// Each value is sealed by AES-256-GCM under a key of its own, which is derived (HKDF-SHA-256, RFC 5869) from the current
/// version of a data key, from a random salt and from the storage key. Values above 64 KiB are sealed in chunks of that size.
/// A header in the clear names format, data key and version, so that a rotated key goes on reading what it wrote.
///
/// A manifest beside the values, encrypted and authenticated as they are, says which sealing of each value is the current one.
/// Every change replaces its part of the manifest together with the value, in one transaction of the storage underneath, which
/// must declare ``Capability/transactions``. So these are found, and thrown as `corrupted` with what it is, whoever writes to
/// the storage underneath: a value or a part of the manifest that was altered, cut, extended, exchanged for another, put back to
/// an earlier one, removed, or written there without this handler.
///
/// These are not found: the storage underneath put back *as a whole* to what it was at an earlier time, unless a handler that is
/// open has seen a later one; and keys that were taken out of or put into listings alone, until they are read. Storage keys, the
/// sizes of values and when they are written are not hidden from the storage underneath.
///
/// Keys are never created here: where the data key is missing or another one, operations throw `unauthenticated`.
/// After a rotation values are written under the new version, and a task in the background seals the older ones anew where
/// the budget allows for housekeeping. That gives a value another revision, as any write does, and a caller's condition on the
/// former one then fails: it reads again.
public final class EncryptedStorageHandler: StorageEffects {
    /// The name in profiles.
    public static let technology = "encrypted"

    /// What the storage underneath declares, with room for what encryption adds.
    public let capabilities: Capabilities

    private let inner: any StorageEffects
    private let sealer: Sealer
    private let manifest: ManifestStore
    private let validation: StorageValidation
    private let queue: EncryptedWriter.Queue
    private let committer = TaskOwner()
    private let background = TaskOwner()

    /// Opens the storage, and begins its housekeeping where the budget allows for it.
    ///
    /// - Parameters:
    ///   - inner: The storage underneath, which nobody else may write to but handlers of this kind and key.
    ///   - key: The data key's name in the key store: a key of ``KeyAlgorithm/hmacSHA256``.
    ///   - context: Crypto, keys, random source, time, budget, logger and metrics.
    /// - Returns: The open storage; end it with ``close()``.
    /// - Throws: ``EffectError``: `unsupported` where the storage underneath has no transactions or the random source can be
    ///   foretold, `unauthenticated` where the key store lacks the key or has another one of its name, `invalidArgument` for a
    ///   key of another algorithm, `corrupted` where the storage underneath holds anything that is not this handler's or was
    ///   altered.
    public static func open(
        over inner: any StorageEffects,
        key: KeyName,
        _ context: HandlerContext
    ) async throws(EffectError) -> EncryptedStorageHandler {
        let handler = EncryptedStorageHandler(inner, key, context)
        try await handler.check()
        let writer = EncryptedWriter(
            inner: inner,
            sealer: handler.sealer,
            manifest: handler.manifest,
            groupByteCount: context.budget.writeBatch.bytes
        )
        let queue = handler.queue
        handler.committer.start { await writer.commitGroups(from: queue) }
        if context.budget.backgroundCompaction {
            let reencryption = Reencryption(
                inner: inner,
                sealer: handler.sealer,
                manifest: handler.manifest,
                queue: queue,
                metrics: context.metrics.queue("reencryption"),
                logger: context.logger
            )
            handler.background.start { await reencryption.run(every: .seconds(60), context.time) }
        }
        return handler
    }

    private init(_ inner: any StorageEffects, _ key: KeyName, _ context: HandlerContext) {
        self.inner = inner
        capabilities = Self.capabilities(key: key, over: inner.capabilities)
        validation = StorageValidation(handler: Self.technology, capabilities: capabilities)
        sealer = Sealer(DataKeys(key, context, errors: validation.errors), context)
        manifest = ManifestStore(inner, sealer, capacity: context.budget.journalCache.bytes / 4)
        queue = WorkQueue(
            of: "write",
            countLimit: 4096,
            byteLimit: max(context.budget.memoryLimit.bytes / 16, context.budget.writeBatch.bytes),
            errors: validation.errors,
            metrics: context.metrics.queue("write")
        )
    }

    /// What an encrypted storage declares, given what the storage underneath does.
    public static func capabilities(key: KeyName, over inner: Capabilities) -> Capabilities {
        let size = SealedSize(key)
        var capabilities = inner
        capabilities.limits[.keyBytes] = inner.limits[.keyBytes].map { max(0, $0 - EncryptedPlaces.values.utf8.count) }
        capabilities.limits[.valueBytes] = inner.limits[.valueBytes].map { size.largestPlaintext(within: $0) }
        if let limit = inner.limits[.transactionMutations] {
            let most = max((limit - 1) / 2, limit - 1 - ManifestRoot.bucketCount)
            capabilities.limits[.transactionMutations] = most
            if let bytes = inner.limits[.transactionBytes] {
                // Half is for the manifest; every value may be a record of its own and all of them chunked.
                let rest = bytes / 2 - most * size.leastOverhead
                capabilities.limits[.transactionBytes] = max(bytes / 8, size.largestPlaintext(within: max(0, rest)))
            }
        }
        return capabilities
    }

    /// Looks whether the data key is there and the storage underneath this handler's.
    private func check() async throws(EffectError) {
        let errors = validation.errors
        guard inner.capabilities.contains(.transactions) else {
            throw errors.error(
                .unsupported,
                in: "open",
                "The storage underneath does not declare '\(Capability.transactions)', which values and manifest need to "
                    + "change together: choose one that does."
            )
        }
        try sealer.checkRandom(in: "open")
        _ = try await sealer.keys.current(in: "open")
        // The listing first: what another process writes meanwhile comes with its manifest.
        let first = try await inner.list(prefix: "", after: nil, limit: 1).items.first?.key
        let root = try await manifest.root(in: "open")
        var foreign = try await EncryptedPlaces.foreignKey(in: inner)
        if root.revision == nil { foreign = foreign ?? first }
        if let foreign {
            throw errors.error(
                .corrupted,
                in: "open",
                "The storage underneath holds \(HandlerErrors.quote(foreign.text)), which is not encrypted or whose manifest is "
                    + "gone: give encrypted storage a place of its own, or restore it from a backup."
            )
        }
    }

    /// Ends the storage: ends the housekeeping, and waits for what is under way.
    public func close() async {
        background.cancel()
        await background.wait()
        queue.finish()
        await committer.wait()
    }

    // MARK: StorageEffects

    /// The value under a key, decrypted and compared with the manifest.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(key, in: "read")
        let reader = EncryptedReader(inner: inner, sealer: sealer, manifest: manifest)
        return try await reader.read(key, in: "read")
    }

    /// Seals a value and stores it, together with other writes that wait.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try validation.errors.checkCancellation(in: "write")
        try validation.check(key, in: "write")
        try validation.check(bytes, for: key, in: "write")
        let record = try await sealer.seal(bytes, as: .value(key), in: "write")
        let part = EncryptedChange.Part(key: key, record: record, precondition: precondition)
        guard let revision = try await queue.submit(EncryptedChange(operation: "write", parts: [part]))[0].revision
        else {
            throw validation.errors.error(.internal, in: "write", "A write issued no revision.")
        }
        return revision
    }

    /// Removes a value, together with other writes that wait.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        let part = EncryptedChange.Part(key: key, record: nil, precondition: precondition)
        return try await queue.submit(EncryptedChange(operation: "remove", parts: [part]))[0].existed
    }

    /// Keys in the order of their bytes, as the storage underneath lists them.
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try validation.errors.checkCancellation(in: "list")
        let limit = try validation.pageSize(for: limit)
        var page: StoragePage
        do throws(EffectError) {
            // After the bare prefix, which is no value's place.
            let start = EncryptedPlaces.value(key ?? "")
            page = try await inner.list(prefix: EncryptedPlaces.values + prefix, after: start, limit: limit)
        } catch {
            throw validation.errors.mapped(error, in: "list")
        }
        for index in page.items.indices {
            page.items[index].key = EncryptedPlaces.key(page.items[index].key)
            guard let count = sealer.size.plaintext(ofSealed: page.items[index].byteCount) else {
                throw sealer.corrupted(.value(page.items[index].key), "has a size that no sealed one has", in: "list")
            }
            page.items[index].byteCount = count
        }
        page.next = page.next.map { EncryptedPlaces.key($0) }
        return page
    }

    /// Seals the values and applies the changes all together or not at all.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try validation.errors.checkCancellation(in: "transact")
        try validation.check(mutations)
        if mutations.isEmpty { return [] }
        var change = EncryptedChange(operation: "transact")
        change.parts.reserveCapacity(mutations.count)
        for mutation in mutations {
            var part = EncryptedChange.Part(key: mutation.key, record: nil, precondition: mutation.precondition)
            if case .write(let bytes) = mutation.change {
                part.record = try await sealer.seal(bytes, as: .value(mutation.key), in: "transact")
            }
            change.parts.append(part)
        }
        return try await queue.submit(change).map(\.revision)
    }
}
