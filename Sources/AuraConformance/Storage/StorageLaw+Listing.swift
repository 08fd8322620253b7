internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var listing: [StorageLaw] {
        [
            StorageLaw("a listing is in the order of the keys' bytes, with revisions and sizes") { harness in
                let storage = try await harness.make()
                var texts = unusualTexts(atMost: min(64, harness.capabilities.limit(.keyBytes)))
                var generator = SeededGenerator(seed: 101)
                texts.shuffle(using: &generator)
                var expected: [StoragePage.Item] = []
                for (number, text) in texts.enumerated() {
                    let key = StorageKey(text)
                    let revision = try await storage.write(generator.bytes(number), to: key)
                    expected.append(StoragePage.Item(key: key, revision: revision, byteCount: number))
                }
                expected.sort { $0.key < $1.key }
                for pageSize in [1, 3, 1000] {
                    let items = try await storage.everything(pageSize: pageSize)
                    try expectEqual(items, expected, "the items in pages of \(pageSize)")
                }
            },
            StorageLaw("a prefix selects the keys whose bytes begin with it") { harness in
                let storage = try await harness.make()
                let texts = [
                    "a", "a/", "a/1", "a/2", "a0", "aa", "b", "%", "%a", "_", "_a", "*", "[a]", "é", "éa", "e\u{301}",
                    "e\u{301}a", "e", "👩", "👩‍👩‍👧", "\u{10ffff}", "\u{10ffff}\u{10ffff}", "a\0", "a\0b", "A/1",
                ]
                for text in texts { try await storage.write([1], to: StorageKey(text)) }
                for prefix in texts + ["", "a/1x", "none", "a/\0", "\u{10fffe}"] {
                    let keys = try await storage.everything(prefix: prefix, pageSize: 4).map(\.key).sorted()
                    let expected = texts.map { StorageKey($0) }.filter { $0.hasPrefix(prefix) }.sorted()
                    try expectEqual(keys, expected, "the keys with the prefix '\(prefix)'")
                }
            },
            StorageLaw("a listing after a key begins right after it, whether it exists or not") { harness in
                let storage = try await harness.make()
                let keys: [StorageKey] = ["a", "a/1", "a/3", "b", "b/1", "c"]
                for key in keys { try await storage.write([1], to: key) }
                for prefix in ["", "a", "b/"] {
                    for after: StorageKey in ["\0", "a", "a/0", "a/1", "a/2", "a/3", "b", "b/0", "b/2", "c", "d"] {
                        let listed = try await storage.everything(prefix: prefix, after: after, pageSize: 2).map(\.key)
                        let expected = keys.filter { $0.hasPrefix(prefix) && $0 > after }
                        try expectEqual(listed, expected, "the keys with the prefix '\(prefix)' after '\(after)'")
                    }
                }
            },
            StorageLaw("a page has at most as many items as its limit, and the last has no next") { harness in
                let storage = try await harness.make()
                for number in 0..<20 { try await storage.write([1], to: StorageKey("key \(100 + number)")) }
                for limit in [1, 2, 7, 19, 20, 21, 1000, .max] {
                    let page = try await storage.list(prefix: "", after: nil, limit: limit)
                    let most = min(limit, harness.capabilities.limit(.pageElements))
                    try expect(page.items.count <= most, "a page of limit \(limit) has \(page.items.count) items")
                    let isLast = page.next == nil
                    try expectEqual(isLast, page.items.count == 20, "whether a page of limit \(limit) is the last")
                    let all = try await storage.everything(pageSize: limit)
                    try expectEqual(all.count, 20, "the items in pages of \(limit)")
                    let last = try await storage.list(prefix: "", after: all.last?.key, limit: limit)
                    try expectEqual(last, StoragePage(items: [], next: nil), "the page after the last key")
                }
                let none = try await storage.list(prefix: "none", after: nil, limit: 10)
                try expectEqual(none, StoragePage(items: [], next: nil), "the page of a prefix without keys")
            },
            StorageLaw(
                "a page has at most as many items as the handler declares",
                .limit(.pageElements, atMost: 20_000)
            ) { harness in
                let storage = try await harness.make()
                let limit = harness.capabilities.limit(.pageElements)
                try await storage.writeKeys(limit + 1)
                for wanted in [limit + 1, .max] {
                    let page = try await storage.list(prefix: "", after: nil, limit: wanted)
                    try expect(page.items.count <= limit, "a page has \(page.items.count) items of at most \(limit)")
                    try expectEqual(
                        try await storage.everything(pageSize: wanted).count,
                        limit + 1,
                        "the items in pages of limit \(wanted)"
                    )
                }
            },
            StorageLaw("a listing's limit below 1 is refused") { harness in
                let storage = try await harness.make()
                try await storage.write([1], to: "a")
                for limit in [0, -1, .min] {
                    try await expectFailure(.invalidArgument, "a listing with limit \(limit)") {
                        try await storage.list(prefix: "", after: nil, limit: limit)
                    }
                }
            },
            StorageLaw("a listing sees every lasting key exactly once while writers run") { harness in
                let storage = try await harness.make()
                let lasting = (0..<60).map { StorageKey("key \(1000 + $0 * 7)") }
                for key in lasting { try await storage.write([1], to: key) }
                let writers = (0..<4)
                    .map { task in
                        Task {
                            var generator = SeededGenerator(seed: 110 + UInt64(task))
                            var passing: StorageKey = "none"
                            while !Task.isCancelled {
                                let number = Int.random(in: 1000..<1420, using: &generator)
                                try await storage.remove(passing)
                                passing = StorageKey("key \(number) of \(task)")
                                try await storage.write([2], to: passing)
                                try await storage.write([3], to: lasting[number % lasting.count])
                                // A handler may answer without ever suspending: others must get their turn.
                                await Task.yield()
                            }
                        }
                    }
                defer { for writer in writers { writer.cancel() } }
                for round in 0..<20 {
                    let keys = try await storage.everything(pageSize: 1 + round % 9).map(\.key)
                    try expectEqual(keys, keys.sorted(), "the keys in the order of their bytes")
                    try expectEqual(Set(keys).count, keys.count, "the different keys of round \(round)")
                    let seen = Set(keys)
                    for key in lasting { try expect(seen.contains(key), "'\(key)' is missing in round \(round)") }
                }
                for writer in writers {
                    writer.cancel()
                    let result = await writer.result
                    guard case .failure(let error) = result else { continue }
                    try expectEqual((error as? EffectError)?.code, .cancelled, "the failure of a writer")
                }
            },
        ]
    }
}
