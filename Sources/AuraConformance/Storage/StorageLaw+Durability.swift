internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var durability: [StorageLaw] {
        [
            StorageLaw("a reopened storage holds what it held", .ability(.reopen)) { harness in
                let storage = try await harness.make()
                let contents = try await storage.fill()
                let reopened = try await harness.reopened(storage)
                try await reopened.expectContents(contents, "after the reopening")
                let revision = try require(contents["kept"], "the value").revision
                _ = try await reopened.write([5], to: "kept", if: .matches(revision))
            },
            StorageLaw("a crash loses nothing that was acknowledged", .ability(.crash), .capability(.durable)) {
                harness in
                let storage = try await harness.make()
                let contents = try await storage.fill()
                let recovered = try await harness.crashed(storage)
                try await recovered.expectContents(contents, "after the crash")
            },
            StorageLaw("a crash amid writes leaves every value whole", .ability(.crash)) { harness in
                let storage = try await harness.make()
                let acknowledged = Collected<(StorageKey, UInt8)>()
                let writers = (0..<8)
                    .map { task in
                        Task {
                            for turn in 1...250 {
                                let key = StorageKey("key \(task)")
                                let bytes = Array(repeating: UInt8(turn), count: 5000)
                                try await storage.write(bytes, to: key)
                                acknowledged.add((key, UInt8(turn)))
                            }
                        }
                    }
                try await pause(.milliseconds(50))
                let before = acknowledged.soFar
                let recovered = try await harness.crashed(storage)
                for writer in writers { writer.cancel() }
                for (key, value) in try await recovered.contents() {
                    let turn = try require(value.bytes.first, "the first byte")
                    let isWhole = value.bytes.count == 5000 && value.bytes.allSatisfy { $0 == turn }
                    try expect(isWhole, "the value of '\(key)' is half-written")
                }
                guard harness.capabilities.contains(.durable) else { return }
                for (key, turn) in before {
                    let value = try require(await recovered.read(key), "the acknowledged value of '\(key)'")
                    try expect(value.bytes[0] >= turn, "the write \(turn) of '\(key)' was acknowledged and is lost")
                }
            },
            StorageLaw("a damaged value is corrupted, never wrong bytes", .ability(.damage)) { harness in
                for size in [1, 100, 100_000] where size <= harness.capabilities.limit(.valueBytes) {
                    let storage = try await harness.make()
                    var generator = SeededGenerator(seed: UInt64(size))
                    let marker = "the-payload-that-no-error-prints"
                    let bytes = size == 100 ? Array((marker + marker).utf8) : generator.bytes(size)
                    try await storage.write(bytes, to: "damaged")
                    let other = StoredValue(bytes: [1], revision: try await storage.write([1], to: "sound"))
                    let damaging = try require(harness as? any StorageDamagingHarness, "a harness that can damage")
                    let damaged = try await damaging.damage(storage, valueOf: "damaged")
                    let error = try await expectFailure(.corrupted, "a read of a damaged value of \(size) bytes") {
                        try await damaged.read("damaged")
                    }
                    try expectDiscreet(error, effect: StorageEffect.name, hiding: marker)
                    try expect(!error.isRetryable, "'\(error)' says that trying again may help")
                    try expectEqual(try await damaged.read("sound"), other, "a sound value beside it")
                    try await damaged.write([2], to: "damaged")
                    try expectEqual(try await damaged.read("damaged")?.bytes, [2], "a value written over it")
                }
            },
        ]
    }

    static var sharing: [StorageLaw] {
        [
            StorageLaw("two handlers on the same data see each other's writes", .ability(.share)) { harness in
                let first = try await harness.make()
                let second = try await harness.sharing(first)
                let revision = try await first.write([1], to: "a")
                let value = StoredValue(bytes: [1], revision: revision)
                try await second.expectContents(["a": value], "as the second handler sees it")
                try await second.remove("a", if: .matches(revision))
                try await first.expectContents([:], "as the first handler sees it")
            },
            StorageLaw("tasks that count through two handlers on the same data lose nothing", .ability(.share)) {
                harness in
                let first = try await harness.make()
                try await count(in: [first, try await harness.sharing(first)])
            },
            StorageLaw("two handlers on the same data issue no revision twice", .ability(.share)) { harness in
                let first = try await harness.make()
                let both = [first, try await harness.sharing(first)]
                let revisions = try await concurrently(8) { task in
                    var revisions: [StorageRevision] = []
                    for turn in 0..<20 {
                        let key = StorageKey("key \((task + turn) % 5)")
                        revisions.append(try await both[task % 2].write([UInt8(turn)], to: key))
                    }
                    return revisions
                }
                try expectEqual(Set(revisions.joined()).count, 160, "the different revisions of 160 writes")
            },
        ]
    }
}

extension StorageEffects {
    /// Writes, overwrites and removes some values.
    ///
    /// - Returns: What is stored then.
    fileprivate func fill() async throws -> [StorageKey: StoredValue] {
        try await write([1], to: "overwritten")
        try await write([2], to: "removed")
        try await remove("removed")
        var contents: [StorageKey: StoredValue] = [:]
        let large = SeededGenerator(seed: 120)
        for (key, count) in [("kept", 3), ("overwritten", 100), ("empty", 0), ("large", 50_000)] as [(StorageKey, Int)]
        {
            var generator = large
            let bytes = generator.bytes(count)
            contents[key] = StoredValue(bytes: bytes, revision: try await write(bytes, to: key))
        }
        return contents
    }
}
