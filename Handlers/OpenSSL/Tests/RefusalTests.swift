#if OpenSSL
internal import AuraEffects
internal import AuraOpenSSL
internal import Testing

@Suite("What OpenSSL's handler refuses")
struct RefusalTests {
    private let crypto = OpenSSLCryptoHandler(.forTests)

    @Test("a wrapped key is not read as a message by what was authenticated beside it, nor a message made one")
    func wrappingData() async throws {
        let outer = try await crypto.generateKey(.aes256GCM)
        let inner = try await crypto.generateKey(.hmacSHA256)
        let wrapped = try await crypto.wrapKey(inner, under: outer, authenticating: [1])
        let data = Array("aura wrapped key/1 hmacSHA256\0".utf8) + [1]
        let errors = [
            await #expect(throws: EffectError.self) {
                try await crypto.open(wrapped, authenticating: data, key: outer)
            },
            await #expect(throws: EffectError.self) {
                try await crypto.seal([UInt8](repeating: 0, count: 32), authenticating: data, key: outer)
            },
        ]
        for error in errors {
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("'aura wrapped key/'") == true)
        }
        let box = try await crypto.seal([7], authenticating: Array("aura wrapped key".utf8), key: outer)
        #expect(try await crypto.open(box, authenticating: Array("aura wrapped key".utf8), key: outer) == [7])
    }

    @Test("sizes that OpenSSL does not count to are refused before anything is done")
    func sizes() async throws {
        // Nobody touches the pages: they take no memory.
        let huge = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 31) { _, count in count = 1 << 31 }
        let key = try await crypto.generateKey(.hmacSHA256)
        let sealing = try await crypto.generateKey(.aes256GCM)
        let box = SealedBox(nonce: [UInt8](repeating: 0, count: 24), ciphertext: huge)
        let costs = PasswordDerivation(.pbkdf2(iterations: 10_000), salt: [UInt8](repeating: 1, count: 16))
        let operations: [() async throws -> Void] = [
            { _ = try await crypto.unwrapKey(box, as: .hmacSHA256, under: sealing, authenticating: []) },
            { _ = try await crypto.unwrapKey(box, as: .hmacSHA256, under: sealing, authenticating: huge) },
            { _ = try await crypto.deriveKey(from: key, salt: huge, info: [], as: .aes256GCM) },
            { _ = try await crypto.importKey(Secret(huge), as: .hmacSHA256) },
            { _ = try await crypto.importKey(Secret(huge), as: .aes256GCM) },
            { _ = try await crypto.deriveKey(fromPassword: Secret(huge), parameters: costs, as: .hmacSHA256) },
            { _ = try await crypto.open(box, authenticating: [], key: sealing) },
        ]
        for (index, operation) in operations.enumerated() {
            let error = await #expect(throws: EffectError.self) { try await operation() }
            #expect(error?.code == .invalidArgument, "operation \(index)")
            #expect(error?.message.contains("2147483648 bytes") == true, "operation \(index)")
        }
    }
}
#endif
