internal import AuraEffects

extension Law where Handler == any KeyValueEffects {
    static var queries: [KeyValueLaw] {
        [
            KeyValueLaw("a query has the items of its partition in the order of their sort keys' bytes") { harness in
                let table = try await harness.make()
                var texts = unusualKeys(atMost: min(64, harness.capabilities.limit(.sortKeyBytes)))
                var generator = SeededGenerator(seed: 301)
                texts.shuffle(using: &generator)
                for (number, text) in texts.enumerated() {
                    try await table.put(numbered(Int64(number)), to: ItemKey("p", text))
                    if number % 4 == 0 { try await table.put(numbered(-1), to: ItemKey("p\(number)", text)) }
                }
                try await table.put(numbered(-1), to: ItemKey("P", "a"))
                let expected = texts.map { ItemKey("p", $0) }.sorted()
                for pageSize in [1, 7, 1000] {
                    let forwards = try await table.everything(ItemQuery("p"), pageSize: pageSize)
                    try expectEqual(forwards.map(\.key), expected, "the keys in pages of \(pageSize)")
                    let backwards = try await table.everything(ItemQuery("p", backwards: true), pageSize: pageSize)
                    try expectEqual(backwards, forwards.reversed(), "the items backwards in pages of \(pageSize)")
                    var items: [StoredItem] = []
                    for try await item in table.items(ItemQuery("p"), pageSize: pageSize, consistency: table.surest) {
                        items.append(item)
                    }
                    try expectEqual(items, forwards, "the items of the sequence in pages of \(pageSize)")
                }
                try expectEqual(try await table.everything(ItemQuery("none")), [], "the items of an empty partition")
            },
            KeyValueLaw("a query selects sort keys by prefix and range, by their bytes") { harness in
                let table = try await harness.make()
                let texts = [
                    "a", "a/", "a/1", "a/2", "a0", "aa", "b", "%", "%a", "é", "éa", "e\u{301}", "e\u{301}a", "e", "👩",
                    "👩‍👩‍👧", "\u{10ffff}", "\u{10ffff}\u{10ffff}", "A/1", "\u{ffff}", "z",
                ]
                for text in texts { try await table.put(numbered(1), to: ItemKey("p", text)) }
                var wanted: [ItemQuery.SortKeys] = (texts + ["none", "a/1x"]).map { .prefix($0) }
                let ends = ["a", "a/1", "a1", "e", "e\u{301}", "é", "👩", "\u{10ffff}", "0", "zz"]
                for from in ends {
                    wanted += [.range(from: from, before: nil), .range(from: nil, before: from)]
                    for before in ends { wanted.append(.range(from: from, before: before)) }
                }
                for keys in wanted + [.range(from: nil, before: nil), .all] {
                    let expected = texts.filter { keys.contains($0) }.map { ItemKey("p", $0) }.sorted()
                    let found = try await table.everything(ItemQuery("p", keys), pageSize: 3).map(\.key)
                    try expectEqual(found, expected, "the keys of \(keys)")
                    let query = ItemQuery("p", keys, backwards: true)
                    let backwards = try await table.everything(query, pageSize: 4).map(\.key)
                    try expectEqual(backwards, expected.reversed(), "the keys of \(keys) backwards")
                }
            },
            KeyValueLaw("a query's limit below 1 is refused, and a page keeps to its limit") { harness in
                let table = try await harness.make()
                for number in 0..<20 { try await table.put(numbered(1), to: ItemKey("p", "key \(100 + number)")) }
                for limit in [0, -1, .min] {
                    try await expectFailure(.invalidArgument, "a query with limit \(limit)") {
                        try await table.query(ItemQuery("p"), after: nil, limit: limit, consistency: table.surest)
                    }
                }
                for limit in [1, 2, 7, 19, 20, 21, .max] {
                    let items = try await table.everything(ItemQuery("p"), pageSize: limit)
                    try expectEqual(items.count, 20, "the items in pages of \(limit)")
                }
            },
            KeyValueLaw("a query sees every lasting item exactly once, in order, while writers run") { harness in
                let table = try await harness.make()
                let lasting = (0..<40).map { ItemKey("p", "key \(1000 + $0 * 7)") }
                for key in lasting { try await table.put(numbered(1), to: key) }
                let writers = (0..<3)
                    .map { task in
                        Task {
                            var generator = SeededGenerator(seed: 310 + UInt64(task))
                            var passing = ItemKey("p", "none")
                            while !Task.isCancelled {
                                let number = Int.random(in: 1000..<1280, using: &generator)
                                try await table.remove(passing)
                                passing = ItemKey("p", "key \(number) of \(task)")
                                try await table.put(numbered(2), to: passing)
                                try await table.put(numbered(3), to: lasting[number % lasting.count])
                                // A handler may answer without ever suspending: others must get their turn.
                                await Task.yield()
                            }
                        }
                    }
                defer { for writer in writers { writer.cancel() } }
                for round in 0..<15 {
                    let query = ItemQuery("p", backwards: round % 2 == 1)
                    // What comes and goes before a page's place must not move that place.
                    let passing = ItemKey("p", query.backwards ? "z" : "a")
                    let items = try await table.everything(query, pageSize: 1 + round % 9) { page in
                        if page % 2 == 0 {
                            try await table.put(numbered(4), to: passing)
                        } else {
                            try await table.remove(passing)
                        }
                    }
                    let keys = items.map(\.key)
                    let sorted = Set(keys).sorted()
                    let expected = round % 2 == 1 ? sorted.reversed() : sorted
                    try expectEqual(keys, expected, "the keys in their order, each once, in round \(round)")
                    let seen = Set(keys)
                    for key in lasting { try expect(seen.contains(key), "'\(key)' is missing in round \(round)") }
                }
                for writer in writers {
                    writer.cancel()
                    guard case .failure(let error) = await writer.result else { continue }
                    try expectEqual((error as? EffectError)?.code, .cancelled, "the failure of a writer")
                }
            },
        ]
    }

