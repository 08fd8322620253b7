internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import Testing

@Suite("A cache over storage")
struct CachingTests {
    let memory = MemoryStorageHandler()
    let watched: WatchedStorage

    init() {
        watched = WatchedStorage(memory)
    }

    private func cache(of capacity: ByteCount = .kibibytes(64), isExclusive: Bool = true) -> CachingStorageHandler {
        CachingStorageHandler(over: watched, capacity: capacity, isExclusive: isExclusive)
    }

    @Test("what was read or written is given out without asking where nobody else writes")
    func hits() async throws {
        let storage = cache()
        try await memory.write([1], to: "read")
        try await storage.write([2], to: "written")
        try await storage.transact([.write([3], to: "transacted")])
        _ = try await storage.read("read")
        #expect(watched.takeOperations() == ["write written", "transact", "read read"])
        for (key, byte) in [("read", 1), ("written", 2), ("transacted", 3)] as [(StorageKey, UInt8)] {
            let value = try await storage.read(key)
            #expect(value?.bytes == [byte])
            let stored = try await memory.read(key)
            #expect(value == stored)
        }
        #expect(watched.takeOperations().isEmpty)
    }

    @Test("where others write, a revision is asked for instead of the bytes, and bytes only where it is another one")
    func checkedHits() async throws {
        let storage = cache(isExclusive: false)
        try await storage.write([1], to: "k")
        #expect(try await storage.read("k")?.bytes == [1])
        #expect(watched.takeOperations() == ["write k", "list k"])
        let revision = try await memory.write([2], to: "k")
        #expect(try await storage.read("k") == StoredValue(bytes: [2], revision: revision))
        #expect(watched.takeOperations() == ["list k", "read k"])
        try await memory.remove("k")
        // The first key that begins like it is another one.
        try await memory.write([3], to: "key")
        #expect(try await storage.read("k") == nil)
    }

    @Test("a removed value is not given out")
    func removals() async throws {
        let storage = cache()
        try await storage.write([1], to: "a")
        try await storage.write([1], to: "b")
        try await storage.remove("a")
        try await storage.transact([.remove("b")])
        #expect(try await storage.read("a") == nil)
        #expect(try await storage.read("b") == nil)
    }

    @Test("the values used longest ago make room, and larger ones than the cache pass by it")
    func bounds() async throws {
        let storage = cache(of: .kibibytes(10))
        let kibibyte = Array(repeating: UInt8(1), count: 1024)
        for number in 0..<20 { try await storage.write(kibibyte, to: StorageKey("k\(number)")) }
        _ = try await storage.read("k15")
        for number in 20..<26 { try await storage.write(kibibyte, to: StorageKey("k\(number)")) }
        try await storage.write(Array(repeating: 2, count: 20 * 1024), to: "large")
        _ = watched.takeOperations()
        // Eight values of 1 KiB fit with what keeps them: the last seven, and the one that was read.
        for number in [15, 19] + Array(20..<26) { _ = try await storage.read(StorageKey("k\(number)")) }
        #expect(watched.takeOperations().isEmpty)
        _ = try await storage.read("k18")
        #expect(watched.takeOperations() == ["read k18"])
        #expect(try await storage.read("large")?.bytes.count == 20 * 1024)
        #expect(watched.takeOperations() == ["read large"])
    }

    @Test("a value that was read before a write and arrives after it is not kept")
    func staleFill() async throws {
        let storage = cache()
        try await memory.write([1], to: "k")
        watched.holdReads()
        let slow = Task { try await storage.read("k") }
        while watched.heldReadCount == 0 { await Task.yield() }
        try await storage.write([2], to: "k")
        // The write's own value may be kept, the old one that is still on its way may not.
        watched.releaseReads()
        #expect(try await slow.value?.bytes == [1])
        #expect(try await storage.read("k")?.bytes == [2])
        let stored = try await memory.read("k")
        #expect(try await storage.read("k") == stored)
    }

    @Test("a failed write leaves what is stored, and no trace in the cache")
    func failedWrite() async throws {
        let storage = cache()
        let revision = try await storage.write([1], to: "k")
        await #expect(throws: EffectError.self) { try await storage.write([2], to: "k", if: .absent) }
        #expect(try await storage.read("k") == StoredValue(bytes: [1], revision: revision))
    }
}
