internal import AuraEffects

extension Law where Handler == any KeyValueEffects {
    static var values: [KeyValueLaw] {
        [
            KeyValueLaw("an item is read as it was put, whatever its values are") { harness in
                let table = try await harness.make()
                try expectEqual(table.capabilities, harness.capabilities, "what the handler declares")
                let values: [ItemValue] = [
                    .null, true, false, 0, 1, -1, .integer(.min), .integer(.max), .integer(1 << 53 + 1), 0.0, 1.0, -1.5,
                    0.1, .double(.pi), .double(.greatestFiniteMagnitude), .double(.leastNonzeroMagnitude),
                    .double(1e300),
                    "", "1", "1.0", "null", "true", "\0", "\u{e9}", "e\u{301}", "👩‍👩‍👧‍👦", "\"\\\n", .bytes([]),
                    .bytes([0]), .bytes(Array(0...255)), [], [.null], [1, "1", 1.0, [true]], .map([:]),
                    .map(["a": .map(["b": [.null]]), "": .null].filter { !$0.key.isEmpty }),
                ]
                var attributes: [String: ItemValue] = [:]
                for (number, value) in values.enumerated() { attributes["value \(number)"] = value }
                for name in ["a", "A", " ", "a.b", "#a", ":a", "$", "[0]", "_ts", "id", "ttl", "é", "👩"] {
                    attributes[name] = .text(name)
                }
                let revision = try await table.put(Item(attributes), to: ItemKey("p", "a"))
                try await table.expectContents(["a": Item(attributes)], "after the put")
                try expectEqual(try await table.read(ItemKey("p", "a"))?.revision, revision, "the revision")
                try await table.put(Item([:]), to: ItemKey("p", "a"))
                try await table.expectContents(["a": Item([:])], "after the put of no attributes")
                try expectEqual(try await table.read(ItemKey("p", "b")), nil, "an item that nobody put")
            },
            KeyValueLaw("a put replaces the whole item") { harness in
                let table = try await harness.make()
                try await table.put(Item(["a": 1, "b": ["x", "y"], "c": .map(["d": 1])]), to: ItemKey("p", "a"))
                try await table.put(Item(["a": 2, "c": .map(["e": 2])]), to: ItemKey("p", "a"))
                try await table.expectContents(["a": Item(["a": 2, "c": .map(["e": 2])])], "after two puts")
            },
            KeyValueLaw("an item that is removed is gone, and one that never was is removed as well") { harness in
                let table = try await harness.make()
                try await table.put(numbered(1), to: ItemKey("p", "a"))
                try await table.put(numbered(2), to: ItemKey("p", "b"))
                try await table.remove(ItemKey("p", "a"))
                for sort in ["a", "never"] {
                    try await expectSuccess("a removal of nothing") { try await table.remove(ItemKey("p", sort)) }
                }
                try await table.expectContents(["b": numbered(2)], "after the removals")
            },
            KeyValueLaw("an item of another form, and one out of the limits, is refused") { harness in
                let table = try await harness.make()
                var refused: [(String, Item)] = [
                    ("a number that is none", Item(["a": .double(.nan)])),
                    ("an infinite number", Item(["a": [.map(["b": .double(.infinity)])]])),
                    ("an empty name", Item(["": 1])), ("an empty name within", Item(["a": .map(["": 1])])),
                ]
                let depth = harness.capabilities.limit(.valueDepth)
                if depth < 1000 {
                    let deepest = (0..<depth).reduce(ItemValue.null) { value, _ in [value] }
                    try await table.put(Item(["a": deepest]), to: ItemKey("p", "deepest"))
                    try await table.expectContents(["deepest": Item(["a": deepest])], "after a put of the deepest item")
                    try await table.remove(ItemKey("p", "deepest"))
                    refused.append(("lists \(depth + 1) deep", Item(["a": [deepest]])))
                }
                let bytes = harness.capabilities.limit(.itemBytes)
                if bytes < 1 << 24 {
                    let largest = Item(["a": .bytes(Array(repeating: 7, count: bytes - 1))])
                    try expectEqual(largest.byteCount, bytes, "the size of the largest item")
                    try await table.put(largest, to: ItemKey("p", "largest"))
                    try await table.expectContents(["largest": largest], "after a put of the largest item")
                    try await table.remove(ItemKey("p", "largest"))
                    refused.append(("\(bytes + 1) bytes", Item(["a": .bytes(Array(repeating: 7, count: bytes))])))
                }
                for (what, item) in refused {
                    try await expectFailure(.invalidArgument, "a put of \(what)") {
                        try await table.put(item, to: ItemKey("p", "a"))
                    }
                }
                try await table.expectContents([:], "after refused puts")
            },
            KeyValueLaw("an error prints no values and says where it comes from") { harness in
                let table = try await harness.make()
                let marker = "the-payload-that-no-error-prints"
                let item = Item(["a": .text(marker), "b": .bytes(Array(marker.utf8))])
                let key = ItemKey("p", "a")
                try await table.put(item, to: key)
                let errors = [
                    try await expectFailure(.preconditionFailed, "a put if absent") {
                        try await table.put(item, to: key, if: .absent)
                    },
                    try await expectFailure(.preconditionFailed, "a removal of another revision") {
                        try await table.remove(key, if: .matches(CloudRevision(rawValue: "another")))
                    },
                    try await expectFailure(.invalidArgument, "a put to the empty key") {
                        try await table.put(item, to: ItemKey("", "a"))
                    },
                    try await expectFailure(.invalidArgument, "a put of a number that is none") {
                        try await table.put(Item(["a": .text(marker), "b": .double(.nan)]), to: key)
                    },
                ]
                for error in errors {
                    try expectDiscreet(error, effect: KeyValuesEffect.name, hiding: marker)
                    try expect(!error.isRetryable, "'\(error)' says that trying again may help")
                }
            },
        ]
    }

