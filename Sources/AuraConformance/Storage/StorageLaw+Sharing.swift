internal import AuraEffects

extension Law where Handler == any StorageEffects {
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
            StorageLaw(
                "concurrent transfers through two handlers on the same data neither make nor lose anything",
                .capability(.transactions),
                .ability(.share)
            ) { harness in
                let first = try await harness.make()
                try await transfers(in: [first, try await harness.sharing(first)])
            },
        ]
    }
}
