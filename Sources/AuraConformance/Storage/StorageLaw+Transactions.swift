internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var transactions: [StorageLaw] {
        [
            StorageLaw(
                "a transaction applies all its changes, with a revision for each write",
                .capability(.transactions)
            ) {
                harness in
                let storage = try await harness.make()
                try await storage.write([1], to: "removed")
                let old = try await storage.write([2], to: "changed")
                let results = try await storage.transact([
                    .write([3], to: "new", if: .absent), .remove("removed"),
                    .write([4], to: "changed", if: .matches(old)),
                    .remove("never"), .write([], to: "empty"),
                ])
                try expectEqual(results.map { $0 == nil }, [false, true, false, true, false], "which results are nil")
                let revisions = results.compactMap { $0 }
                try expect(!revisions.contains(old), "a revision came back")
                let expected: [StorageKey: StoredValue] = [
                    "new": StoredValue(bytes: [3], revision: revisions[0]),
                    "changed": StoredValue(bytes: [4], revision: revisions[1]),
                    "empty": StoredValue(bytes: [], revision: revisions[2]),
                ]
                try await storage.expectContents(expected, "after a transaction")
                try expectEqual(try await storage.transact([]), [], "the results of no changes")
            },
            StorageLaw("a transaction changes nothing where one precondition does not hold", .capability(.transactions))
            {
                harness in
                let storage = try await harness.make()
                let stale = try await storage.write([1], to: "a")
                let value = StoredValue(bytes: [2], revision: try await storage.write([2], to: "a"))
                let failing: [StorageMutation] = [
                    .write([9], to: "a", if: .matches(stale)), .write([9], to: "a", if: .absent),
                    .remove("a", if: .absent), .remove("a", if: .matches(stale)), .remove("b", if: .matches(stale)),
                    .write([9], to: "b", if: .matches(value.revision)),
                ]
                for (number, mutation) in failing.enumerated() {
                    for place in 0...2 {
                        var mutations: [StorageMutation] = [.write([8], to: "x"), .write([8], to: "y")]
                        mutations.insert(mutation, at: place)
                        try await expectFailure(.preconditionFailed, "transaction \(number)") {
                            try await storage.transact(mutations)
                        }
                    }
                }
                try await storage.expectContents(["a": value], "after failed transactions")
            },
            StorageLaw(
                "a transaction with a key twice is refused",
                .capability(.transactions)
            ) {
                harness in
                let storage = try await harness.make()
                let refused: [[StorageMutation]] = [
                    [.write([1], to: "a"), .write([2], to: "b"), .write([3], to: "a")],
                    [.write([1], to: "a"), .remove("a")],
                ]
                for (number, mutations) in refused.enumerated() {
                    try await expectFailure(.invalidArgument, "transaction \(number)") {
                        try await storage.transact(mutations)
                    }
                }
                try await storage.expectContents([:], "after refused transactions")
                try await expectSuccess("a transaction with look-alike keys") {
                    try await storage.transact([.write([1], to: "\u{e9}"), .write([2], to: "e\u{301}")])
                }
                try expectEqual(try await storage.everything().count, 2, "the look-alike keys of one transaction")
            },
            StorageLaw("the limits of keys and values hold in a transaction", .capability(.transactions)) { harness in
                let storage = try await harness.make()
                var refused: [StorageMutation] = [.write([2], to: ""), .remove("")]
                let keyLimit = harness.capabilities.limit(.keyBytes)
                let valueLimit = harness.capabilities.limit(.valueBytes)
                if keyLimit <= 64 << 20 {
                    let key = StorageKey(String(repeating: "k", count: keyLimit + 1))
                    refused += [.write([2], to: key), .remove(key)]
                }
                if valueLimit <= 64 << 20 {
                    refused.append(.write(Array(repeating: 7, count: valueLimit + 1), to: "b"))
                }
                for (number, mutation) in refused.enumerated() {
                    try await expectFailure(.invalidArgument, "transaction \(number)") {
                        try await storage.transact([.write([1], to: "a"), mutation])
                    }
                }
                try await storage.expectContents([:], "after refused transactions")
            },
            StorageLaw(
                "a transaction takes mutations up to its limit",
                .capability(.transactions),
                .limit(.transactionMutations, atMost: 100_000)
            ) { harness in
                let storage = try await harness.make()
                let limit = harness.capabilities.limit(.transactionMutations)
                let mutations = (0...limit).map { StorageMutation.write([1], to: StorageKey("key \($0)")) }
                try await expectFailure(.invalidArgument, "a transaction of \(limit + 1) changes") {
                    try await storage.transact(mutations)
                }
                try await storage.expectContents([:], "after a refused transaction")
                let results = try await storage.transact(Array(mutations.dropLast()))
                try expectEqual(results.count, limit, "the results of the largest transaction")
                try expectEqual(try await storage.everything(pageSize: 1000).count, limit, "the keys")
            },
            StorageLaw("concurrent transfers neither make nor lose anything", .capability(.transactions)) { harness in
                try await transfers(in: [try await harness.make()])
            },
            StorageLaw("a page shows all of a transaction or nothing of it", .capability(.transactions)) { harness in
                let storage = try await harness.make()
                try await storage.transact([.write([0], to: "left"), .write([0], to: "right")])
                let writer = Task {
                    var size = 0
                    while !Task.isCancelled {
                        size = (size + 1) % 200
                        let bytes = Array(repeating: UInt8(1), count: size)
                        try await storage.transact([.write(bytes, to: "left"), .write(bytes, to: "right")])
                        await Task.yield()
                    }
                }
                defer { writer.cancel() }
                for _ in 0..<100 {
                    let page = try await storage.list(prefix: "", after: nil, limit: 2)
                    guard page.items.count == 2 else { continue }
                    try expectEqual(page.items[0].byteCount, page.items[1].byteCount, "the sizes written together")
                    await Task.yield()
                }
            },
            StorageLaw("an error of a transaction prints no value", .capability(.transactions)) { harness in
                let storage = try await harness.make()
                let marker = "the-payload-that-no-error-prints"
                let bytes = Array(marker.utf8)
                try await storage.write(bytes, to: "a")
                let errors = [
                    try await expectFailure(.preconditionFailed, "a failed precondition") {
                        try await storage.transact([.write(bytes, to: "b"), .write(bytes, to: "a", if: .absent)])
                    },
                    try await expectFailure(.invalidArgument, "a key twice") {
                        try await storage.transact([.write(bytes, to: "b"), .write(bytes, to: "b")])
                    },
                ]
                for error in errors { try expectDiscreet(error, effect: StorageEffect.name, hiding: marker) }
            },
            StorageLaw("transactions are kept over a reopening", .capability(.transactions), .ability(.reopen)) {
                harness in
                let storage = try await harness.make()
                try await storage.transact([.write([1], to: "a"), .write([2], to: "b")])
                try await storage.transact([.remove("a"), .write([3], to: "c")])
                let contents = try await storage.contents()
                let reopened = try await harness.reopened(storage)
                try expectEqual(contents.keys.sorted(), ["b", "c"], "the keys")
                try await reopened.expectContents(contents, "after the reopening")
            },
        ]
    }

    static var undeclared: [StorageLaw] {
        [
            StorageLaw("transactions that are not declared are refused as unsupported", .lacks(.transactions)) {
                harness in
                let storage = try await harness.make()
                try await expectFailure(.unsupported, "a transaction") {
                    try await storage.transact([.write([1], to: "a")])
                }
                try await storage.expectContents([:], "after a refused transaction")
            }
        ]
    }

    /// Lets eight tasks move money between four accounts, over one or several handlers of the same data.
    static func transfers(in storages: [any StorageEffects]) async throws {
        let accounts: [StorageKey] = ["a", "b", "c", "d"]
        for account in accounts { try await storages[0].write([50], to: account) }
        let transferred = try await concurrently(8) { task in
            var generator = SeededGenerator(seed: 130 + UInt64(task))
            var moved: [StorageKey: Int] = [:]
            for _ in 0..<10 {
                let pair = accounts.shuffled(using: &generator).prefix(2)
                guard try await transfer(from: pair[0], to: pair[1], in: storages[task % storages.count]) else {
                    continue
                }
                moved[pair[0], default: 0] -= 1
                moved[pair[1], default: 0] += 1
            }
            return moved
        }
        for account in accounts {
            let left = Int(try require(await storages[0].read(account), "an account").bytes[0])
            let expected = transferred.reduce(50) { $0 + $1[account, default: 0] }
            try expectEqual(left, expected, "what is left in account '\(account)'")
        }
    }

    /// Moves one from an account to another, trying again while others are faster; `false` where there is nothing left.
    private static func transfer(
        from sourceKey: StorageKey,
        to targetKey: StorageKey,
        in storage: any StorageEffects
    ) async throws -> Bool {
        while true {
            let source = try require(await storage.read(sourceKey), "the source")
            let target = try require(await storage.read(targetKey), "the target")
            guard source.bytes[0] > 0 else { return false }
            let result = await outcome {
                try await storage.transact([
                    .write([source.bytes[0] - 1], to: sourceKey, if: .matches(source.revision)),
                    .write([target.bytes[0] + 1], to: targetKey, if: .matches(target.revision)),
                ])
            }
            guard case .failure(let error) = result else { return true }
            try expectEqual((error as? EffectError)?.code, .preconditionFailed, "the failure of a transfer")
        }
    }
}
