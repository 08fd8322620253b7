internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var revisions: [StorageLaw] {
        [
            StorageLaw("a revision never comes back, whatever is overwritten, removed or written again") { harness in
                let storage = try await harness.make()
                try expectDistinct(try await storage.churn(seed: 81))
            },
            StorageLaw("a revision never comes back under concurrent writers") { harness in
                let storage = try await harness.make()
                let revisions = try await concurrently(8) { task in
                    try await storage.churn(seed: 82 + UInt64(task), removals: 0)
                }
                try expectDistinct(revisions.flatMap { $0 })
            },
            StorageLaw("a revision never comes back after a reopening", .ability(.reopen)) { harness in
                var storage = try await harness.make()
                var revisions = try await storage.churn(seed: 91)
                for item in try await storage.everything() { try await storage.remove(item.key) }
                for seed: UInt64 in 92..<95 {
                    storage = try await harness.reopened(storage)
                    revisions += try await storage.churn(seed: seed)
                }
                try expectDistinct(revisions)
            },
            StorageLaw("a revision never comes back after a crash", .ability(.crash), .capability(.durable)) {
                harness in
                var storage = try await harness.make()
                var revisions = try await storage.churn(seed: 96)
                for item in try await storage.everything() { try await storage.remove(item.key) }
                for seed: UInt64 in 97..<100 {
                    storage = try await harness.crashed(storage)
                    revisions += try await storage.churn(seed: seed)
                }
                try expectDistinct(revisions)
            },
            StorageLaw("the revisions that transactions issue never come back", .capability(.transactions)) { harness in
                let storage = try await harness.make()
                var revisions: [StorageRevision] = []
                for turn in 0..<20 {
                    let bytes = [UInt8(turn)]
                    revisions += try await storage.transact([.write(bytes, to: "a"), .write(bytes, to: "b")])
                        .compactMap { $0 }
                    _ = await outcome {
                        try await storage.transact([.write(bytes, to: "c"), .write(bytes, to: "a", if: .absent)])
                    }
                    revisions.append(try await storage.write(bytes, to: "c"))
                }
                try expectEqual(revisions.count, 60, "the revisions of 60 writes")
                try expectDistinct(revisions)
            },
        ]
    }
}

extension StorageEffects {
    /// Writes, overwrites and removes at random.
    ///
    /// - Returns: The revisions in the order in which they were issued.
    fileprivate func churn(seed: UInt64, removals: Double = 0.3) async throws -> [StorageRevision] {
        var generator = SeededGenerator(seed: seed)
        var revisions: [StorageRevision] = []
        for _ in 0..<60 {
            let key = StorageKey("key \(Int.random(in: 0..<3, using: &generator))")
            if generator.happens(removals) {
                try await remove(key)
            } else {
                revisions.append(try await write(generator.bytes(3), to: key))
            }
        }
        return revisions
    }
}

private func expectDistinct(_ revisions: [StorageRevision], line: Int = #line) throws {
    var seen: Set<StorageRevision> = []
    for (index, revision) in revisions.enumerated() where !seen.insert(revision).inserted {
        try expect(false, "the revision \(revision) came back at write \(index)", line: line)
    }
}