    static var keys: [KeyValueLaw] {
        [
            KeyValueLaw("keys that look alike or mean something elsewhere are kept apart") { harness in
                let table = try await harness.make()
                let limits = harness.capabilities
                let most = min(limits.limit(.sortKeyBytes), limits.limit(.partitionKeyBytes))
                let texts = unusualKeys(atMost: most)
                var keys = texts.map { ItemKey("p", $0) } + texts.map { ItemKey($0, "p") }
                let joined = [("a", "b/c"), ("a/b", "c"), ("a", "\0b"), ("a\0", "b"), ("ab", "c"), ("a", "bc")]
                keys += (joined + [("a#b", "c")]).map { ItemKey($0, $1) }
                keys = Set(keys).sorted()
                for (number, key) in keys.enumerated() {
                    try await expectSuccess("a put if absent to an unusual key") {
                        try await table.put(numbered(Int64(number)), to: key, if: .absent)
                    }
                }
                for (number, key) in keys.enumerated() {
                    let stored = try require(await table.read(key), "the item '\(key)'")
                    try expectEqual(stored.number, Int64(number), "the item '\(key)'")
                    try expectEqual(stored.key, key, "the key of an item")
                }
                let partitions = Dictionary(grouping: keys) { ItemKey($0.partition, "a") }
                for (partition, keys) in partitions {
                    let items = try await table.everything(ItemQuery(partition.partition))
                    try expectEqual(items.map(\.key), keys, "the keys of the partition '\(partition.partition)'")
                }
                for key in keys.prefix(keys.count / 2) { try await table.remove(key) }
                for (number, key) in keys.enumerated() {
                    let isThere = try await table.read(key) != nil
                    try expectEqual(isThere, number >= keys.count / 2, "whether '\(key)' is there after removals")
                }
            },
            KeyValueLaw("a key with an empty part is refused by every operation") { harness in
                let table = try await harness.make()
                try await expectRefused(ItemKey("", "a"), by: table, "a key without a partition")
                try await expectRefused(ItemKey("p", ""), by: table, "a key without a sort key")
                try await expectFailure(.invalidArgument, "a query of the empty partition") {
                    try await table.everything(ItemQuery(""))
                }
                try await table.expectContents([:], "after refused calls")
            },
            KeyValueLaw(
                "a key of the declared size is taken and a longer one refused",
                .limit(.sortKeyBytes, atMost: 65_536),
                .limit(.partitionKeyBytes, atMost: 65_536)
            ) { harness in
                let table = try await harness.make()
                let partition = String(repeating: "p", count: harness.capabilities.limit(.partitionKeyBytes))
                let sort = String(repeating: "s", count: harness.capabilities.limit(.sortKeyBytes))
                try await table.put(numbered(1), to: ItemKey(partition, sort))
                try await expectRefused(ItemKey(partition + "p", "a"), by: table, "too long a partition")
                try await expectRefused(ItemKey("p", sort + "s"), by: table, "too long a sort key")
                try await table.expectContents(of: partition, [sort: numbered(1)], "after refused calls")
            },
        ]
    }

    private static func expectRefused(_ key: ItemKey, by table: any KeyValueEffects, _ what: String) async throws {
        try await expectFailure(.invalidArgument, "a put to \(what)") { try await table.put(numbered(1), to: key) }
        try await expectFailure(.invalidArgument, "a get of \(what)") { _ = try await table.read(key) }
        try await expectFailure(.invalidArgument, "a removal of \(what)") { try await table.remove(key) }
    }
}
