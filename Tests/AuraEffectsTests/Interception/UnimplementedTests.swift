internal import AuraEffects
internal import Testing

@Suite("Families without a handler")
struct UnimplementedTests {
    private let effects = EffectSystem()

    @Test("fail by the operation's name")
    func calls() async {
        let storage = await #expect(throws: EffectError.self) { try await effects.storage.read("a") }
        #expect(storage?.operation == "read")
        let crypto = await #expect(throws: EffectError.self) {
            try await effects.crypto.deriveKey(
                fromPassword: Secret([1]),
                parameters: PasswordDerivation(.pbkdf2(iterations: 1), salt: [UInt8](repeating: 1, count: 16)),
                as: .aes256GCM
            )
        }
        #expect(crypto?.operation == "deriveKeyFromPassword")
        let ledger = await #expect(throws: EffectError.self) {
            try await effects[LedgerEffect.self].book(1, to: "a")
        }
        #expect(
            ledger?.description
                == "ledger.book: unimplemented: The effect 'ledger' has no handler: give the EffectSystem one, or add 'ledger' to the profile."
        )
    }

    @Test("fail in their sequences by name")
    func sequences() async {
        var entries = effects.journal.subscribe(after: .start).makeAsyncIterator()
        let journal = await #expect(throws: EffectError.self) { try await entries.next() }
        #expect(journal?.operation == "subscribe")
        var messages = effects.network.incoming("a").makeAsyncIterator()
        let network = await #expect(throws: EffectError.self) { try await messages.next() }
        #expect(network?.operation == "incoming")
    }

    @Test("stop the process where they cannot fail")
    func clocks() async {
        await #expect(processExitsWith: .failure) { _ = EffectSystem().time.now }
        await #expect(processExitsWith: .failure) { _ = EffectSystem()[LedgerEffect.self].currency() }
    }

    @Test("declare nothing")
    func capabilities() {
        #expect(effects.journal.capabilities == Capabilities())
    }

    @Test(
        "list their operations once each, in the order of their places",
        arguments: [
            StorageEffect.operations, JournalEffect.operations, NetworkEffect.operations, TimeEffect.operations,
            RandomEffect.operations, CryptoEffect.operations, KeysEffect.operations, ObjectsEffect.operations,
            KeyValuesEffect.operations, QueueEffect.operations, TopicsEffect.operations,
            FunctionsEffect.operations,
        ]
    )
    func catalogues(_ operations: [EffectOperation]) {
        #expect(operations.map(\.index) == Array(operations.indices))
        #expect(Set(operations.map(\.key)).count == operations.count)
        #expect(operations.first?.name == "capabilities")
    }
}
