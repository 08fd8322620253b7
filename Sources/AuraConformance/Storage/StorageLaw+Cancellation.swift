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
                let bytes = Array(repeating: UInt8(1), count: 1000)
                let keys = (0..<100).map { StorageKey("key \($0)") }
                let tasks = keys.map { key in Task { try await storage.write(bytes, to: key) } }
                for (key, ending) in zip(keys, try await cancellingSome(of: tasks, seed: 121)) {
                    let value = try await storage.read(key)
                    switch ending {
                    case .success(let revision):
                        let written = StoredValue(bytes: bytes, revision: revision)
                        try expectEqual(value, written, "the value of '\(key)', whose write went through")
                    case .failure(let error):
                        guard try isNotApplied(error, "a write") else { continue }
                        try expectEqual(value, nil, "the value of '\(key)', whose write failed")
                    }
                }
            },
            StorageLaw("a removal that is cancelled while it waits has happened or not, as it says") { harness in
                let storage = try await harness.make()
                let keys = (0..<100).map { StorageKey("key \($0)") }
                for key in keys { try await storage.write([1], to: key) }
                let tasks = keys.map { key in Task { try await storage.remove(key) } }
                for (key, ending) in zip(keys, try await cancellingSome(of: tasks, seed: 122)) {
                    let isThere = try await storage.read(key) != nil
                    switch ending {
                    case .success(let removed):
                        try expect(removed && !isThere, "'\(key)' is there, but its removal went through")
                    case .failure(let error):
                        guard try isNotApplied(error, "a removal") else { continue }
                        try expect(isThere, "'\(key)' is gone, but its removal failed")
                    }
                }
            },
            StorageLaw(
                "a transaction that is cancelled while it waits is applied wholly or not at all",
                .capability(.transactions)
            ) { harness in
                let storage = try await harness.make()
                let keys = (0..<100).map { (left: StorageKey("left \($0)"), right: StorageKey("right \($0)")) }
                let tasks = keys.map { left, right in
                    Task { try await storage.transact([.write([1], to: left), .write([1], to: right)]) }
                }
                for (keys, ending) in zip(keys, try await cancellingSome(of: tasks, seed: 123)) {
                    let found = [try await storage.read(keys.left), try await storage.read(keys.right)]
                        .map { $0?.revision }
                    switch ending {
                    case .success(let revisions):
                        try expectEqual(found, revisions, "the revisions of a transaction that went through")
                    case .failure(let error):
                        let isWhole = (found[0] == nil) == (found[1] == nil)
                        try expect(isWhole, "one half of a cancelled transaction was applied")
                        guard try isNotApplied(error, "a transaction") else { continue }
                        try expectEqual(found, [nil, nil], "the revisions of a transaction that failed")
                    }
                }
            },
            StorageLaw("a read or a listing that is cancelled while it waits tells the truth or is cancelled") {
                harness in
                let storage = try await harness.make()
                let value = StoredValue(bytes: [1], revision: try await storage.write([1], to: "a"))
                let reads = (0..<100).map { _ in Task { try await storage.read("a") } }
                for ending in try await cancellingSome(of: reads, seed: 124) {
                    switch ending {
                    case .success(let read): try expectEqual(read, value, "the value")
                    case .failure(let error): try isNotApplied(error, "a read")
                    }
                }
                let item = StoragePage.Item(key: "a", revision: value.revision, byteCount: 1)
                let listings = (0..<100)
                    .map { _ in
                        Task { try await storage.list(prefix: "", after: nil, limit: 10) }
                    }
                for ending in try await cancellingSome(of: listings, seed: 125) {
                    switch ending {
                    case .success(let page): try expectEqual(page, StoragePage(items: [item], next: nil), "the page")
                    case .failure(let error): try isNotApplied(error, "a listing")
                    }
                }
            },
        ]
    }

    /// Expects that an operation failed by its cancellation; returns whether it says that nothing happened.
    @discardableResult
    private static func isNotApplied(_ error: any Error, _ what: String) throws -> Bool {
        let error = try require(error as? EffectError, "the EffectError of \(what) that failed")
        try expectEqual(error.code, .cancelled, "the failure of \(what)")
        return error.outcome == .notApplied
    }
}
