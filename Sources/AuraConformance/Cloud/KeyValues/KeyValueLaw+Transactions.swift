internal import AuraEffects

extension Law where Handler == any KeyValueEffects {
    static var transactions: [KeyValueLaw] {
        [
            KeyValueLaw("a transaction applies all its changes", .capability(.transactions)) { harness in
                let table = try await harness.make()
                let a = try await table.put(numbered(1), to: ItemKey("p", "a"))
                try await table.put(numbered(2), to: ItemKey("p", "b"))
                let revisions = try await table.transact([
                    .put(numbered(3), to: ItemKey("p", "a"), if: .matches(a)), .remove(ItemKey("p", "b")),
                    .put(numbered(4), to: ItemKey("p", "c"), if: .absent), .remove(ItemKey("p", "none"), if: .absent),
                ])
                try await table.expectContents(["a": numbered(3), "c": numbered(4)], "after the transaction")
                let stored = [
                    try await table.read(ItemKey("p", "a"))?.revision, nil,
                    try await table.read(ItemKey("p", "c"))?.revision, nil,
                ]
                try expectEqual(revisions, stored, "the revisions that the transaction answers with")
                try expectEqual(try await table.transact([]), [], "the answer of a transaction of nothing")
            },
            KeyValueLaw(
                "a transaction of which one condition does not hold changes nothing",
                .capability(.transactions)
            ) { harness in
                let table = try await harness.make()
                let stale = try await table.put(numbered(1), to: ItemKey("p", "a"))
                let current = try await table.put(numbered(2), to: ItemKey("p", "a"))
                let unmet: [ItemMutation] = [
                    .put(numbered(9), to: ItemKey("p", "a"), if: .absent),
                    .remove(ItemKey("p", "a"), if: .matches(stale)),
                    .put(numbered(9), to: ItemKey("p", "a"), if: .matches(stale)),
                    .remove(ItemKey("p", "none"), if: .matches(current)),
                ]
                for (number, mutation) in unmet.enumerated() {
                    var mutations = (0..<3).map { ItemMutation.put(numbered(9), to: ItemKey("p", "new \($0)")) }
                    mutations.insert(mutation, at: number)
                    try await expectFailure(.preconditionFailed, "a transaction with \(mutation.precondition)") {
                        try await table.transact(mutations)
                    }
                }
                try await table.expectContents(["a": numbered(2)], "after failed transactions")
            },
            KeyValueLaw("a transaction out of its bounds is refused", .capability(.transactions)) { harness in
                let table = try await harness.make()
                let most = harness.capabilities.limit(.transactionMutations)
                var refused: [(String, [ItemMutation])] = [
                    (
                        "two partitions",
                        [.put(numbered(1), to: ItemKey("p", "a")), .put(numbered(1), to: ItemKey("q", "b"))]
                    ),
                    ("a key twice", [.put(numbered(1), to: ItemKey("p", "a")), .remove(ItemKey("p", "a"))]),
                    ("an empty key", [.put(numbered(1), to: ItemKey("p", "a")), .remove(ItemKey("p", ""))]),
                    (
                        "a number that is none",
                        [.put(Item(["a": .double(.nan)]), to: ItemKey("p", "b"))]
                    ),
                ]
                if most < 10_000 {
                    let mutations = (0...most).map { ItemMutation.put(numbered(1), to: ItemKey("p", "key \($0)")) }
                    refused.append(("\(most + 1) mutations", mutations))
                    try await table.transact(Array(mutations.dropLast()))
                    try await table.transact(mutations.dropLast().map { .remove($0.key) })
                }
                for (what, mutations) in refused {
                    try await expectFailure(.invalidArgument, "a transaction of \(what)") {
                        try await table.transact(mutations)
                    }
                }
                try await table.expectContents([:], "after refused transactions")
                try await table.expectContents(of: "q", [:], "after refused transactions")
            },
            KeyValueLaw("concurrent transactions lose nothing", .capability(.transactions)) { harness in
                let table = try await harness.make()
                let keys = (0..<4).map { ItemKey("p", "account \($0)") }
                for key in keys { try await table.put(numbered(100), to: key) }
                _ = try await concurrently(8) { task in
                    var generator = SeededGenerator(seed: 320 + UInt64(task))
                    for _ in 0..<6 {
                        let pair = Array(keys.shuffled(using: &generator).prefix(2))
                        var attempts = 0
                        while true {
                            // Whoever fails has been overtaken by one that came through, and there are 48 of them; a
                            // table that only says so would keep its callers busy for ever.
                            attempts += 1
                            try expect(attempts <= 1000, "a transfer fails again and again")
                            let from = try require(await table.read(pair[0]), "an account")
                            let to = try require(await table.read(pair[1]), "an account")
                            let result = await outcome {
                                try await table.transact([
                                    .put(numbered((from.number ?? 0) - 1), to: pair[0], if: .matches(from.revision)),
                                    .put(numbered((to.number ?? 0) + 1), to: pair[1], if: .matches(to.revision)),
                                ])
                            }
                            if case .success = result { break }
                            if case .failure(let error) = result {
                                let code = (error as? EffectError)?.code
                                try expectEqual(code, .preconditionFailed, "a failed transfer")
                            }
                        }
                    }
                }
                let sum = try await table.everything(ItemQuery("p")).reduce(0) { $0 + ($1.number ?? 0) }
                try expectEqual(sum, 400, "the sum of the accounts")
            },
            KeyValueLaw("a transaction is refused", .lacks(.transactions)) { harness in
                let table = try await harness.make()
                try await expectFailure(.unsupported, "a transaction") {
                    try await table.transact([.put(numbered(1), to: ItemKey("p", "a"))])
                }
                try await table.expectContents([:], "after a refused transaction")
            },
        ]
    }

    static var cancellation: [KeyValueLaw] {
        [
            KeyValueLaw("a call of a cancelled task is cancelled and changes nothing") { harness in
                let table = try await harness.make()
                let key = ItemKey("p", "a")
                try await table.put(numbered(1), to: key)
                try await expectCancelled("a get") { try await table.read(key) }
                try await expectCancelled("a put") { try await table.put(numbered(2), to: key) }
                try await expectCancelled("a put of a new key") {
                    try await table.put(numbered(2), to: ItemKey("p", "b"))
                }
                try await expectCancelled("a removal") { try await table.remove(key) }
                try await expectCancelled("a query") { try await table.everything(ItemQuery("p")) }
                if harness.capabilities.contains(.transactions) {
                    try await expectCancelled("a transaction") { try await table.transact([.remove(key)]) }
                }
                try await table.expectContents(["a": numbered(1)], "after cancelled calls")
            },
            KeyValueLaw("a put that is cancelled while it waits is there or not, as it says") { harness in
                let table = try await harness.make()
                let keys = (0..<100).map { ItemKey("p", "key \($0)") }
                let tasks = keys.map { key in Task { try await table.put(numbered(1), to: key) } }
                for (key, ending) in zip(keys, try await cancellingSome(of: tasks, seed: 331)) {
                    let found = try await table.read(key)
                    switch ending {
                    case .success(let revision):
                        try expectEqual(found?.revision, revision, "the revision of '\(key)', whose put went through")
                    case .failure(let error):
                        let error = try require(error as? EffectError, "the EffectError of a put that failed")
                        try expectEqual(error.code, .cancelled, "the failure of a put")
                        guard error.outcome == .notApplied else { continue }
                        try expectEqual(found, nil, "the item '\(key)', whose put failed")
                    }
                }
            },
        ]
    }
}
