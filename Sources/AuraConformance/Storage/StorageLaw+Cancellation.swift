internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var cancellation: [StorageLaw] {
        [
            StorageLaw("a call of a cancelled task is cancelled and changes nothing") { harness in
                let storage = try await harness.make()
                let value = StoredValue(bytes: [1], revision: try await storage.write([1], to: "a"))
                try await expectCancelled("a read") { try await storage.read("a") }
                try await expectCancelled("a write") { try await storage.write([2], to: "a") }
                try await expectCancelled("a write of a new key") { try await storage.write([2], to: "b") }
                try await expectCancelled("a removal") { try await storage.remove("a") }
                try await expectCancelled("a listing") { try await storage.list(prefix: "", after: nil, limit: 1) }
                try await storage.expectContents(["a": value], "after cancelled calls")
            },
            StorageLaw("a transaction of a cancelled task changes nothing", .capability(.transactions)) { harness in
                let storage = try await harness.make()
                try await expectCancelled("a transaction") {
                    try await storage.transact([.write([1], to: "a"), .write([2], to: "b")])
                }
                try await storage.expectContents([:], "after a cancelled transaction")
            },
            StorageLaw("a write that is cancelled while it waits is there wholly or not at all") { harness in
                let storage = try await harness.make()
                let tasks = (0..<100)
                    .map { number in
                        Task {
                            try await storage.write(Array(repeating: 1, count: 1000), to: StorageKey("key \(number)"))
                        }
                    }
                var generator = SeededGenerator(seed: 121)
                for task in tasks.shuffled(using: &generator).prefix(60) {
                    if generator.happens(0.2) { await Task.yield() }
                    task.cancel()
                }
                for (number, task) in tasks.enumerated() {
                    let ended = try await within(Patience.step, "write \(number)") { await task.result }
                    let value = try await storage.read(StorageKey("key \(number)"))
                    switch ended {
                    case .success(let revision):
                        try expectEqual(value?.revision, revision, "the revision of write \(number)")
                        try expectEqual(value?.bytes.count, 1000, "the bytes of write \(number)")
                    case .failure(let error as EffectError) where error.outcome == .notApplied:
                        try expectEqual(value, nil, "the value of write \(number), which failed")
                    case .failure(let error):
                        try expect(error is EffectError, "write \(number) threw no EffectError")
                    }
                }
            },
        ]
    }
}
