public import AuraEffects
internal import AuraMemory
internal import AuraRuntime

/// A table of a ``SimulatedCloud`` as one node sees it.
public final class SimulatedKeyValueHandler: KeyValueEffects {
    private let gate: CloudGate
    private let table: SimulatedTable
    private let validation: ItemValidation

    init(_ name: String, for caller: String, in cloud: SimulatedCloud) {
        gate = CloudGate(KeyValuesEffect.self, name, for: caller, in: cloud)
        table = cloud.table(name)
        validation = ItemValidation(handler: SimulatedCloud.technology, capabilities: Self.capabilities)
    }

    /// What every table of a simulated cloud declares.
    public static var capabilities: Capabilities { MemoryKeyValueHandler.capabilities }

    /// Strong reads, transactions, and the limits of a memory table.
    public var capabilities: Capabilities { Self.capabilities }

    private var time: any TimeEffects { gate.cloud.time }

    /// The item under a key; one that is read `eventual` may be of before.
    public func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        try validation.check(key, in: "get")
        try validation.check(consistency, in: "get")
        return try await gate.call("get", .read) { () throws(EffectError) in
            items(of: key.partition, consistency).first { $0.key == key }
        }
    }

    /// Stores an item in the place of what is there.
    @discardableResult
    public func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try validation.check(key, in: "put")
        try validation.check(item, in: "put")
        let revisions = try await apply([.put(item, to: key, if: precondition)], in: "put")
        guard let revision = revisions[0] else { fatalError("A put without a revision.") }
        return revision
    }

    /// Removes an item; a key without an item stays without one.
    public func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        try validation.check(key, in: "remove")
        _ = try await apply([.remove(key, if: precondition)], in: "remove")
    }

    /// A page of a partition's items in the order of their sort keys' bytes; what is read `eventual` may be of before.
    public func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        let size = try validation.pageSize(of: query, limit: limit, consistency)
        return try await gate.call("query", .read) { () throws(EffectError) in
            var items = items(of: query.partition, consistency).filter { query.sortKeys.contains($0.key.sort) }
            if query.backwards { items.reverse() }
            if let token {
                let passed = ItemKey(query.partition, token.rawValue)
                items.removeAll { query.backwards ? $0.key >= passed : $0.key <= passed }
            }
            let page = Array(items.prefix(size))
            let next = items.count > size ? page.last.map { PageToken(rawValue: $0.key.sort) } : nil
            return ItemPage(items: page, next: next)
        }
    }

    /// Applies several changes within one partition all together or not at all.
    @discardableResult
    public func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        try validation.check(mutations)
        return try await apply(mutations, in: "transact")
    }

    private func apply(
        _ mutations: [ItemMutation],
        in operation: String
    ) async throws(EffectError) -> [CloudRevision?] {
        try await gate.call(operation, .change) { () throws(EffectError) in
            try table.apply(mutations, validation.errors, in: operation, at: time.now, time.monotonicNow)
        }
    }

    private func items(of partition: String, _ consistency: ReadConsistency) -> [StoredItem] {
        let lag = gate.draw { conditions, generator, _ -> Duration in
            guard consistency == .eventual else { return .zero }
            return .drawn(below: min(conditions.staleness, SimulatedTable.longestLag), &generator)
        }
        let moment = lag > .zero ? time.monotonicNow.advanced(by: .zero - lag) : nil
        let found = table.items(of: partition, at: time.now, asOf: moment)
        if found.isStale { gate.draw { _, _, counters in counters.staleReads += 1 } }
        return found.items
    }
}
