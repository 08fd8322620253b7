internal import AuraEffects
internal import AuraRuntime
internal import Testing

@testable internal import AuraMemory

@Suite("MemoryStorageHandler")
struct StorageTests {
    private let storage = MemoryStorageHandler()

    @Test("a listing agrees with a sorted set through thousands of seeded writes and removals")
    func listingModel() async throws {
        var generator = EffectRandomNumberGenerator(SeededRandomHandler(seed: 7))
        var model: [StorageKey: [UInt8]] = [:]
        for round in 0..<3000 {
            let number = Int.random(in: 0..<400, using: &generator)
            let key = StorageKey(["a/", "b/", "\u{e4}/", ""][number % 4] + String(number))
            if Bool.random(using: &generator) {
                try await storage.write([UInt8(round % 256)], to: key)
                model[key] = [UInt8(round % 256)]
            } else {
                let existed = try await storage.remove(key)
                #expect(existed == (model.removeValue(forKey: key) != nil))
            }
            if round.isMultiple(of: 50) { try await expectListing(model, pageSize: 1 + round % 37) }
        }
        try await expectListing(model, pageSize: 1000)
    }

    private func expectListing(_ model: [StorageKey: [UInt8]], pageSize: Int) async throws {
        for prefix in ["", "a/", "\u{e4}", "b/1", "none"] {
            var listed: [StorageKey] = []
            var after: StorageKey?
            repeat {
                let page = try await storage.list(prefix: prefix, after: after, limit: pageSize)
                #expect(page.items.count <= pageSize)
                listed += page.items.map(\.key)
                after = page.next
            } while after != nil
            #expect(listed == model.keys.filter { $0.hasPrefix(prefix) }.sorted())
        }
    }

    @Test("keys that come and go leave nothing behind, also where nobody lists")
    func churn() {
        var contents = MemoryStorageContents()
        for round in 0..<20_000 {
            let key = StorageKey("k\(round % 3)")
            _ = contents.write([], to: key)
            contents.remove(key)
        }
        #expect(contents.values.isEmpty)
        #expect(contents.order.heldKeyCount < 2000)
    }

    @Test("revisions never come back, not even after a removal")
    func revisions() async throws {
        let first = try await storage.write([1], to: "k")
        try await storage.remove("k")
        let second = try await storage.write([1], to: "k")
        let other = try await storage.write([1], to: "other")
        #expect(Set([first, second, other]).count == 3)
        #expect(
            await errorCode { () throws(EffectError) in
                _ = try await storage.write([2], to: "k", if: .matches(first))
            } == .preconditionFailed
        )
    }

    @Test("a transaction whose last condition fails changes nothing")
    func transaction() async throws {
        let revision = try await storage.write([1], to: "kept")
        let mutations: [StorageMutation] = [
            .write([2], to: "new"), .remove("kept", if: .matches(revision)),
            .write([3], to: "kept2", if: .matches(revision)),
        ]
        #expect(
            await errorCode { () throws(EffectError) in
                _ = try await storage.transact(mutations)
            } == .preconditionFailed
        )
        #expect(try await storage.read("new") == nil)
        #expect(try await storage.read("kept") == StoredValue(bytes: [1], revision: revision))
        let revisions = try await storage.transact(Array(mutations.dropLast()))
        #expect(revisions.map { $0 == nil } == [false, true])
        #expect(try await storage.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["new"])
    }

    @Test("a transaction takes 1000 mutations and not one more, nor a key twice")
    func transactionLimits() async throws {
        let mutations = (0...1000).map { StorageMutation.write([0], to: StorageKey(String($0))) }
        #expect(
            await errorCode { () throws(EffectError) in _ = try await storage.transact(mutations) }
                == .invalidArgument
        )
        #expect(try await storage.transact(Array(mutations.dropLast())).count == 1000)
        let twice: [StorageMutation] = [.write([0], to: "a"), .remove("a")]
        #expect(
            await errorCode { () throws(EffectError) in _ = try await storage.transact(twice) }
                == .invalidArgument
        )
    }

    @Test("error messages quote keys so that they fit a log line")
    func quoting() async throws {
        let key = StorageKey("line\nbreak" + String(repeating: "x", count: 200))
        do throws(EffectError) {
            _ = try await storage.write([], to: key, if: .matches(StorageRevision(rawValue: 1)))
            Issue.record("The write should fail.")
        } catch {
            #expect(error.code == .preconditionFailed)
            #expect(error.message.contains("'line\\nbreakxxx"))
            #expect(!error.message.contains(String(repeating: "x", count: 64)))
            #expect(!error.message.contains("\n"))
        }
    }
}
