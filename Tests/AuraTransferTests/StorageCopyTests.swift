internal import AuraEffects
internal import AuraMemory
internal import AuraTransfer
internal import Synchronization
internal import Testing

@Suite("Copying a storage")
struct StorageCopyTests {
    @Test("every value is copied, page by page; a second copy writes what has changed and nothing else")
    func copy() async throws {
        let source = MemoryStorageHandler()
        let target = MemoryStorageHandler()
        for index in 0..<2500 { try await source.write(Array("value \(index)".utf8), to: StorageKey("key \(index)")) }
        try await source.write([], to: "empty")
        try await target.write([1], to: "other")
        let steps = Mutex(0)
        let receipt = try await StorageCopy(from: source, to: target).run { _ in steps.withLock { $0 += 1 } }
        #expect(receipt.written == 2501)
        #expect(receipt.known == 0)
        #expect(steps.withLock { $0 } == 3)
        for index in 0..<2500 {
            #expect(try await target.read(StorageKey("key \(index)"))?.bytes == Array("value \(index)".utf8))
        }
        #expect(try await target.read("empty")?.bytes == [])
        #expect(try await target.read("other")?.bytes == [1])

        try await target.write([9], to: "key 7")
        try await target.remove("key 8")
        let again = try await StorageCopy(from: source, to: target).run()
        #expect(again.written == 2)
        #expect(again.known == 2499)
        #expect(try await target.read("key 7")?.bytes == Array("value 7".utf8))
    }

    @Test("a prefix chooses the keys")
    func prefix() async throws {
        let source = MemoryStorageHandler()
        let target = MemoryStorageHandler()
        for key in ["a/1", "a/2", "b/1"] { try await source.write([1], to: StorageKey(key)) }
        let receipt = try await StorageCopy(from: source, to: target).run(prefix: "a/")
        #expect(receipt.written == 2)
        #expect(receipt.bytes == 2)
        #expect(try await target.read("b/1") == nil)
    }

    @Test("a destination that keeps other bytes than it was given is noticed, and one that fails is heard")
    func faults() async throws {
        let source = MemoryStorageHandler()
        for index in 0..<40 { try await source.write([UInt8(index)], to: StorageKey("key \(index)")) }
        let altering = FaultyStorage(base: MemoryStorageHandler(), fault: .alters)
        let altered = await thrownError { () throws(EffectError) in
            _ = try await StorageCopy(from: source, to: altering).run()
        }
        #expect(altered?.code == .corrupted)
        #expect(altered?.message.contains("'key ") == true)
        let failing = FaultyStorage(base: MemoryStorageHandler(), fault: .isFull)
        let failed = await thrownError { () throws(EffectError) in
            _ = try await StorageCopy(from: source, to: failing).run()
        }
        #expect(failed?.code == .resourceExhausted)
    }
}

/// A storage with a handler or a disk that is at fault.
private struct FaultyStorage: StorageEffects {
    enum Fault {
        case alters
        case isFull
    }

    let base: MemoryStorageHandler
    let fault: Fault

    var capabilities: Capabilities { base.capabilities }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try await base.read(key)
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        guard fault != .isFull else { throw EffectError(.resourceExhausted, "The disk is full.") }
        return try await base.write(bytes + [0], to: key, if: precondition)
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try await base.remove(key, if: precondition)
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        try await base.list(prefix: prefix, after: key, limit: limit)
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try await base.transact(mutations)
    }
}
