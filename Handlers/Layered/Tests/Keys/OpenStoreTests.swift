#if OpenSSL
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import Testing

@Suite("A store of keys under an open handler")
struct OpenStoreTests {
    private let storage = MemoryStorageHandler()
    private let crypto = CountedCrypto()

    private func stored() async throws -> [UInt8] {
        try #require(await storage.read(StoredKeyHandler.storageKey)).bytes
    }

    private func store(_ bytes: [UInt8]) async throws {
        try await storage.write(bytes, to: StoredKeyHandler.storageKey)
    }

    @Test("callers that come at once stretch the password once")
    func singleFlight() async throws {
        _ = try await CountedCrypto().keys(in: storage).createKey("notes", .hmacSHA256)
        let keys = crypto.keys(in: storage)
        let versions = try await withThrowingTaskGroup(of: KeyVersion.self) { group in
            for _ in 0..<16 { group.addTask { try await keys.key("notes", version: nil) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(versions.count == 16)
        #expect(Set(versions.map(\.id)).count == 1)
        #expect(crypto.stretchCount == 1)
    }

    @Test("what a password does not open is tried once, and again where it has changed")
    func refusedOnce() async throws {
        let owner = CountedCrypto().keys(in: storage)
        _ = try await owner.createKey("notes", .hmacSHA256)
        let keys = crypto.keys(in: storage, password: "hunter3")
        for operation in 0..<3 {
            let error = await #expect(throws: EffectError.self) { try await keys.key("notes", version: nil) }
            #expect(error?.code == .unauthenticated)
            #expect(error?.operation == "key", "operation \(operation)")
        }
        let listed = await #expect(throws: EffectError.self) { try await keys.keys() }
        #expect(listed?.operation == "keys")
        #expect(crypto.stretchCount == 1)
        _ = try await owner.rotateKey("notes")
        await #expect(throws: EffectError.self) { try await keys.keys() }
        #expect(crypto.stretchCount == 2)
        #expect(crypto.heldKeyCount == 0)
    }

    @Test("a caller that gives up while others wait leaves the opening to them")
    func cancelledOpening() async throws {
        _ = try await CountedCrypto().keys(in: storage).createKey("notes", .hmacSHA256)
        let keys = crypto.keys(in: storage)
        let tasks = (0..<8).map { _ in Task { try await keys.key("notes", version: nil) } }
        tasks[0].cancel()
        for task in tasks.dropFirst() { #expect(try await task.value.version == 1) }
    }

    @Test("an earlier copy is refused by name, and the latest one goes on")
    func putBack() async throws {
        let keys = crypto.keys(in: storage)
        _ = try await keys.createKey("notes", .hmacSHA256)
        let earlier = try await stored()
        let second = try await keys.rotateKey("notes")
        let latest = try await stored()
        try await store(earlier)
        for operation in [{ _ = try await keys.key("notes", version: nil) }, { _ = try await keys.rotateKey("notes") }]
        {
            let error = await #expect(throws: EffectError.self) { try await operation() }
            #expect(error?.code == .corrupted)
            #expect(error?.message.contains("without version 2 of the key 'notes'") == true)
        }
        #expect(try await stored() == earlier)
        try await store(latest)
        #expect(try await keys.key("notes", version: nil) == second)
    }

    @Test("a store that is gone is no reason to begin another one")
    func removed() async throws {
        let keys = crypto.keys(in: storage)
        _ = try await keys.createKey("notes", .hmacSHA256)
        try await storage.remove(StoredKeyHandler.storageKey)
        for operation in [{ _ = try await keys.keys() }, { _ = try await keys.createKey("more", .hmacSHA256) }] {
            let error = await #expect(throws: EffectError.self) { try await operation() }
            #expect(error?.code == .corrupted)
            #expect(error?.message.contains("removed while they were in use") == true)
        }
        #expect(try await storage.read(StoredKeyHandler.storageKey) == nil)
    }

    @Test("another store of the same password is refused")
    func replaced() async throws {
        let keys = crypto.keys(in: storage)
        _ = try await keys.createKey("notes", .hmacSHA256)
        let other = MemoryStorageHandler()
        _ = try await CountedCrypto().keys(in: other).createKey("notes", .hmacSHA256)
        try await store(#require(await other.read(StoredKeyHandler.storageKey)).bytes)
        let error = await #expect(throws: EffectError.self) { try await keys.key("notes", version: nil) }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("another store") == true)
    }

    @Test("who read before a rotation and looks afterwards takes it for no earlier copy")
    func slowReader() async throws {
        let watched = WatchedStorage(storage)
        let keys = crypto.keys(in: watched)
        _ = try await keys.createKey("notes", .hmacSHA256)
        let other = CountedCrypto().keys(in: storage)
        _ = try await other.rotateKey("notes")
        watched.holdReads()
        let slow = Task { try await keys.key("notes", version: nil).version }
        while watched.heldReadCount < 1 { await Task.yield() }
        watched.stopHolding()
        _ = try await other.rotateKey("notes")
        #expect(try await keys.key("notes", version: nil).version == 3)
        watched.releaseReads()
        #expect(try await slow.value == 3)
    }
}
#endif
