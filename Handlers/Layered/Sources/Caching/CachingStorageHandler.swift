public import AuraEffects
public import AuraRuntime
internal import Synchronization

/// A cache in memory over another storage: values that were read or written lately are not fetched again.
///
/// Where others may write to the storage underneath, each value is compared with what is stored before it is given out: a
/// listing of one key tells its revision, and a revision never comes back. That saves the transfer of the bytes and not
/// the way. Where this handler alone writes, values are given out without asking, and the handler does not declare
/// ``Capability/multiProcess``.
public final class CachingStorageHandler: StorageEffects {
    /// The name in profiles.
    public static let technology = "caching"

    /// What the storage underneath declares, without `multiProcess` where the cache is exclusive.
    public let capabilities: Capabilities

    private let inner: any StorageEffects
    private let isExclusive: Bool
    private let errors = HandlerErrors(StorageEffect.self, handler: technology)
    private let cache: Mutex<CoherentCache>
    private let metrics: CacheMetrics

    /// Creates an empty cache.
    ///
    /// - Parameters:
    ///   - inner: The storage underneath.
    ///   - capacity: The most bytes that the cache holds; larger values pass by it.
    ///   - isExclusive: Whether nobody else writes to the storage underneath. A write by anybody else goes unnoticed then.
    ///   - metrics: Where the cache reports its hits and misses.
    public init(
        over inner: any StorageEffects,
        capacity: ByteCount,
        isExclusive: Bool,
        metrics: HandlerMetrics = .none
    ) {
        self.inner = inner
        self.isExclusive = isExclusive
        capabilities = Self.capabilities(over: inner.capabilities, isExclusive: isExclusive)
        cache = Mutex(CoherentCache(capacity: capacity.bytes))
        self.metrics = metrics.cache("values")
    }

    /// What a cache declares, given what the storage underneath does.
    public static func capabilities(over inner: Capabilities, isExclusive: Bool) -> Capabilities {
        var capabilities = inner
        if isExclusive { capabilities.features.remove(.multiProcess) }
        return capabilities
    }

    /// The value under a key, from the cache where it is there and still stored.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try errors.checkCancellation(in: "read")
        switch cache.withLock({ $0.lookUp(key) }) {
        case .hit(let value):
            let revision = isExclusive ? value.revision : try await storedRevision(of: key)
            if revision == value.revision {
                metrics.hit()
                return value
            }
            guard revision != nil else { return nil }
            return try await fetch(key, cache.withLock { $0.beginRead(of: key) })
        case .miss(let ticket):
            return try await fetch(key, ticket)
        }
    }

    /// A key is the first of those that begin with it.
    private func storedRevision(of key: StorageKey) async throws(EffectError) -> StorageRevision? {
        let item = try await inner.list(prefix: key.text, after: nil, limit: 1).items.first
        return item?.key == key ? item?.revision : nil
    }

    private func fetch(_ key: StorageKey, _ ticket: CoherentCache.Ticket) async throws(EffectError) -> StoredValue? {
        metrics.miss()
        var found: StoredValue?
        defer { cache.withLock { [found] in $0.endRead(of: key, ticket, found: found) } }
        found = try await inner.read(key)
        return found
    }

    /// Stores a value, also in the cache.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try await changing([key]) { () throws(EffectError) in
            let revision = try await inner.write(bytes, to: key, if: precondition)
            return (revision, [StoredValue(bytes: bytes, revision: revision)])
        }
    }

    /// Removes a value, also from the cache.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try await changing([key]) { () throws(EffectError) in
            (try await inner.remove(key, if: precondition), [nil])
        }
    }

    /// Keys as the storage underneath lists them.
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try await inner.list(prefix: prefix, after: key, limit: limit)
    }

    /// Applies several changes all together or not at all.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try await changing(mutations.map(\.key)) { () throws(EffectError) in
            let revisions = try await inner.transact(mutations)
            let values = zip(mutations, revisions)
                .map { mutation, revision -> StoredValue? in
                    guard case .write(let bytes) = mutation.change, let revision else { return nil }
                    return StoredValue(bytes: bytes, revision: revision)
                }
            return (revisions, values)
        }
    }

    /// Runs a change of keys, with nothing cached under them meanwhile.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - body: Makes the change, and returns with its result what is stored under each key then.
    /// - Returns: The result.
    /// - Throws: What `body` throws; nothing is cached under the keys then.
    private func changing<Result>(
        _ keys: [StorageKey],
        _ body: () async throws(EffectError) -> (Result, [StoredValue?])
    ) async throws(EffectError) -> Result {
        let tickets = cache.withLock { cache in keys.map { cache.beginChange(of: $0) } }
        var values: [StoredValue?] = keys.map { _ in nil }
        defer {
            cache.withLock { [values] cache in
                for (index, key) in keys.enumerated() { cache.endChange(of: key, tickets[index], to: values[index]) }
            }
        }
        let result: Result
        (result, values) = try await body()
        return result
    }
}
