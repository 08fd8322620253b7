internal import AuraEffects

extension Law where Handler == any ObjectStorageEffects {
    static var listing: [ObjectLaw] {
        [
            ObjectLaw("a listing has every object once, with its revision, size and date") { harness in
                let bucket = try await harness.make()
                var expected: [ObjectKey: ObjectPage.Item] = [:]
                for (number, text) in unusualKeys(atMost: 64).filter(\.isUsualKey).enumerated() {
                    let key = ObjectKey(text)
                    try await bucket.put(Array(repeating: 1, count: number), to: key)
                    let info = try require(await bucket.info(key), "what is known of '\(key)'")
                    expected[key] = ObjectPage.Item(
                        key: key,
                        revision: info.revision,
                        byteCount: number,
                        modified: info.modified
                    )
                }
                for pageSize in [1, 7, 1000] {
                    let items = try await bucket.everything(pageSize: pageSize)
                    try expectEqual(items.count, expected.count, "the items in pages of \(pageSize)")
                    for item in items { try expectEqual(item, expected[item.key], "the item of '\(item.key)'") }
                    var keys: [ObjectKey] = []
                    for try await item in bucket.objects(pageSize: pageSize) { keys.append(item.key) }
                    try expectEqual(keys, items.map(\.key), "the keys of the sequence in pages of \(pageSize)")
                }
            },
            ObjectLaw("a listing is in the order of the keys' bytes", .capability(.orderedListing)) { harness in
                let bucket = try await harness.make()
                var texts = unusualKeys(atMost: 64).filter(\.isUsualKey)
                var generator = SeededGenerator(seed: 203)
                texts.shuffle(using: &generator)
                for text in texts { try await bucket.put([1], to: ObjectKey(text)) }
                for pageSize in [1, 7, 1000] {
                    let keys = try await bucket.everything(pageSize: pageSize).map(\.key)
                    try expectEqual(keys, texts.map { ObjectKey($0) }.sorted(), "the keys in pages of \(pageSize)")
                }
            },
            ObjectLaw("a prefix selects the keys whose bytes begin with it") { harness in
                let bucket = try await harness.make()
                let texts = [
                    "a", "a/", "a/1", "a/2", "a0", "aa", "b", "%", "%a", "_", "_a", "*", "[a]", "é", "éa", "e\u{301}",
                    "e\u{301}a", "e", "👩", "👩‍👩‍👧", "\u{10ffff}", "\u{10ffff}\u{10ffff}", "A/1", "a+", "a b",
                ]
                for text in texts { try await bucket.put([1], to: ObjectKey(text)) }
                for prefix in texts + ["", "a/1x", "none", "\u{10fffe}", "a//"] {
                    let keys = try await bucket.everything(prefix: prefix, pageSize: 4).map(\.key).sorted()
                    let expected = texts.map { ObjectKey($0) }.filter { $0.hasPrefix(prefix) }.sorted()
                    try expectEqual(keys, expected, "the keys with the prefix '\(prefix)'")
                }
            },
            ObjectLaw("a listing's limit below 1 is refused, and a page keeps to its limit") { harness in
                let bucket = try await harness.make()
                for number in 0..<20 { try await bucket.put([1], to: ObjectKey("key \(100 + number)")) }
                for limit in [0, -1, .min] {
                    try await expectFailure(.invalidArgument, "a listing with limit \(limit)") {
                        try await bucket.list(prefix: "", after: nil, limit: limit)
                    }
                }
                for limit in [1, 2, 7, 19, 20, 21, .max] {
                    try expectEqual(try await bucket.everything(pageSize: limit).count, 20, "the items by \(limit)")
                }
                let none = try await bucket.everything(prefix: "none")
                try expectEqual(none, [], "the items of a prefix without keys")
            },
            ObjectLaw("a listing sees every lasting object exactly once while writers run") { harness in
                let bucket = try await harness.make()
                let lasting = (0..<40).map { ObjectKey("key \(1000 + $0 * 7)") }
                for key in lasting { try await bucket.put([1], to: key) }
                let writers = (0..<3)
                    .map { task in
                        Task {
                            var generator = SeededGenerator(seed: 210 + UInt64(task))
                            var passing: ObjectKey = "none"
                            while !Task.isCancelled {
                                let number = Int.random(in: 1000..<1280, using: &generator)
                                try await bucket.remove(passing)
                                passing = ObjectKey("key \(number) of \(task)")
                                try await bucket.put([2], to: passing)
                                try await bucket.put([3], to: lasting[number % lasting.count])
                                // A handler may answer without ever suspending: others must get their turn.
                                await Task.yield()
                            }
                        }
                    }
                defer { for writer in writers { writer.cancel() } }
                for round in 0..<15 {
                    // What comes and goes before a page's place must not move that place.
                    let items = try await bucket.everything(pageSize: 1 + round % 9) { page in
                        if page % 2 == 0 { try await bucket.put([4], to: "a") } else { try await bucket.remove("a") }
                    }
                    let keys = items.map(\.key)
                    let seen = Set(keys)
                    try expectEqual(seen.count, keys.count, "the different keys of round \(round)")
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

    static var copying: [ObjectLaw] {
        [
            ObjectLaw("a copy has the bytes and metadata of its source, and a life of its own") { harness in
                let bucket = try await harness.make()
                let metadata = ObjectMetadata(contentType: "text/plain", attributes: ["a": "1"])
                let bytes = Array(repeating: UInt8(7), count: 100_000)
                let source: ObjectKey = "from/ä+b%20 c"
                try await bucket.put(ByteStream(bytes), to: source, metadata: metadata)
                try await bucket.put([1], to: "to")
                let revision = try await bucket.copy(source, matching: nil, to: "to", if: .none)
                let info = try require(await bucket.info("to"), "what is known of the copy")
                try expectEqual(info.revision, revision, "the copy's revision")
                try expectEqual(info.metadata, metadata, "the copy's metadata")
                try await bucket.put([2], to: source)
                try await bucket.expectContents([source: [2], "to": bytes], "after the copy")
                try await bucket.remove(source)
                try await bucket.expectContents(["to": bytes], "after the removal of the source")
            },
            ObjectLaw("a copy heeds the revision of its source and the precondition of its key") { harness in
                let bucket = try await harness.make()
                let stale = try await bucket.put([1], to: "a")
                let current = try await bucket.put([2], to: "a")
                let there = try await bucket.put([3], to: "b")
                let unmet: [(ObjectKey, CloudRevision?, ObjectKey, CloudPrecondition)] = [
                    ("a", stale, "c", .none), ("a", stale, "b", .none), ("a", current, "b", .absent),
                    ("a", nil, "b", .matches(current)), ("a", nil, "c", .matches(there)),
                ]
                for (source, revision, key, precondition) in unmet {
                    try await expectFailure(.preconditionFailed, "a copy to '\(key)' if \(precondition)") {
                        try await bucket.copy(source, matching: revision, to: key, if: precondition)
                    }
                }
                try await expectFailure(.notFound, "a copy of nothing") {
                    try await bucket.copy("none", matching: nil, to: "b", if: .none)
                }
                try await expectFailure(.invalidArgument, "a copy onto itself") {
                    try await bucket.copy("a", matching: nil, to: "a", if: .none)
                }
                try await bucket.expectContents(["a": [2], "b": [3]], "after failed copies")
                try await bucket.copy("a", matching: current, to: "b", if: .matches(there))
                try await bucket.copy("a", matching: current, to: "c", if: .absent)
                try await bucket.expectContents(["a": [2], "b": [2], "c": [2]], "after the copies")
            },
        ]
    }
}
