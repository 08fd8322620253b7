internal import AuraEffects

extension Law where Handler == any KeyValueEffects {
    static var preconditions: [KeyValueLaw] {
        [
            KeyValueLaw("a put goes through where its precondition holds") { harness in
                let table = try await harness.make()
                let key = ItemKey("p", "a")
                let first = try await table.put(numbered(1), to: key, if: .absent)
                let second = try await table.put(numbered(2), to: key, if: .matches(first))
                let third = try await table.put(numbered(3), to: key, if: .none)
                try expectEqual(Set([first, second, third]).count, 3, "the different revisions")
                try await table.remove(key)
                try await expectSuccess("a put if absent after a removal") {
                    try await table.put(numbered(4), to: key, if: .absent)
                }
                try await table.expectContents(["a": numbered(4)], "after the puts")
            },
            KeyValueLaw("a put changes nothing where its precondition does not hold") { harness in
                let table = try await harness.make()
                let stale = try await table.put(numbered(1), to: ItemKey("p", "a"))
                let current = try await table.put(numbered(2), to: ItemKey("p", "a"))
                let gone = try await table.put(numbered(3), to: ItemKey("p", "b"))
                try await table.remove(ItemKey("p", "b"))
                let unmet: [(String, CloudPrecondition)] = [
                    ("a", .absent), ("a", .matches(stale)), ("b", .matches(gone)), ("c", .matches(current)),
                    ("a", .matches(CloudRevision(rawValue: "\(current)0"))),
                ]
                for (sort, precondition) in unmet {
                    try await expectFailure(.preconditionFailed, "a put to '\(sort)' if \(precondition)") {
                        try await table.put(numbered(9), to: ItemKey("p", sort), if: precondition)
                    }
                }
                try await table.expectContents(["a": numbered(2)], "after failed puts")
                try expectEqual(try await table.read(ItemKey("p", "a"))?.revision, current, "the revision after them")
            },
            KeyValueLaw("a removal goes through only where its precondition holds") { harness in
                let table = try await harness.make()
                let key = ItemKey("p", "a")
                let stale = try await table.put(numbered(1), to: key)
                let current = try await table.put(numbered(2), to: key)
                let unmet: [(String, CloudPrecondition)] = [
                    ("a", .absent), ("a", .matches(stale)), ("b", .matches(current)),
                ]
                for (sort, precondition) in unmet {
                    try await expectFailure(.preconditionFailed, "a removal of '\(sort)' if \(precondition)") {
                        try await table.remove(ItemKey("p", sort), if: precondition)
                    }
                }
                try await table.expectContents(["a": numbered(2)], "after failed removals")
                try await table.remove(key, if: .matches(current))
                try await table.remove(key, if: .absent)
                try await table.expectContents([:], "after the removal")
            },
            KeyValueLaw("sixteen tasks that count by conditional puts lose nothing") { harness in
                let table = try await harness.make()
                let key = ItemKey("p", "counter")
                try await table.put(numbered(0), to: key)
                _ = try await concurrently(16) { _ in
                    for _ in 0..<4 {
                        while true {
                            let stored = try require(await table.read(key), "the counter")
                            let next = numbered((stored.number ?? 0) + 1)
                            let result = await outcome {
                                try await table.put(next, to: key, if: .matches(stored.revision))
                            }
                            if case .success = result { break }
                            if case .failure(let error) = result {
                                let code = (error as? EffectError)?.code
                                try expectEqual(code, .preconditionFailed, "a failed increment")
                            }
                        }
                    }
                }
                try await table.expectContents(["counter": numbered(64)], "after the counting")
            },
            KeyValueLaw("of concurrent puts if absent exactly one goes through") { harness in
                let table = try await harness.make()
                for round in 0..<5 {
                    let key = ItemKey("p", "round \(round)")
                    let results = try await concurrently(16) { number in
                        await outcome { try await table.put(numbered(Int64(number)), to: key, if: .absent) }
                    }
                    let (winner, revision) = try theWinner(of: results)
                    try await table.remove(key, if: .matches(revision))
                    try await table.put(numbered(Int64(winner)), to: key, if: .absent)
                }
            },
            KeyValueLaw("of concurrent removals of one revision exactly one goes through") { harness in
                let table = try await harness.make()
                let key = ItemKey("p", "a")
                for _ in 0..<5 {
                    let revision = try await table.put(numbered(1), to: key)
                    let results = try await concurrently(16) { _ in
                        await outcome { try await table.remove(key, if: .matches(revision)) }
                    }
                    _ = try theWinner(of: results)
                    try await table.expectContents([:], "after the removals")
                }
            },
            KeyValueLaw("a revision never comes back, whatever is put, removed or put again") { harness in
                let table = try await harness.make()
                let issued = Collected<CloudRevision>()
                _ = try await concurrently(4) { task in
                    for turn in 0..<20 {
                        let key = ItemKey("p", "a")
                        issued.add(try await table.put(numbered(Int64(turn % 2)), to: key))
                        if turn % 5 == 4 { try await table.remove(key) }
                    }
                }
                try expectEqual(Set(issued.soFar).count, 80, "the different revisions of 80 puts")
            },
        ]
    }

