internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// What kind of service a bucket is of.
enum BucketKind: String, Sendable, CaseIterable {
    /// Everything that the contract has.
    case complete
    /// Revisions are taken from the content, as entity tags are: equal bytes have equal revisions.
    case repeatingRevisions
    /// Objects are removed whatever their revision.
    case plainRemoval
    /// Keys have no control characters.
    case plainKeys
    /// Listings come in no order.
    case unordered

    var capabilities: Capabilities {
        var capabilities = Capabilities(
            [.uniqueRevisions, .conditionalRemoval, .arbitraryKeys, .orderedListing],
            limits: [.keyBytes: 1024, .objectBytes: 4 << 20, .metadataBytes: 2048, .pageElements: 100]
        )
        switch self {
        case .complete: break
        case .repeatingRevisions: capabilities.features.remove(.uniqueRevisions)
        case .plainRemoval: capabilities.features.subtract([.uniqueRevisions, .conditionalRemoval])
        case .plainKeys: capabilities.features.remove(.arbitraryKeys)
        case .unordered: capabilities.features.remove(.orderedListing)
        }
        return capabilities
    }
}

/// A bucket whose kind and faults a test chooses.
final class TestBucket: ObjectStorageEffects {
    /// What becomes of the next put.
    enum PutFault: Sendable {
        /// It is stored, and nobody is told.
        case unacknowledged
        /// It is lost, and nobody is told.
        case lost
        /// It is stored and overwritten by somebody else, and nobody is told.
        case overwritten([UInt8])
    }

    private struct Object: Sendable {
        var bytes: [UInt8]
        var revision: CloudRevision
    }

    private struct State: Sendable {
        var objects: [ObjectKey: Object] = [:]
        /// The keys as the bucket lists them.
        ///
        /// It sorts none when it is asked: writers that leave marks would outrun the listings.
        var order: [ObjectKey] = []
        var lastRevision = 0
        var faults: [PutFault] = []
        var listCount = 0
        var knowsTokens = true
    }

    let kind: BucketKind
    private let validation: ObjectValidation
    private let state = Mutex(State())

    init(_ kind: BucketKind) {
        self.kind = kind
        validation = ObjectValidation(handler: "test", capabilities: kind.capabilities)
    }

    var capabilities: Capabilities { kind.capabilities }

    private var errors: HandlerErrors { validation.errors }

    func failNextPut(_ fault: PutFault) {
        state.withLock { $0.faults.append(fault) }
    }

    /// How many listings were asked for.
    var listCount: Int { state.withLock { $0.listCount } }

    /// Forgets the tokens that it gave.
    func forgetTokens() {
        state.withLock { $0.knowsTokens = false }
    }

    /// The keys in the bucket.
    var keys: [ObjectKey] { state.withLock { $0.order.sorted() } }

    /// Changes an object's bytes behind everybody's back.
    func change(_ key: ObjectKey, _ change: (inout [UInt8]) -> Void) {
        state.withLock { state in
            if var bytes = state.objects[key]?.bytes {
                change(&bytes)
                state.objects[key]?.bytes = bytes
            }
        }
    }

    func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? {
        try errors.checkCancellation(in: "info")
        try validation.check(key, in: "info")
        return state.withLock { $0.objects[key] }.map { info($0, key) }
    }

