internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension KeyValueDefect {
    static var preconditions: [KeyValueDefect] {
        [
            KeyValueDefect(
                "a removed item does not count as absent",
                breaks: "a put goes through where its precondition holds"
            ) { table in
                let removed = Mutexed<Set<ItemKey>>([])
                table.remove = { base, key, precondition throws(EffectError) in
                    try await base.remove(key, if: precondition)
                    if precondition == .none { removed.withLock { _ = $0.insert(key) } }
                }
                table.put = { base, item, key, precondition throws(EffectError) in
                    let isTombstone = precondition == .absent && removed.current.contains(key)
                    let precondition = isTombstone ? .matches(CloudRevision(rawValue: "removed")) : precondition
                    return try await base.put(item, to: key, if: precondition)
                }
            },
            KeyValueDefect(
                "any revision matches where there is no item",
                breaks: "a put changes nothing where its precondition does not hold"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    var precondition = precondition
                    if case .matches = precondition, key.sort != "soon", try await base.get(key) == nil {
                        precondition = .absent
                    }
                    return try await base.put(item, to: key, if: precondition)
                }
            },
            KeyValueDefect(
                "an item that is there is removed although it shall be absent",
                breaks: "a removal goes through only where its precondition holds"
            ) { table in
                table.remove = { base, key, precondition throws(EffectError) in
                    try await base.remove(key, if: precondition == .absent ? .none : precondition)
                }
            },
            KeyValueDefect(
                "whether a revision matches is looked at before the put and not with it",
                breaks: "sixteen tasks that count by conditional puts lose nothing"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    guard case .matches(let revision) = precondition, try await base.get(key)?.revision == revision
                    else { return try await base.put(item, to: key, if: precondition) }
                    await Task.yield()
                    return try await base.put(item, to: key, if: .none)
                }
            },
            KeyValueDefect(
                "whether a key is absent is looked at before the put and not with it",
                breaks: "of concurrent puts if absent exactly one goes through"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    guard precondition == .absent, !key.sort.isEmpty, !key.partition.isEmpty,
                        try await base.get(key) == nil
                    else { return try await base.put(item, to: key, if: precondition) }
                    for _ in 0..<4 { await Task.yield() }
                    return try await base.put(item, to: key, if: .none)
                }
            },
            KeyValueDefect(
                "whether a revision matches is looked at before the removal and not with it",
                breaks: "of concurrent removals of one revision exactly one goes through"
            ) { table in
                table.remove = { base, key, precondition throws(EffectError) in
                    guard case .matches(let revision) = precondition, try await base.get(key)?.revision == revision
                    else { return try await base.remove(key, if: precondition) }
                    for _ in 0..<4 { await Task.yield() }
                    return try await base.remove(key, if: .none)
                }
            },
            KeyValueDefect(
                "revisions begin anew with the fiftieth put",
                breaks: "a revision never comes back, whatever is put, removed or put again"
            ) { table in
                let first = Mutexed<[CloudRevision]>([])
                table.put = { base, item, key, precondition throws(EffectError) in
                    let revision = try await base.put(item, to: key, if: precondition)
                    guard precondition == .none, item.attributes.count == 1, key == ItemKey("p", "a") else {
                        return revision
                    }
                    return first.withLock { first in
                        first.append(revision)
                        return first.count == 50 ? first[0] : revision
                    }
                }
            },
            KeyValueDefect(
                "of many strong reads at once some have an old picture of the items",
                breaks: "every strong read that begins after a change has ended sees it"
            ) { table in
                let reads = Gauge()
                let previous = Mutexed<StoredItem?>(nil)
                table.put = { base, item, key, precondition throws(EffectError) in
                    let isUsual = !key.sort.isEmpty && !key.partition.isEmpty
                    let old = isUsual ? try? await base.get(key, consistency: .eventual) : nil
                    let revision = try await base.put(item, to: key, if: precondition)
                    previous.withLock { $0 = old }
                    return revision
                }
                table.get = { base, key, consistency throws(EffectError) in
                    try await reads.whileCounted { running throws(EffectError) in
                        if running > 8, key.sort == "a" { return previous.current }
                        return try await base.get(key, consistency: consistency)
                    }
                }
            },
            KeyValueDefect(
                "strong reads are given where they are not declared",
                breaks: "a strong read is refused",
                declaring: .keyValues(without: .strongReads)
            ) { _ in },
            KeyValueDefect(
                "an eventual read is put together from two items",
                breaks: "an eventual read sees an item whole, as it was once"
            ) { table in
                table.get = { base, key, consistency throws(EffectError) in
                    var first = try await base.get(key, consistency: consistency)
                    guard consistency == .eventual else { return first }
                    for _ in 0..<4 { await Task.yield() }
                    if let second = try await base.get(key, consistency: consistency)?.attributes["same"] {
                        first?.item.attributes["same"] = second
                    }
                    return first
                }
            },
        ]
    }
}
