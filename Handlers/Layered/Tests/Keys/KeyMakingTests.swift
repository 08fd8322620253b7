#if OpenSSL
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("Where keys are made, and what is left where they are not")
struct KeyMakingTests {
    private let storage = MemoryStorageHandler()
    private let crypto = CountedCrypto()

    private func text() async throws -> String {
        String(decoding: try #require(await storage.read(StoredKeyHandler.storageKey)).bytes, as: UTF8.self)
    }

    private func store(_ text: String) async throws {
        try await storage.write(Array(text.utf8), to: StoredKeyHandler.storageKey)
    }

    @Test(
        "costs that were altered beyond any that a store is made with are damage, and cost nothing",
        arguments: [
            "pbkdf2 iterations=9999", "pbkdf2 iterations=100000001", "pbkdf2 iterations=9223372036854775807",
            "argon2id memory=1099511627776 passes=3 lanes=1", "argon2id memory=8191 passes=3 lanes=1",
            "argon2id memory=67108864 passes=1001 lanes=1", "argon2id memory=67108864 passes=3 lanes=65",
            "argon2id memory=67108864 passes=3 lanes=9223372036854775807",
        ]
    )
    func alteredCosts(_ derivation: String) async throws {
        _ = try await CountedCrypto().keys(in: storage).createKey("notes", .hmacSHA256)
        try await store(text().replacing("pbkdf2 iterations=10000", with: derivation))
        let error = await #expect(throws: EffectError.self) { try await crypto.keys(in: storage).keys() }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("line 2 has a salt or costs") == true)
        #expect(crypto.stretchCount == 0)
    }

    @Test("a salt that was cut off is damage")
    func cutSalt() async throws {
        _ = try await CountedCrypto().keys(in: storage).createKey("notes", .hmacSHA256)
        let lines = try await text().split(separator: "\n", omittingEmptySubsequences: false)
        try await store(([lines[0], lines[1].dropLast(2)] + lines[2...]).joined(separator: "\n"))
        let error = await #expect(throws: EffectError.self) { try await crypto.keys(in: storage).keys() }
        #expect(error?.code == .corrupted)
        #expect(crypto.stretchCount == 0)
    }

    @Test("a store that does not open leaves no key behind")
    func refusedStore() async throws {
        _ = try await CountedCrypto().keys(in: storage).createKey("notes", .hmacSHA256)
        let sound = try await text()
        var altered = Array(sound.utf8)
        // The last digit of the authentication.
        altered[altered.count - 2] = UInt8(ascii: sound.hasSuffix("0\n") ? "1" : "0")
        for (text, password) in [(sound, "hunter3"), (String(decoding: altered, as: UTF8.self), "hunter2")] {
            try await store(text)
            let keys = crypto.keys(in: storage, password: password)
            await #expect(throws: EffectError.self) { try await keys.keys() }
            #expect(crypto.stretchCount > 0)
            #expect(crypto.heldKeyCount == 0)
        }
    }

    @Test("a key that is not kept leaves no handle behind")
    func notKept() async throws {
        let full = RefusingStorage(storage)
        let keys = crypto.keys(in: full)
        full.refuse(.resourceExhausted)
        await #expect(throws: EffectError.self) { try await keys.createKey("notes", .hmacSHA256) }
        #expect(crypto.stretchCount == 1)
        #expect(crypto.heldKeyCount == 0)
        full.refuse(nil)
        _ = try await keys.createKey("notes", .hmacSHA256)
        let held = crypto.heldKeyCount
        full.refuse(.resourceExhausted)
        for _ in 0..<3 { await #expect(throws: EffectError.self) { try await keys.rotateKey("notes") } }
        await #expect(throws: EffectError.self) {
            try await keys.createKey("more", KeyAlgorithm(rawValue: "none"))
        }
        #expect(crypto.heldKeyCount == held)
    }

    @Test("of several first keys at once the stores that were not kept leave nothing behind")
    func race() async throws {
        let keys = crypto.keys(in: storage)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask { _ = try await keys.createKey(KeyName(rawValue: "key\(number)"), .hmacSHA256) }
            }
            try await group.waitForAll()
        }
        #expect(try await keys.keys().count == 4)
        // The master key, the one that authenticates, and the four.
        #expect(crypto.heldKeyCount == 6)
    }

    @Test("random numbers that can be foretold make no key, and open those that there are")
    func predictable() async throws {
        let foretold = crypto.keys(in: storage, random: SeededRandomHandler(seed: 1))
        let refused = await #expect(throws: EffectError.self) { try await foretold.createKey("notes", .hmacSHA256) }
        #expect(refused?.code == .unsupported)
        #expect(refused?.message.contains("'unpredictable'") == true)
        #expect(try await storage.read(StoredKeyHandler.storageKey) == nil)
        _ = try await CountedCrypto().keys(in: storage).createKey("notes", .hmacSHA256)
        let rotated = await #expect(throws: EffectError.self) { try await foretold.rotateKey("notes") }
        #expect(rotated?.code == .unsupported)
        #expect(try await foretold.keys().count == 1)
    }

    @Test("neither encrypted storage nor an encrypted journal derives keys from random numbers that can be foretold")
    func predictableSalts() async throws {
        var context = try await Vault.withKey().context()
        context.random = SeededRandomHandler(seed: 1)
        let journal = MemoryJournalHandler(time: context.time, random: context.random)
        let errors = [
            await #expect(throws: EffectError.self) {
                try await EncryptedStorageHandler.open(over: storage, key: "notes", context)
            },
            await #expect(throws: EffectError.self) {
                try await EncryptedJournalHandler.open(over: journal, key: "notes", context)
            },
        ]
        for error in errors { #expect(error?.code == .unsupported) }
    }

    @Test("versions are told apart by name and number, also where their salts are the same")
    func sameSalt() async throws {
        let keys = crypto.keys(in: storage, random: RepeatingRandom())
        let made = [
            try await keys.createKey("a", .hmacSHA256), try await keys.createKey("b", .hmacSHA256),
            try await keys.rotateKey("a"),
        ]
        #expect(Set(made.map(\.id)).count == 3)
        #expect(try await Set(keys.keys().map(\.id)) == Set(made.map(\.id)))
    }
}

/// Declares that nobody can foretell it, and gives the same bytes again and again.
private struct RepeatingRandom: RandomEffects {
    var capabilities: Capabilities { Capabilities([.unpredictable]) }

    func nextUInt64() -> UInt64 { 7 }
    func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }
}
#endif
