internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Synchronization

/// A table in memory whose every request takes a time, as one of a cloud does, and is counted.
final class DelayedTable: KeyValueEffects {
    private let inner = MemoryKeyValueHandler(time: SystemTimeHandler())
    private let delay: Duration
    private let requests = Atomic(0)

    init(delay: Duration) {
        self.delay = delay
    }

    var capabilities: Capabilities { inner.capabilities }

    var requestCount: Int { requests.load(ordering: .relaxed) }

    private func request() async throws(EffectError) {
        requests.add(1, ordering: .relaxed)
        do {
            try await ContinuousClock().sleep(for: delay)
        } catch {
            throw EffectError(.cancelled, "The measurement was stopped.")
        }
    }

    func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        try await request()
        return try await inner.get(key, consistency: consistency)
    }

    func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await request()
        return try await inner.put(item, to: key, if: precondition)
    }

    func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        try await request()
        try await inner.remove(key, if: precondition)
    }

    func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        try await request()
        return try await inner.query(query, after: token, limit: limit, consistency: consistency)
    }

    func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        try await request()
        return try await inner.transact(mutations)
    }
}
