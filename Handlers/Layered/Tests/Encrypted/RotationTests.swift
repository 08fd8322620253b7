#if OpenSSL
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("Rotation of the key of encrypted storage")
struct RotationTests {
    let memory = MemoryStorageHandler()
    private static let housekeeping = ResourceBudget(
        memoryLimit: .mebibytes(2048),
        cpuQuota: 1,
        ioQuota: .mebibytes(100)
    )

    /// The versions that values and manifest are sealed under, by their place.
    private func versions() async throws -> [StorageKey: UInt8] {
        var versions: [StorageKey: UInt8] = [:]
        for item in try await memory.list(prefix: "", after: nil, limit: 10_000).items {
            // Magic and format before it, and no test has more than 255 versions.
            versions[item.key] = try #require(try await memory.read(item.key)).bytes[12]
        }
        return versions
    }

    private func open(_ vault: Vault, _ budget: ResourceBudget = HandlerContext.system.budget) async throws
        -> EncryptedStorageHandler
    {
        try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context(budget: budget))
    }

    /// Overwrites what it has read, again where somebody else was faster.
    private static func replace(_ key: StorageKey, by bytes: [UInt8], in storage: any StorageEffects) async throws {
        while true {
            let value = try await storage.read(key)
            do {
                _ = try await storage.write(bytes, to: key, if: value.map { .matches($0.revision) } ?? .absent)
                return
            } catch {
                guard error.code == .preconditionFailed else { throw error }
            }
        }
    }

    @Test("what is written after a rotation is under the new version, and the old is read on")
    func newWrites() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        try await storage.write([1], to: "old")
        _ = try await vault.rotateKey("notes")
        try await storage.write([2], to: "new")
        let versions = try await versions()
        #expect(versions["v/old"] == 1)
        #expect(versions["v/new"] == 2)
        #expect(versions["m/root"] == 2)
        #expect(try await storage.read("old")?.bytes == [1])
        await storage.close()
    }

    @Test("everything is brought to the new version while writers go on, and no write is lost")
    func concurrentWriters() async throws {
        let vault = try await Vault.withKey()
        let first = try await open(vault)
        for number in 0..<300 { try await first.write([0, 0], to: StorageKey("k\(number)")) }
        _ = try await vault.rotateKey("notes")
        // A second handler on the same data does the work while both are written to.
        let second = try await open(vault, Self.housekeeping)
        let last = try await withThrowingTaskGroup(of: [Int: UInt8].self) { group in
            for task in 0..<4 {
                group.addTask {
                    var last: [Int: UInt8] = [:]
                    for turn in UInt8(1)...60 {
                        let number = (Int(turn) * 7 + task * 75) % 75 + task * 75
                        let key = StorageKey("k\(number)")
                        try await Self.replace(
                            key,
                            by: [turn, UInt8(task)],
                            in: turn.isMultiple(of: 2) ? first : second
                        )
                        last[number] = turn
                    }
                    return last
                }
            }
            return try await group.reduce(into: [:]) { $0.merge($1) { $1 } }
        }
        while try await versions().values.contains(1) { try await Task.sleep(for: .milliseconds(5)) }
        for number in 0..<300 {
            let bytes = try await first.read(StorageKey("k\(number)"))?.bytes
            #expect(bytes == [last[number] ?? 0, last[number] == nil ? 0 : UInt8(number / 75)], "k\(number)")
        }
        await second.close()
        await first.close()
        // Nothing needs the old version any more.
        vault.lose("notes", version: 1)
        let third = try await open(vault)
        #expect(try await third.read("k0") != nil)
        await third.close()
    }

    @Test("a pass that is interrupted goes on with the next handler")
    func interruption() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        for part in 0..<2 {
            try await storage.transact((0..<300).map { .write([1], to: StorageKey("k\(part * 300 + $0)")) })
        }
        await storage.close()
        _ = try await vault.rotateKey("notes")
        var remaining = 600
        var opened = 0
        while remaining > 0 {
            let storage = try await open(vault, Self.housekeeping)
            opened += 1
            if opened < 4 {
                try await Task.sleep(for: .milliseconds(3))
            } else {
                try await Task.sleep(for: .seconds(1))
            }
            await storage.close()
            let now = try await versions().values.count { $0 == 1 }
            #expect(now <= remaining || opened == 1)
            remaining = now
            try #require(opened < 60)
        }
        let reopened = try await open(vault)
        #expect(try await reopened.list(prefix: "", after: nil, limit: 1000).items.count == 600)
        #expect(try await reopened.read("k599")?.bytes == [1])
        await reopened.close()
    }

    @Test("a damaged value is left to be found, and does not keep the others under the old version")
    func damagedValue() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        for number in 0..<20 { try await storage.write([1], to: StorageKey("k\(number)")) }
        await storage.close()
        var damaged = try #require(try await memory.read("v/k7")).bytes
        damaged[damaged.count - 1] ^= 1
        try await memory.write(damaged, to: "v/k7")
        _ = try await vault.rotateKey("notes")
        let server = try await open(vault, Self.housekeeping)
        while try await versions().count(where: { $0.key.hasPrefix("v/") && $0.value == 1 }) > 1 {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(try await memory.read("v/k7")?.bytes == damaged)
        let error = await #expect(throws: EffectError.self) { try await server.read("k7") }
        #expect(error?.code == .corrupted)
        await server.close()
    }

    @Test("a value that was removed underneath is no reason to look for it for ever")
    func removedValue() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        for number in 0..<20 { try await storage.write([1], to: StorageKey("k\(number)")) }
        await storage.close()
        let removed = try #require(try await memory.read("v/k7")).bytes
        try await memory.remove("v/k7")
        _ = try await vault.rotateKey("notes")
        let watched = WatchedStorage(memory)
        let time = ManualTimeHandler()
        let server = try await EncryptedStorageHandler.open(
            over: watched,
            key: "notes",
            vault.context(budget: Self.housekeeping, time: time)
        )
        try await time.waitForSleepers(1)
        #expect(watched.takeOperations().contains("list v/"))
        #expect(try await versions().values.allSatisfy { $0 == 2 })
        for _ in 0..<3 {
            time.advance(by: .seconds(60))
            try await time.waitForSleepers(1)
            #expect(!watched.takeOperations().contains("list v/"))
        }
        // What comes back is what it was.
        let missing = await #expect(throws: EffectError.self) { try await server.read("k7") }
        #expect(missing?.code == .corrupted)
        try await memory.write(removed, to: "v/k7")
        #expect(try await server.read("k7")?.bytes == [1])
        await server.close()
    }
}
#endif
