internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension KeyValueDefect {
    static var queries: [KeyValueDefect] {
        [
            KeyValueDefect(
                "partitions are told apart without their case",
                breaks: "a query has the items of its partition in the order of their sort keys' bytes"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    let key = key.partition == "P" ? ItemKey("p", "\0\(key.sort)") : key
                    return try await base.put(item, to: key, if: precondition)
                }
            },
            KeyValueDefect(
                "a range has its upper end too",
                breaks: "a query selects sort keys by prefix and range, by their bytes"
            ) { table in
                table.query = { base, query, token, limit, consistency throws(EffectError) in
                    var query = query
                    if case .range(let from, let before?) = query.sortKeys {
                        query.sortKeys = .range(from: from, before: before + "\0")
                    }
                    return try await base.query(query, after: token, limit: limit, consistency: consistency)
                }
            },
            KeyValueDefect(
                "a query of none is one of a single item",
                breaks: "a query's limit below 1 is refused, and a page keeps to its limit"
            ) { table in
                table.query = { base, query, token, limit, consistency throws(EffectError) in
                    try await base.query(query, after: token, limit: max(1, limit), consistency: consistency)
                }
            },
            KeyValueDefect(
                "a page begins after so many items and not after a key",
                breaks: "a query sees every lasting item exactly once, in order, while writers run"
            ) { table in
                table.query = { base, query, token, limit, consistency throws(EffectError) in
                    let start = token.flatMap { Int($0.rawValue) } ?? 0
                    let most = limit < 1 ? limit : 1000
                    let all = try await base.query(query, after: nil, limit: most, consistency: consistency).items
                    let items = Array(all.dropFirst(start).prefix(limit))
                    let isLast = start + items.count >= all.count
                    return ItemPage(items: items, next: isLast ? nil : PageToken(rawValue: "\(start + items.count)"))
                }
            },
            KeyValueDefect(
                "an item lasts a minute at least",
                breaks: "an item is there until its time has come, and gone for everything then"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    var item = item
                    if let expires = item.expires?.nanosecondsSinceEpoch, key.sort == "soon" {
                        item.expires = WallTime(nanosecondsSinceEpoch: expires + 60_000_000_000)
                    }
                    return try await base.put(item, to: key, if: precondition)
                }
            },
            KeyValueDefect(
                "a put keeps the time of the item before",
                breaks: "a put takes the time of the item before away, and one that is past hides the item"
            ) { table in
                table.put = { base, item, key, precondition throws(EffectError) in
                    var item = item
                    if item.expires == nil, item.attributes["n"] == 3, let old = try await base.get(key)?.item.expires {
                        item.expires = old
                    }
                    return try await base.put(item, to: key, if: precondition)
                }
            },
        ]
    }
}
