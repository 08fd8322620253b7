internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var preconditions: [StorageLaw] {
        [
            StorageLaw("a write goes through where its precondition holds") { harness in
                let storage = try await harness.make()
                let first = try await storage.write([1], to: "a", if: .absent)
                let second = try await storage.write([2], to: "a", if: .matches(first))
                let third = try await storage.write([3], to: "a", if: .none)
                try expectEqual(Set([first, second, third]).count, 3, "the different revisions")
                let value = StoredValue(bytes: [3], revision: third)
                try await storage.expectContents(["a": value], "after three writes")
                try await storage.remove("a")
                let fourth = try await expectSuccess("a write if absent after a removal") {
                    try await storage.write([4], to: "a", if: .absent)
                }
                try expectEqual(try await storage.read("a")?.revision, fourth, "the revision after a removal")
            },
            StorageLaw("a write changes nothing where its precondition does not hold") { harness in
                let storage = try await harness.make()
                let stale = try await storage.write([1], to: "a")
                let value = StoredValue(bytes: [2], revision: try await storage.write([2], to: "a"))
                let gone = try await storage.write([3], to: "b")
                try await storage.remove("b")
                let unmet: [(StorageKey, StoragePrecondition)] = [
                    ("a", .absent), ("a", .matches(stale)), ("a", .matches(gone)), ("b", .matches(gone)),
                    ("c", .matches(value.revision)), ("a", .matches(StorageRevision(rawValue: .max))),
                    ("b", .matches(StorageRevision(rawValue: 0))),
                ]
                for (key, precondition) in unmet {
                    try await expectFailure(.preconditionFailed, "a write to '\(key)' if \(precondition)") {
                        try await storage.write([9], to: key, if: precondition)
                    }
                }
                try await storage.expectContents(["a": value], "after failed writes")
            },
            StorageLaw("a removal goes through where its precondition holds") { harness in
                let storage = try await harness.make()
                let revision = try await storage.write([1], to: "a")
                try expectEqual(try await storage.remove("a", if: .matches(revision)), true, "whether it was there")
                try expectEqual(try await storage.remove("a", if: .absent), false, "whether an absent one was there")
                try await storage.write([2], to: "a")
                try expectEqual(try await storage.remove("a", if: .none), true, "whether it was there again")
                try await storage.expectContents([:], "after the removals")
            },
            StorageLaw("a removal changes nothing where its precondition does not hold") { harness in
                let storage = try await harness.make()
                let stale = try await storage.write([1], to: "a")
                let value = StoredValue(bytes: [2], revision: try await storage.write([2], to: "a"))
                let unmet: [(StorageKey, StoragePrecondition)] = [
                    ("a", .absent), ("a", .matches(stale)), ("b", .matches(stale)),
                ]
                for (key, precondition) in unmet {
                    try await expectFailure(.preconditionFailed, "a removal of '\(key)' if \(precondition)") {
                        try await storage.remove(key, if: precondition)
                    }
                }
                try await storage.expectContents(["a": value], "after failed removals")
            },
            StorageLaw("sixteen tasks that count by compare-and-swap lose nothing") { harness in
                let storage = try await harness.make()
                try await count(in: [storage])
            },
            StorageLaw("of concurrent writes if absent exactly one goes through") { harness in
                let storage = try await harness.make()
                for round in 0..<5 {
                    let key = StorageKey("round \(round)")
                    let results = try await concurrently(16) { number in
                        await outcome { try await storage.write([UInt8(number)], to: key, if: .absent) }
                    }
                    try expectOneWinner(results)
                    let winner = try require(results.firstIndex { (try? $0.get()) != nil }, "the winner")
                    let value = StoredValue(bytes: [UInt8(winner)], revision: try results[winner].get())
                    try expectEqual(try await storage.read(key), value, "the winner's value")
                }
            },
            StorageLaw("of concurrent removals of one revision exactly one goes through") { harness in
                let storage = try await harness.make()
                for _ in 0..<5 {
                    let revision = try await storage.write([1], to: "a")
                    let results = try await concurrently(16) { _ in
                        await outcome { try await storage.remove("a", if: .matches(revision)) }
                    }
                    try expectOneWinner(results)
                    try expectEqual(try await storage.read("a"), nil, "the removed value")
                }
            },
        ]
    }

    /// Lets sixteen tasks increment one counter by compare-and-swap, over one or several handlers of the same data.
    static func count(in storages: [any StorageEffects]) async throws {
        try await storages[0].write([0], to: "counter")
        _ = try await concurrently(16) { task in
            let storage = storages[task % storages.count]
            for _ in 0..<5 {
                while true {
                    let value = try require(await storage.read("counter"), "the counter")
                    let result = await outcome {
                        try await storage.write([value.bytes[0] + 1], to: "counter", if: .matches(value.revision))
                    }
                    if case .success = result { break }
                    if case .failure(let error) = result {
                        try expectEqual((error as? EffectError)?.code, .preconditionFailed, "a failed increment")
                    }
                }
            }
        }
        for storage in storages {
            try expectEqual(try await storage.read("counter")?.bytes, [80], "the counter")
        }
    }
}

private func expectOneWinner<Value>(_ results: [Result<Value, any Error>], line: Int = #line) throws {
    try expectEqual(
        results.count { (try? $0.get()) != nil },
        1,
        "how many of \(results.count) went through",
        line: line
    )
    for case .failure(let error) in results {
        try expectEqual((error as? EffectError)?.code, .preconditionFailed, "the failure of the others", line: line)
    }
}
