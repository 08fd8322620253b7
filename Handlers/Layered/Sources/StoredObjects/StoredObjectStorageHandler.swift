public import AuraEffects
public import AuraRuntime

/// Objects over a storage: bodies of any size, in chunks that are values, wherever values are kept.
///
/// An object appears at once, when its record is written in one transaction with all that goes with it. The chunks of one that
/// was replaced or removed are removed behind it: a body that is being read then throws `conflict`. What a process leaves that
/// ended amid a write is removed by a later one.
///
/// The keys that begin with the handler's prefix belong to it: nobody else may write them.
public final class StoredObjectStorageHandler: ObjectStorageEffects {
    /// The name in profiles.
    public static let technology = "stored"

    private static let largestChunk = ByteCount.kibibytes(256).bytes

    /// What the bucket gives over its storage.
    public let capabilities: Capabilities

    let storage: any StorageEffects
    let places: ObjectPlaces
    let validation: ObjectValidation
    let bodies: ObjectBodies
    let housekeeping: ObjectHousekeeping

    /// Opens a bucket.
    ///
    /// - Parameters:
    ///   - storage: The storage.
    ///   - prefix: What the keys of everything begin with; not empty.
    ///   - context: Time and random source, the budget and the logger.
    /// - Throws: ``EffectError``: `invalidArgument` for a prefix that is empty or leaves no room for a key, `unsupported` where the
    ///   storage has no transactions.
    public init(
        over storage: any StorageEffects,
        prefix: String,
        _ context: HandlerContext
    ) throws(EffectError) {
        capabilities = Self.capabilities(prefix: prefix, over: storage.capabilities)
        validation = ObjectValidation(handler: Self.technology, capabilities: capabilities)
        places = ObjectPlaces(prefix: prefix)
        self.storage = storage
        let inner = storage.capabilities
        bodies = ObjectBodies(
            storage: storage,
            places: places,
            time: context.time,
            random: context.random,
            capabilities: capabilities,
            errors: validation.errors,
            chunkBytes: min(Self.largestChunk, inner.limit(.valueBytes))
        )
        guard !prefix.isEmpty, capabilities.limit(.keyBytes) > 0 else {
            let message =
                prefix.isEmpty
                ? "The prefix is empty: name the bucket's values."
                : "The prefix has \(prefix.utf8.count) bytes and leaves no room for a key: the storage underneath takes "
                    + "keys of \(inner.limit(.keyBytes)) bytes."
            throw validation.errors.error(.invalidArgument, in: "open", message)
        }
        guard inner.contains(.transactions) else {
            let message =
                "The storage underneath does not declare '\(Capability.transactions)', by which an object appears at once: "
                + "choose one that does."
            throw validation.errors.error(.unsupported, in: "open", message)
        }
        housekeeping = ObjectHousekeeping(bodies, context.logger)
    }

    /// What a bucket declares, given what its storage does.
    public static func capabilities(prefix: String, over storage: Capabilities) -> Capabilities {
        var capabilities = Capabilities(
            storage.features.intersection([.durable, .multiProcess])
                .union([.uniqueRevisions, .conditionalRemoval, .arbitraryKeys, .orderedListing])
        )
        let overhead = ObjectPlaces(prefix: prefix).overhead
        capabilities.limits = [
            .objectBytes: ByteCount.gibibytes(1024).bytes,
            .metadataBytes: 2048,
            .pageElements: 1000,
            .uploadParts: 10_000,
            .partBytes: ByteCount.gibibytes(5).bytes,
        ]
        capabilities.limits[.keyBytes] = storage.limits[.keyBytes].map { max(0, $0 - overhead) }
        return capabilities
    }

    /// Waits until what was replaced and removed is gone.
    public func close() async {
        await housekeeping.finish()
    }

    var errors: HandlerErrors { validation.errors }

    // MARK: ObjectStorageEffects

    /// What is known of an object without its body.
    public func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? {
        try errors.checkCancellation(in: "info")
        try validation.check(key, in: "info")
        return try await stored(key, in: "info")?.info
    }

    /// Opens an object for reading.
    public func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        try errors.checkCancellation(in: "get")
        try validation.check(key, in: "get")
        guard let stored = try await stored(key, in: "get") else { return nil }
        guard condition.holds(for: stored.info.revision) else {
            let message = "The object \(HandlerErrors.quote(key.text)) has another revision than the caller asks for."
            throw errors.error(.preconditionFailed, in: "get", message)
        }
        let wanted = try validation.bytes(of: range, in: stored.info.byteCount)
        let body = bodies.read(wanted, of: stored.record, key: key)
        return ObjectContent(info: stored.info, range: wanted, body: body)
    }

    /// Stores an object.
    @discardableResult
    public func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "put")
        try validation.check(key, in: "put")
        try validation.check(metadata, in: "put")
        return try await store(body, metadata, to: key, if: precondition, in: "put")
    }

    /// Removes an object; a key without an object stays without one.
    public func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        try errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        let precondition = revision.map { CloudPrecondition.matches($0) } ?? .none
        try await change(key, if: precondition, in: "remove") { stored in
            stored.map { [.remove(places.object(key), if: .matches($0.storageRevision))] } ?? []
        }
    }

    /// Copies an object with its metadata, chunk by chunk.
    @discardableResult
    public func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "copy")
        try validation.check(source, in: "copy")
        try validation.check(key, in: "copy")
        guard source != key else {
            let message = "The object would be copied onto itself: name another key."
            throw errors.error(.invalidArgument, in: "copy", message)
        }
        while true {
            let stored = try await stored(source, in: "copy")
            guard let stored else {
                let message = "There is no object \(HandlerErrors.quote(source.text)) to copy."
                throw errors.error(.notFound, in: "copy", message)
            }
            let expected = revision.map { CloudPrecondition.matches($0) } ?? .none
            try errors.check(expected, on: source.text, stored: stored.info.revision, in: "copy")
            let body = bodies.read(0..<stored.info.byteCount, of: stored.record, key: source)
            do throws(EffectError) {
                return try await store(body, stored.info.metadata, to: key, if: precondition, in: "copy")
            } catch {
                // The source was replaced meanwhile: copy the new one, or find out that it is none that was asked for.
                guard error.code == .conflict else { throw error }
            }
        }
    }

    /// A page of the objects whose keys begin with a prefix; each object's record is read.
    public func list(
        prefix: String,
        after token: PageToken?,
        limit: Int
    ) async throws(EffectError) -> ObjectPage {
        try errors.checkCancellation(in: "list")
        let size = try validation.pageSize(for: limit)
        do throws(EffectError) {
            let after = token.map { places.object(ObjectKey($0.rawValue)) }
            let page = try await storage.list(prefix: places.objects + prefix, after: after, limit: size)
            var items: [ObjectPage.Item] = []
            for item in page.items {
                guard let info = try await stored(places.key(of: item.key), in: "list")?.info else { continue }
                items.append(
                    ObjectPage.Item(
                        key: info.key,
                        revision: info.revision,
                        byteCount: info.byteCount,
                        modified: info.modified
                    )
                )
            }
            return ObjectPage(items: items, next: page.next.map { PageToken(rawValue: places.key(of: $0).text) })
        } catch {
            throw mapped(error, in: "list")
        }
    }

    /// Is refused: a storage has no addresses.
    public func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        try validation.checkPresigning(expiresIn: duration)
        throw errors.error(
            .unsupported,
            in: "presignedURL",
            "A storage has no addresses: choose a bucket of a service."
        )
    }
}
