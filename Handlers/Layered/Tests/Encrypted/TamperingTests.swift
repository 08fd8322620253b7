#if OpenSSL
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("Who writes to what is under encrypted storage")
struct TamperingTests {
    let memory = MemoryStorageHandler()

    private func open(_ vault: Vault) async throws -> EncryptedStorageHandler {
        try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context())
    }

    private func underneath(_ key: StorageKey) async throws -> [UInt8] {
        try #require(try await memory.read(key)).bytes
    }

    /// What a read throws, by a handler that knows nothing yet.
    private func refusal(of key: StorageKey, _ vault: Vault) async throws -> EffectError? {
        let storage = try await open(vault)
        let result: Result<StoredValue?, EffectError>
        do throws(EffectError) { result = .success(try await storage.read(key)) } catch { result = .failure(error) }
        await storage.close()
        switch result {
        case .success: return nil
        case .failure(let error): return error
        }
    }

    @Test("what is stored shows nothing of a value but its size")
    func ciphertext() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        let marker = Array("a text that nobody underneath may see".utf8)
        for _ in 0..<2 { try await storage.write(marker + marker, to: "k") }
        for item in try await memory.list(prefix: "", after: nil, limit: 100).items {
            let stored = try await underneath(item.key)
            #expect(stored.count < 10_000 && !stored.contains(marker), "\(item.key) shows the value")
        }
        #expect(try await storage.list(prefix: "", after: nil, limit: 10).items.map(\.byteCount) == [marker.count * 2])
        await storage.close()
    }

    @Test("each changed byte of a value, and each cut, is an error and never data", arguments: [0, 1, 60])
    func changedBytes(_ count: Int) async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        try await storage.write(Array(repeating: 7, count: count), to: "k")
        let sound = try await underneath("v/k")
        for index in sound.indices {
            var changed = sound
            changed[index] ^= 1 << UInt8(index % 8)
            for damaged in [changed, Array(sound[..<index])] {
                try await memory.write(damaged, to: "v/k")
                let error = await #expect(throws: EffectError.self) { try await storage.read("k") }
                let codes: [EffectError.Code] = [.corrupted, .unauthenticated, .unsupported]
                #expect(codes.contains(error?.code ?? .internal), "byte \(index): \(String(describing: error))")
                #expect(error?.message.contains("'k'") == true || error?.code == .unauthenticated)
            }
        }
        try await memory.write(sound + [0], to: "v/k")
        #expect(try await refusal(of: "k", vault)?.code == .corrupted)
        try await memory.write(sound, to: "v/k")
        #expect(try await storage.read("k")?.bytes.count == count)
        await storage.close()
    }

    @Test("values that were exchanged for each other are found, each by its name")
    func exchangedValues() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        try await storage.transact([.write([1], to: "a"), .write([2], to: "b")])
        await storage.close()
        let (a, b) = (try await underneath("v/a"), try await underneath("v/b"))
        _ = try await memory.transact([.write(b, to: "v/a"), .write(a, to: "v/b")])
        for key in ["a", "b"] as [StorageKey] {
            let error = try #require(try await refusal(of: key, vault))
            #expect(error.code == .corrupted)
            #expect(error.message.contains("'\(key)' was exchanged"), "\(error)")
        }
    }

    @Test("chunks that were exchanged, left out or doubled are found")
    func chunks() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        let value = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 >> 8) }
        try await storage.write(value, to: "k")
        #expect(try await storage.read("k")?.bytes == value)
        let sound = try await underneath("v/k")
        let chunk = 64 * 1024 + 41
        let start = sound.count - (200_000 - 3 * 64 * 1024 + 41) - 3 * chunk
        let parts = (0..<3).map { Array(sound[(start + $0 * chunk)..<(start + ($0 + 1) * chunk)]) }
        let tail = Array(sound[(start + 3 * chunk)...])
        let orders: [[Int]] = [[1, 0, 2], [0, 1], [0, 0, 2], [0, 1, 2, 2], [0, 2, 1], []]
        for (order, end) in orders.map({ ($0, tail) }) + [([0, 1, 2], [UInt8]())] {
            var bytes = Array(sound[..<start])
            for index in order { bytes += parts[index] }
            try await memory.write(bytes + end, to: "v/k")
            let error = await #expect(throws: EffectError.self) { try await storage.read("k") }
            #expect(error?.code == .corrupted, "chunks \(order) and \(end.count) bytes: \(String(describing: error))")
        }
        await storage.close()
    }

    @Test("an earlier value, a removed one that came back, and one that was taken away are found")
    func earlierValues() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        try await storage.write([1], to: "k")
        let earlier = try await underneath("v/k")
        try await storage.write([2], to: "k")
        let later = try await underneath("v/k")
        try await memory.write(earlier, to: "v/k")
        #expect(try await refusal(of: "k", vault)?.message.contains("put back to an earlier one") == true)
        try await memory.remove("v/k")
        #expect(try await refusal(of: "k", vault)?.message.contains("was removed") == true)
        try await memory.write(later, to: "v/k")
        #expect(try await refusal(of: "k", vault) == nil)
        try await storage.remove("k")
        try await memory.write(later, to: "v/k")
        #expect(try await refusal(of: "k", vault)?.message.contains("put back after its removal") == true)
        #expect(try await refusal(of: "k", vault)?.code == .corrupted)
        // A condition is not met by what somebody else put there or took away.
        for condition in [.absent, .matches(try #require(try await memory.read("v/k")).revision)]
            as [StoragePrecondition]
        {
            let error = await #expect(throws: EffectError.self) { try await storage.write([3], to: "k", if: condition) }
            #expect(error?.code == .corrupted, "\(condition)")
        }
        // What was found can be put right by a write without one.
        try await storage.write([3], to: "k")
        #expect(try await refusal(of: "k", vault) == nil)
        await storage.close()
    }

    @Test("an earlier part of the manifest, with or without its values, is found")
    func earlierManifest() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        try await storage.write([1], to: "k")
        try await storage.write([1], to: "other")
        var earlier: [StorageKey: [UInt8]] = [:]
        for item in try await memory.list(prefix: "", after: nil, limit: 100).items {
            earlier[item.key] = try await underneath(item.key)
        }
        try await storage.write([2], to: "k")
        try await storage.write([2], to: "other")
        let now = try await memory.list(prefix: "", after: nil, limit: 100).items.map(\.key)
        var later: [StorageKey: [UInt8]] = [:]
        for key in now { later[key] = try await underneath(key) }
        for key in now where key.hasPrefix("m/") {
            // The part alone, and the part with the value.
            for keys in [[key], [key, "v/k"]] {
                for key in keys { try await memory.write(try #require(earlier[key]), to: key) }
                let found = try await refusal(of: "k", vault)
                let other = try await refusal(of: "other", vault)
                #expect(found != nil || other != nil, "\(keys) was not found")
                for error in [found, other] { #expect(error == nil || error?.code == .corrupted) }
                for key in keys { try await memory.write(try #require(later[key]), to: key) }
            }
            try await memory.remove(key)
            let storage = try? await open(vault)
            if let storage {
                let failures = [await failure(storage, "k"), await failure(storage, "other")]
                #expect(failures.contains(.corrupted), "the removed \(key) was not found")
                await storage.close()
            }
            try await memory.write(try #require(later[key]), to: key)
        }
        #expect(try await refusal(of: "k", vault) == nil)
        await storage.close()
    }

    private func failure(_ storage: EncryptedStorageHandler, _ key: StorageKey) async -> EffectError.Code? {
        do throws(EffectError) {
            _ = try await storage.read(key)
            return nil
        } catch { return error.code }
    }

    @Test("a whole storage that was put back is found by a handler that has seen a later one")
    func wholeStorage() async throws {
        let vault = try await Vault.withKey()
        let storage = try await open(vault)
        try await storage.write([1], to: "k")
        var earlier: [StorageMutation] = []
        for item in try await memory.list(prefix: "", after: nil, limit: 100).items {
            earlier.append(.write(try await underneath(item.key), to: item.key))
        }
        try await storage.write([2], to: "k")
        _ = try await memory.transact(earlier)
        let error = await #expect(throws: EffectError.self) { try await storage.read("k") }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("put back") == true)
        // As documented: a handler that is opened afterwards cannot know.
        #expect(try await refusal(of: "k", vault) == nil)
        await storage.close()
    }

    @Test("a storage with values that are not encrypted is refused, and so is one that was put in later")
    func plaintext() async throws {
        let vault = try await Vault.withKey()
        try await memory.write([1, 2, 3], to: "v/plain")
        let refused = await #expect(throws: EffectError.self) { try await open(vault) }
        #expect(refused?.code == .corrupted)
        #expect(refused?.message.contains("not encrypted") == true)
        try await memory.remove("v/plain")
        let storage = try await open(vault)
        try await storage.write([1], to: "k")
        try await memory.write([1, 2, 3], to: "v/plain")
        let error = await #expect(throws: EffectError.self) { try await storage.read("plain") }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("not encrypted") == true)
        try await memory.write([1], to: "other")
        let foreign = await #expect(throws: EffectError.self) { try await open(vault) }
        #expect(foreign?.message.contains("'other'") == true)
        await storage.close()
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: part) }
    }
}
#endif