    static var expiry: [KeyValueLaw] {
        [
            KeyValueLaw(
                "an item is there until its time has come, and gone for everything then",
                .ability(.letTimePass)
            ) { harness in
                let table = try await harness.make()
                let soon = numbered(1, expires: try harness.moment(in: .seconds(30)))
                let late = numbered(2, expires: try harness.moment(in: .seconds(600)))
                let revision = try await table.put(soon, to: ItemKey("p", "soon"))
                try await table.put(soon, to: ItemKey("p", "again"))
                try await table.put(late, to: ItemKey("p", "late"))
                try await table.expectContents(["soon": soon, "again": soon, "late": late], "in time")
                try await harness.lettingTimePass(.seconds(32))
                try await table.expectContents(["late": late], "after that time")
                for precondition in [.matches(revision)] as [CloudPrecondition] {
                    try await expectFailure(.preconditionFailed, "a put if an expired item matches") {
                        try await table.put(numbered(3), to: ItemKey("p", "soon"), if: precondition)
                    }
                    try await expectFailure(.preconditionFailed, "a removal if an expired item matches") {
                        try await table.remove(ItemKey("p", "soon"), if: precondition)
                    }
                }
                try await expectSuccess("a put if absent in the place of an expired item") {
                    try await table.put(numbered(4), to: ItemKey("p", "again"), if: .absent)
                }
                try await table.expectContents(["late": late, "again": numbered(4)], "after another put")
            },
            KeyValueLaw("a put takes the time of the item before away, and one that is past hides the item") {
                harness in
                let table = try await harness.make()
                let past = WallTime(nanosecondsSinceEpoch: 1_000_000_000)
                let far = WallTime(nanosecondsSinceEpoch: 4_000_000_000_000_000_000)
                let key = ItemKey("p", "a")
                try await table.put(numbered(1, expires: past), to: key)
                try await table.expectContents([:], "after a put of what is past")
                try await table.put(numbered(2, expires: far), to: key, if: .absent)
                try await table.expectContents(["a": numbered(2, expires: far)], "after a put of what lasts")
                try await table.put(numbered(3), to: key)
                try await table.expectContents(["a": numbered(3)], "after a put without a time")
            },
        ]
    }
}
