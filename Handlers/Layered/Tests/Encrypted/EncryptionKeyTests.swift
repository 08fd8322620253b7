#if OpenSSL
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("The keys of encrypted storage and journals")
struct EncryptionKeyTests {
    let memory = MemoryStorageHandler()
    let journal = MemoryJournalHandler(time: HandlerContext.system.time, random: HandlerContext.system.random)

    @Test("a key that does not exist is not made: the error says how to make one")
    func missingKey() async throws {
        let vault = Vault()
        for isFilled in [false, true] {
            if isFilled {
                let other = try await Vault.withKey()
                let storage = try await EncryptedStorageHandler.open(over: memory, key: "notes", other.context())
                try await storage.write([1], to: "k")
                await storage.close()
            }
            let errors = [
                await #expect(throws: EffectError.self) {
                    try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context())
                },
                await #expect(throws: EffectError.self) {
                    try await EncryptedJournalHandler.open(over: journal, key: "notes", vault.context())
                },
            ]
            for error in errors {
                #expect(error?.code == .unauthenticated)
                #expect(error?.message.contains("aura keys create LOCATION notes") == true)
            }
        }
        #expect(try await vault.keys().isEmpty)
    }

    @Test("another key of the same name is refused by name, and the right one goes on")
    func otherKey() async throws {
        let vault = try await Vault.withKey()
        let storage = try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context())
        try await storage.write([1], to: "k")
        await storage.close()
        let opened = try await EncryptedJournalHandler.open(over: journal, key: "notes", vault.context())
        let id = EntryID(time: HandlerContext.system.time, random: HandlerContext.system.random)
        try await opened.append([JournalEntry.Draft(id: id, kind: "note/1", payload: [1])], to: "s")
        let wrong = try await Vault.withKey()
        let error = await #expect(throws: EffectError.self) {
            try await EncryptedStorageHandler.open(over: memory, key: "notes", wrong.context())
        }
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.contains("another key than version 1 of 'notes'") == true)
        let refused = await #expect(throws: EffectError.self) {
            try await EncryptedJournalHandler.open(over: journal, key: "notes", wrong.context())
        }
        #expect(refused?.code == .unauthenticated)
        _ = try await vault.createKey("other", .hmacSHA256)
        let renamed = await #expect(throws: EffectError.self) {
            try await EncryptedStorageHandler.open(over: memory, key: "other", vault.context())
        }
        #expect(renamed?.code == .unauthenticated)
        #expect(renamed?.message.contains("'notes', not 'other'") == true, "\(String(describing: renamed))")
        let again = try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context())
        #expect(try await again.read("k")?.bytes == [1])
        await again.close()
    }

    @Test("a version that the key store has lost is named")
    func lostVersion() async throws {
        let vault = try await Vault.withKey()
        let storage = try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context())
        try await storage.write([1], to: "k")
        _ = try await vault.rotateKey("notes")
        try await storage.write([2], to: "l")
        await storage.close()
        vault.lose("notes", version: 1)
        let reopened = try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context())
        #expect(try await reopened.read("l")?.bytes == [2])
        let error = await #expect(throws: EffectError.self) { try await reopened.read("k") }
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.contains("no version 1 of the key 'notes'") == true)
        await reopened.close()
    }

    @Test("a key of another algorithm, and a storage without transactions, are refused")
    func unfit() async throws {
        let vault = Vault()
        _ = try await vault.createKey("notes", .aes256GCM)
        let error = await #expect(throws: EffectError.self) {
            try await EncryptedStorageHandler.open(over: memory, key: "notes", vault.context())
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("hmacSHA256") == true)
        let refused = await #expect(throws: EffectError.self) {
            try await EncryptedStorageHandler.open(over: EffectSystem().storage, key: "notes", vault.context())
        }
        #expect(refused?.code == .unsupported)
        #expect(refused?.message.contains("transactions") == true)
    }
}
#endif
