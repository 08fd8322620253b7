internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var values: [StorageLaw] {
        [
            StorageLaw("the handler declares what its harness says") { harness in
                let storage = try await harness.make()
                try expectEqual(storage.capabilities, harness.capabilities, "the declaration")
            },
            StorageLaw("what is written is read back, and a key without a value reads nil") { harness in
                let storage = try await harness.make()
                try expectEqual(try await storage.read("absent"), nil, "a value of a new storage")
                try await storage.expectContents([:], "of a new storage")
                let revision = try await storage.write([1, 2, 3], to: "a")
                let value = StoredValue(bytes: [1, 2, 3], revision: revision)
                try expectEqual(try await storage.read("a"), value, "the value")
                try expectEqual(try await storage.read("b"), nil, "another key's value")
                try await storage.expectContents(["a": value], "after a write")
            },
            StorageLaw("an overwrite replaces the value and its revision") { harness in
                let storage = try await harness.make()
                let first = try await storage.write([1, 2, 3], to: "a")
                let second = try await storage.write([4], to: "a")
                try expect(first != second, "both values have the revision \(first)")
                let value = StoredValue(bytes: [4], revision: second)
                try await storage.expectContents(["a": value], "after an overwrite")
                let third = try await storage.write([4], to: "a")
                try expect(third != second, "the same bytes written again kept the revision \(second)")
            },
            StorageLaw("a removed value is gone, and the removal says whether there was one") { harness in
                let storage = try await harness.make()
                try await storage.write([1], to: "a")
                let other = StoredValue(bytes: [2], revision: try await storage.write([2], to: "b"))
                try expectEqual(try await storage.remove("a"), true, "whether there was a value")
                try expectEqual(try await storage.read("a"), nil, "the removed value")
                try expectEqual(try await storage.remove("a"), false, "whether there still was a value")
                try expectEqual(try await storage.remove("never"), false, "whether there ever was a value")
                try await storage.expectContents(["b": other], "after a removal")
            },
            StorageLaw("an empty value is a value") { harness in
                let storage = try await harness.make()
                let value = StoredValue(bytes: [], revision: try await storage.write([], to: "empty"))
                try await storage.expectContents(["empty": value], "with an empty value")
                try await expectFailure(.preconditionFailed, "a write if absent over an empty value") {
                    try await storage.write([1], to: "empty", if: .absent)
                }
                try expectEqual(try await storage.remove("empty"), true, "whether there was an empty value")
            },
            StorageLaw("values of any size and every byte survive") { harness in
                let storage = try await harness.make()
                let limit = harness.capabilities.limit(.valueBytes)
                var generator = SeededGenerator(seed: 61)
                var expected: [StorageKey: StoredValue] = [:]
                for count in [1, 255, 4096, 65_537, 1 << 20] where count <= limit {
                    let key = StorageKey("\(count) bytes")
                    let bytes = count == 255 ? (0..<255).map { UInt8($0) } : generator.bytes(count)
                    expected[key] = StoredValue(bytes: bytes, revision: try await storage.write(bytes, to: key))
                }
                try await storage.expectContents(expected, "with large values")
                let large = try require(expected.keys.max { $0.text.count < $1.text.count }, "a large value")
                try await storage.write([1], to: large)
                let shrunk = try await storage.read(large)
                try expectEqual(shrunk?.bytes, [1], "a small value over a large one")
            },
            StorageLaw("random operations have the results of a model") { harness in
                for seed: UInt64 in 70..<75 {
                    try await compareWithModel(try await harness.make(), seed: seed)
                }
            },
        ]
    }

    private static func compareWithModel(_ storage: any StorageEffects, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        var model = StorageModel()
        var issued: [StorageRevision] = [StorageRevision(rawValue: .max)]
        for step in 0..<300 {
            let place = "at step \(step) with seed \(seed)"
            let key = StorageKey("key \(Int.random(in: 0..<8, using: &generator))")
            let preconditions: [StoragePrecondition] = [
                .none, .absent, model.values[key].map { .matches($0.revision) } ?? .none,
                .matches(issued[Int.random(in: 0..<issued.count, using: &generator)]),
            ]
            let precondition = preconditions[Int.random(in: 0..<4, using: &generator)]
            let bytes = generator.bytes(Int.random(in: 1..<40, using: &generator))
            let isWrite = generator.happens(0.6)
            if !model.holds(precondition, for: key) {
                try await expectFailure(.preconditionFailed, "a change if \(precondition) \(place)") {
                    if isWrite {
                        _ = try await storage.write(bytes, to: key, if: precondition)
                    } else {
                        _ = try await storage.remove(key, if: precondition)
                    }
                }
            } else if isWrite {
                let revision = try await storage.write(bytes, to: key, if: precondition)
                model.store(bytes, revision, under: key)
                issued.append(revision)
            } else {
                let removed = try await storage.remove(key, if: precondition)
                try expectEqual(removed, model.remove(key), "whether there was a value \(place)")
            }
            try expectEqual(try await storage.read(key), model.values[key], "the value of '\(key)' \(place)")
        }
        try await storage.expectContents(model.values, "after random operations with seed \(seed)")
    }
}
