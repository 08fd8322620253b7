#if OpenSSL
internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraOpenSSL
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("Keys kept in a storage")
struct StoredKeyTests {
    @Test("the laws", arguments: KeyLaw.applicable(to: StoredKeyHarness()))
    func law(_ law: KeyLaw) async throws {
        try await law.check(StoredKeyHarness())
    }

    @Test("no law is left out")
    func coverage() {
        #expect(KeyLaw.all.allSatisfy { $0.applies(to: StoredKeyHarness()) })
    }

    @Test("another password opens nothing, and changes nothing", arguments: ["hunter3", "", "hunter2 "])
    func wrongPassword(_ password: String) async throws {
        let storage = MemoryStorageHandler()
        _ = try await holding(storage).keys.createKey("notes", .hmacSHA256)
        let kept = try #require(await storage.read(StoredKeyHandler.storageKey))
        let keys = holding(storage, password: password).keys
        for operation in operations(on: keys) {
            let error = await #expect(throws: EffectError.self) { try await operation() }
            #expect(error?.code == .unauthenticated)
            #expect(error.map { "\($0)".contains("hunter") } == false)
        }
        #expect(try await storage.read(StoredKeyHandler.storageKey) == kept)
    }

    @Test("where each byte is altered, or the store is cut off, there is an error, and never a key")
    func altered() async throws {
        let storage = MemoryStorageHandler()
        let keys = holding(storage).keys
        _ = try await keys.createKey("notes", .hmacSHA256)
        _ = try await keys.createKey("other", .ed25519)
        let bytes = try #require(await storage.read(StoredKeyHandler.storageKey)).bytes
        let cut = stride(from: 0, to: bytes.count, by: 7).map { Array(bytes.prefix($0)) }
        // The lowest bit, and the one that tells upper from lower case.
        let flipped = bytes.indices.flatMap { index in
            [1, 0x20]
                .map { (bit: UInt8) in
                    var other = bytes
                    other[index] ^= bit
                    return other
                }
        }
        for other in cut + flipped + [bytes + [10], bytes + bytes] {
            let damaged = MemoryStorageHandler()
            _ = try await damaged.write(other, to: StoredKeyHandler.storageKey, if: .none)
            let error = await #expect(throws: EffectError.self) {
                try await holding(damaged).keys.key("notes", version: nil)
            }
            let codes: Set<EffectError.Code> = [.corrupted, .unauthenticated]
            #expect(error.map { codes.contains($0.code) } == true, "\(String(describing: error))")
        }
    }

    @Test("a version that was put in by hand is an error")
    func forged() async throws {
        let storage = MemoryStorageHandler()
        _ = try await holding(storage).keys.createKey("notes", .hmacSHA256)
        let bytes = try #require(await storage.read(StoredKeyHandler.storageKey)).bytes
        var (document, code) = try KeyDocumentParser.parse(bytes)
        var version = document.versions[0]
        version.number = 2
        document.append(version)
        let forged = Array(document.text(authenticatedBy: code).utf8)
        _ = try await storage.write(forged, to: StoredKeyHandler.storageKey, if: .none)
        let error = await #expect(throws: EffectError.self) { try await holding(storage).keys.keys() }
        #expect(error?.code == .corrupted)
    }

    @Test("a store is opened by what it was created with: password or secret")
    func unlocking() async throws {
        let storage = MemoryStorageHandler()
        let crypto = OpenSSLCryptoHandler(.system)
        var context = HandlerContext.system
        context.crypto = crypto
        let secret = KeyUnlocking.secret(Secret([UInt8](repeating: 9, count: 32)))
        let keys = StoredKeyHandler(over: storage, unlocking: secret, context)
        let made = try await keys.createKey("notes", .ed25519)
        let again = try await StoredKeyHandler(over: storage, unlocking: secret, context).key("notes", version: nil)
        #expect(try await crypto.publicKey(of: again.id) == crypto.publicKey(of: made.id))
        let error = await #expect(throws: EffectError.self) { try await holding(storage).keys.keys() }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("set 'secret' instead") == true)
    }

    @Test("what the parser takes from altered text it writes back byte for byte", arguments: 0..<20)
    func mutations(_ seed: UInt64) async throws {
        let storage = MemoryStorageHandler()
        let keys = holding(storage).keys
        for name in ["a", "b", "c"] { _ = try await keys.createKey(KeyName(rawValue: name), .hmacSHA256) }
        let bytes = try #require(await storage.read(StoredKeyHandler.storageKey)).bytes
        let random = SeededRandomHandler(seed: seed)
        var accepted = 0
        for _ in 0..<500 {
            var text = bytes
            for _ in 0...Int(random.nextUInt64() % 3) where !text.isEmpty {
                let index = Int(random.nextUInt64() % UInt64(text.count))
                switch random.nextUInt64() % 4 {
                case 0: text.remove(at: index)
                case 1: text.insert(UInt8(truncatingIfNeeded: random.nextUInt64()), at: index)
                case 2: text[index] = Array("0123456789abcdef \n=".utf8)[Int(random.nextUInt64() % 19)]
                default: text.removeSubrange(index...)
                }
            }
            guard let (document, code) = try? KeyDocumentParser.parse(text) else { continue }
            accepted += 1
            #expect(Array(document.text(authenticatedBy: code).utf8) == text)
        }
        #expect(accepted > 0)
    }

    private func operations(on keys: any KeyEffects) -> [() async throws -> Void] {
        [
            { _ = try await keys.keys() }, { _ = try await keys.key("notes", version: nil) },
            { _ = try await keys.createKey("more", .hmacSHA256) }, { _ = try await keys.rotateKey("notes") },
            { _ = try await keys.deviceKey("phone", salt: [], as: .hmacSHA256) },
        ]
    }
}

/// Keys in a storage, by a handler of its own with a crypto handler of its own.
private func holding(_ storage: any StorageEffects, password: String = "hunter2") -> KeyHolding {
    let crypto = OpenSSLCryptoHandler(.system)
    var context = HandlerContext.system
    context.crypto = crypto
    let unlocking = KeyUnlocking.password(Secret(password), .pbkdf2(iterations: 10_000))
    return KeyHolding(keys: StoredKeyHandler(over: storage, unlocking: unlocking, context), crypto: crypto)
}

struct StoredKeyHarness: KeyHarness, ReopeningHarness, SharingHarness {
    let storage = MemoryStorageHandler()

    var capabilities: Capabilities { StoredKeyHandler.capabilities(over: MemoryStorageHandler.capabilities) }

    func make() async throws -> KeyHolding { holding(storage) }
    func reopen(_ handler: KeyHolding) async throws -> KeyHolding { holding(storage) }
    func second(_ handler: KeyHolding) async throws -> KeyHolding { holding(storage) }
    func finish() async {}
}
#endif
