internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

/// A memory table of which some operations are replaced by broken ones.
struct BrokenKeyValues: KeyValueEffects {
    typealias Base = MemoryKeyValueHandler
    typealias Get = @Sendable (Base, ItemKey, ReadConsistency) async throws(EffectError) -> StoredItem?
    typealias Put = @Sendable (Base, Item, ItemKey, CloudPrecondition) async throws(EffectError) -> CloudRevision
    typealias Remove = @Sendable (Base, ItemKey, CloudPrecondition) async throws(EffectError) -> Void
    typealias Query =
        @Sendable (Base, ItemQuery, PageToken?, Int, ReadConsistency) async throws(EffectError) -> ItemPage
    typealias Transact = @Sendable (Base, [ItemMutation]) async throws(EffectError) -> [CloudRevision?]

    let base: Base
    var capabilities = MemoryKeyValueHandler.capabilities
    var get: Get = { base, key, consistency throws(EffectError) in try await base.get(key, consistency: consistency) }
    var put: Put = { base, item, key, precondition throws(EffectError) in
        try await base.put(item, to: key, if: precondition)
    }
    var remove: Remove = { base, key, precondition throws(EffectError) in
        try await base.remove(key, if: precondition)
    }
    var query: Query = { base, query, token, limit, consistency throws(EffectError) in
        try await base.query(query, after: token, limit: limit, consistency: consistency)
    }
    var transact: Transact = { base, mutations throws(EffectError) in try await base.transact(mutations) }

    init(_ base: Base) {
        self.base = base
    }

    func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        try await get(base, key, consistency)
    }

    func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await put(base, item, key, precondition)
    }

    func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        try await remove(base, key, precondition)
    }

    func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        try await self.query(base, query, token, limit, consistency)
    }

    func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        try await transact(base, mutations)
    }
}

/// Makes tables that are all broken in the same way.
final class BrokenKeyValueHarness: KeyValueHarness, TimePassingHarness {
    private let declared: Capabilities?
    private let change: @Sendable (inout BrokenKeyValues) -> Void
    private let time = ManualTimeHandler()

    init(declaring declared: Capabilities? = nil, _ change: @escaping @Sendable (inout BrokenKeyValues) -> Void) {
        self.declared = declared
        self.change = change
    }

    var capabilities: Capabilities { declared ?? MemoryKeyValueHandler.capabilities }

    func make() async throws -> any KeyValueEffects {
        var table = BrokenKeyValues(MemoryKeyValueHandler(time: time))
        table.capabilities = capabilities
        change(&table)
        return table
    }

    var now: WallTime { time.now }

    func letTimePass(_ duration: Duration) async throws {
        time.advance(by: duration)
    }

    func finish() async {}
}

typealias KeyValueDefect = Defect<any KeyValueEffects>

extension KeyValueDefect {
    init(
        _ description: String,
        breaks law: String,
        declaring declared: Capabilities? = nil,
        _ change: @escaping @Sendable (inout BrokenKeyValues) -> Void
    ) {
        self.init(description: description, law: law) { BrokenKeyValueHarness(declaring: declared, change) }
    }

    static var all: [KeyValueDefect] { values + preconditions + queries + transactions }
}
