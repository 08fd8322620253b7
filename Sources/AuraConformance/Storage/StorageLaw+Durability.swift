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
}