    static var reading: [KeyValueLaw] {
        [
            KeyValueLaw("every strong read that begins after a change has ended sees it", .capability(.strongReads)) {
                harness in
                let table = try await harness.make()
                let key = ItemKey("p", "a")
                for turn in Int64(1)...10 {
                    let revision = try await table.put(numbered(turn), to: key)
                    let seen = try await concurrently(32) { number in
                        if number % 2 == 0 { return try await table.get(key)?.revision }
                        let page = try await table.query(ItemQuery("p"), after: nil, limit: 10, consistency: .strong)
                        return page.items.first?.revision
                    }
                    for found in seen { try expectEqual(found, revision, "the revision after put \(turn)") }
                    guard turn % 3 == 0 else { continue }
                    try await table.remove(key)
                    let left = try await concurrently(16) { _ in try await table.get(key) }
                    try expect(left.allSatisfy { $0 == nil }, "a removed item is seen")
                }
            },
            KeyValueLaw("a strong read is refused", .lacks(.strongReads)) { harness in
                let table = try await harness.make()
                try await expectFailure(.unsupported, "a strong get") {
                    _ = try await table.get(ItemKey("p", "a"), consistency: .strong)
                }
                try await expectFailure(.unsupported, "a strong query") {
                    try await table.query(ItemQuery("p"), after: nil, limit: 1, consistency: .strong)
                }
            },
            KeyValueLaw("an eventual read sees an item whole, as it was once") { harness in
                let table = try await harness.make()
                let key = ItemKey("p", "a")
                let text = String(repeating: "x", count: min(5000, harness.capabilities.limit(.itemBytes) / 4))
                @Sendable func item(_ turn: Int64) -> Item {
                    Item(["n": .integer(turn), "text": .text(text), "same": .integer(turn)])
                }
                let issued = Collected<(CloudRevision, Int64)>()
                issued.add((try await table.put(item(0), to: key), 0))
                let writer = Task {
                    for turn in Int64(1)...80 {
                        issued.add((try await table.put(item(turn), to: key), turn))
                        await Task.yield()
                    }
                }
                defer { writer.cancel() }
                let seen = try await concurrently(4) { number in
                    var seen: [CloudRevision: Int64] = [:]
                    for _ in 0..<40 {
                        var stored: StoredItem?
                        if number % 2 == 0 {
                            stored = try await table.get(key, consistency: .eventual)
                        } else {
                            let query = ItemQuery("p")
                            stored = try await table.query(query, after: nil, limit: 1, consistency: .eventual)
                                .items.first
                        }
                        await Task.yield()
                        guard let stored else { continue }
                        let turn = try require(stored.number, "the number of the item")
                        try expectEqual(stored.item, item(turn), "an item that is read while it is replaced")
                        seen[stored.revision] = turn
                    }
                    return seen
                }
                try await writer.value
                let turns = Dictionary(issued.soFar) { first, _ in first }
                for (revision, turn) in seen.joined() {
                    try expectEqual(turns[revision], turn, "the put that the revision \(revision) is of")
                }
            },
        ]
    }
}
