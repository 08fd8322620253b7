internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Synchronization

/// A table in memory that counts requests, and whose next puts fail as a test says.
final class UncertainTable: KeyValueEffects {
    /// What becomes of a put.
    enum Fate: Sendable {
        /// It takes effect, and its caller hears so.
        case applied
        /// It takes effect, and its caller does not learn of it.
        case appliedUnheard
        /// It takes no effect, and its caller does not learn of that.
        case lostUnheard
        /// It is refused as one too many.
        case throttled
    }

    private struct State {
        var fates: [Fate] = []
        var requestCount = 0
        var keys: Set<ItemKey> = []
    }

    private let inner: any KeyValueEffects
    private let state = Mutex(State())

    init(_ inner: any KeyValueEffects = MemoryKeyValueHandler(time: HandlerContext.system.time)) {
        self.inner = inner
    }

    var capabilities: Capabilities { inner.capabilities }

    var requestCount: Int { state.withLock { $0.requestCount } }

    /// How many items were stored through this handler and not removed.
    var storedCount: Int { state.withLock { $0.keys.count } }

    /// Says what becomes of the next puts.
    func setFates(_ fates: [Fate]) {
        state.withLock { $0.fates = fates }
    }

    private func count() {
        state.withLock { $0.requestCount += 1 }
    }

    func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        count()
        return try await inner.get(key, consistency: consistency)
    }

    func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        count()
        let fate = state.withLock { $0.fates.isEmpty ? nil : $0.fates.removeFirst() }
        switch fate {
        case nil, .applied:
            let revision = try await inner.put(item, to: key, if: precondition)
            state.withLock { _ = $0.keys.insert(key) }
            return revision
        case .appliedUnheard:
            try await inner.put(item, to: key, if: precondition)
            state.withLock { _ = $0.keys.insert(key) }
        case .lostUnheard: break
        case .throttled: throw failure(.throttled, .notApplied)
        }
        throw failure(.unavailable, .unknown)
    }

    private func failure(_ code: EffectError.Code, _ outcome: EffectError.Outcome) -> EffectError {
        EffectError(
            code,
            "The test says so.",
            effect: KeyValuesEffect.name,
            operation: "put",
            handler: "test",
            isRetryable: true,
            outcome: outcome
        )
    }

    func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        count()
        try await inner.remove(key, if: precondition)
        state.withLock { _ = $0.keys.remove(key) }
    }

    func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        count()
        return try await inner.query(query, after: token, limit: limit, consistency: consistency)
    }

    func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        count()
        return try await inner.transact(mutations)
    }
}