    func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        try errors.checkCancellation(in: "get")
        try validation.check(key, in: "get")
        guard let object = state.withLock({ $0.objects[key] }) else { return nil }
        let wanted = try validation.bytes(of: range, in: object.bytes.count)
        return ObjectContent(info: info(object, key), range: wanted, body: ByteStream(Array(object.bytes[wanted])))
    }

    func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "put")
        try validation.check(key, in: "put")
        let bytes = try await validation.collect(body, atMost: .objectBytes, in: "put")
        return try state.withLock { state throws(EffectError) in
            try errors.check(precondition, on: key.text, stored: state.objects[key]?.revision, in: "put")
            let fault = state.faults.isEmpty ? nil : state.faults.removeFirst()
            if case .lost = fault { throw lost() }
            let revision = store(bytes, under: key, &state)
            if case .overwritten(let other) = fault { _ = store(other, under: key, &state) }
            if fault != nil { throw lost() }
            return revision
        }
    }

    private func store(_ bytes: [UInt8], under key: ObjectKey, _ state: inout State) -> CloudRevision {
        state.lastRevision += 1
        let isUnique = capabilities.contains(.uniqueRevisions)
        let name = isUnique ? "\(state.lastRevision)" : SHA256.hash(bytes).description
        let revision = CloudRevision(rawValue: name)
        if state.objects.updateValue(Object(bytes: bytes, revision: revision), forKey: key) == nil {
            state.order.insert(key, at: position(of: key, in: state.order))
        }
        return revision
    }

    /// Where a key stands among those that the bucket lists, or would stand.
    private func position(of key: ObjectKey, in order: [ObjectKey]) -> Int {
        if capabilities.contains(.orderedListing) { return order.partitioningIndex(where: { $0 >= key }) }
        // By their last bytes first: repeatable, and in no order that anybody expects.
        let bytes = key.text.utf8.reversed()
        return order.partitioningIndex(where: { !$0.text.utf8.reversed().lexicographicallyPrecedes(bytes) })
    }

    private func lost() -> EffectError {
        errors.error(.unavailable, in: "put", "The connection ended.", outcome: .unknown)
    }

    func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        try errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        if revision != nil { try errors.require(.conditionalRemoval, of: capabilities, in: "remove") }
        try state.withLock { state throws(EffectError) in
            let precondition = revision.map { CloudPrecondition.matches($0) } ?? .none
            try errors.check(precondition, on: key.text, stored: state.objects[key]?.revision, in: "remove")
            if state.objects.removeValue(forKey: key) != nil {
                state.order.remove(at: position(of: key, in: state.order))
            }
        }
    }

    func list(prefix: String, after token: PageToken?, limit: Int) async throws(EffectError) -> ObjectPage {
        try errors.checkCancellation(in: "list")
        let size = try validation.pageSize(for: limit)
        return try state.withLock { state throws(EffectError) in
            state.listCount += 1
            if token != nil, !state.knowsTokens {
                state.knowsTokens = true
                throw errors.error(.invalidArgument, in: "list", "The token is none: begin the listing anew.")
            }
            let start = token.map { position(of: ObjectKey($0.rawValue), in: state.order) } ?? 0
            let found = Array(state.order[start...].lazy.filter { $0.hasPrefix(prefix) }.prefix(size + 1))
            let listed = found.prefix(size)
            let next = found.dropFirst(size).first
            let items = listed.compactMap { key in
                state.objects[key]
                    .map {
                        ObjectPage.Item(
                            key: key,
                            revision: $0.revision,
                            byteCount: $0.bytes.count,
                            modified: WallTime(nanosecondsSinceEpoch: 0)
                        )
                    }
            }
            return ObjectPage(items: items, next: next.map { PageToken(rawValue: $0.text) })
        }
    }

    private func info(_ object: Object, _ key: ObjectKey) -> ObjectInfo {
        ObjectInfo(
            key: key,
            revision: object.revision,
            byteCount: object.bytes.count,
            metadata: ObjectMetadata(),
            modified: WallTime(nanosecondsSinceEpoch: 0)
        )
    }
}

/// What a storage never asks of its bucket.
extension TestBucket {
    private var none: UnimplementedObjectStorageEffects { UnimplementedObjectStorageEffects() }

    func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await none.copy(source, matching: revision, to: key, if: precondition)
    }

    func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        try await none.beginUpload(to: key, metadata: metadata)
    }

    func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        try await none.uploadPart(number, of: upload, body)
    }

    func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await none.completeUpload(upload, parts: parts, if: precondition)
    }

    func abortUpload(_ upload: ObjectUpload) async throws(EffectError) {
        try await none.abortUpload(upload)
    }

    func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        try await none.presignedURL(access, to: key, expiresIn: duration)
    }
}
