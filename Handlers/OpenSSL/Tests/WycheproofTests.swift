#if OpenSSL
internal import AuraEffects
internal import Testing

@testable internal import AuraOpenSSL

@Suite("The test vectors of Project Wycheproof")
struct WycheproofTests {
    @Test(
        "of ciphers",
        arguments: [("aes256-gcm", KeyAlgorithm.aes256GCM, 66), ("chacha20-poly1305", .chaCha20Poly1305, 316)]
    )
    func ciphers(_ file: String, _ algorithm: KeyAlgorithm, _ count: Int) throws {
        let cipher = try #require(AuthenticatedCipher(algorithm))
        let cases = try VectorFile(file).cases
        #expect(cases.count == count)
        for vector in cases {
            let (key, nonce, data) = (secret(vector.bytes(0)), vector.bytes(1), vector.bytes(2))
            let opened = try? cipher.open(vector.bytes(4), authenticating: data, nonce: nonce, key: key)
            if vector.result == "valid" {
                let sealed = try unsafe vector.bytes(3)
                    .withUnsafeBytes {
                        try unsafe cipher.seal($0, authenticating: data, nonce: nonce, key: key)
                    }
                #expect(opened == vector.bytes(3), "case \(vector.id)")
                #expect(sealed == vector.bytes(4), "case \(vector.id)")
            } else {
                #expect(opened == nil, "case \(vector.id)")
            }
        }
    }

    @Test("of HMAC-SHA-256")
    func authenticationCodes() throws {
        let cases = try VectorFile("hmac-sha256").cases
        #expect(cases.count == 87)
        for vector in cases {
            let code = try MessageDigest.authenticationCode(of: vector.bytes(1), key: secret(vector.bytes(0)))
            let isEqual = MessageDigest.isEqualInConstantTime(code, vector.bytes(2))
            #expect(isEqual == (vector.result == "valid"), "case \(vector.id)")
        }
    }

    @Test("of HKDF-SHA-256")
    func derivation() throws {
        let cases = try VectorFile("hkdf-sha256").cases
        #expect(cases.count == 86)
        for vector in cases {
            let key = secret(vector.bytes(0))
            let size = try vector.number(3)
            let derived = try? KeyDerivation.hkdf(key, salt: vector.bytes(1), info: vector.bytes(2), count: size)
            let expected = vector.result == "valid" ? vector.bytes(4) : nil
            #expect(derived.map(bytes) == expected, "case \(vector.id)")
        }
    }

    @Test("of PBKDF2-HMAC-SHA-256")
    func passwords() throws {
        let cases = try VectorFile("pbkdf2-sha256").cases
        #expect(cases.count == 60)
        for vector in cases {
            let derived = try KeyDerivation.pbkdf2(
                secret(vector.bytes(0)),
                salt: vector.bytes(1),
                iterations: vector.number(2),
                count: vector.number(3)
            )
            #expect(bytes(derived) == vector.bytes(4), "case \(vector.id)")
        }
    }

    @Test("of signatures", arguments: [("ed25519", KeyAlgorithm.ed25519, 151), ("ecdsa-p256-sha256", .p256, 484)])
    func signatures(_ file: String, _ algorithm: KeyAlgorithm, _ count: Int) throws {
        let cases = try VectorFile(file).cases
        #expect(cases.count == count)
        for vector in cases {
            let key = try KeyPair.make(algorithm, publicKey: vector.bytes(0))
            let isValid = try key.isValid(vector.bytes(2), of: vector.bytes(1))
            #expect(isValid == (vector.result == "valid"), "case \(vector.id)")
        }
    }

    // "Acceptable" are keys on the twist, which are fine, and those that agree on zero, which RFC 7748 lets us refuse.
    @Test("of X25519")
    func agreement() throws {
        let cases = try VectorFile("x25519").cases
        #expect(cases.count == 518)
        var refused = 0
        for vector in cases {
            let own = try KeyPair.make(.x25519, privateKey: secret(vector.bytes(0)))
            let peer = try KeyPair.make(.x25519, publicKey: vector.bytes(1))
            let shared = (try? own.agree(with: peer)).map(bytes)
            let isZero = vector.bytes(2).allSatisfy { $0 == 0 }
            #expect(shared == (isZero ? nil : vector.bytes(2)), "case \(vector.id)")
            if isZero { refused += 1 }
        }
        #expect(refused > 10)
    }

    private func secret(_ bytes: [UInt8]) -> SecretBytes {
        unsafe bytes.withUnsafeBytes { unsafe SecretBytes(copying: $0) }
    }

    private func bytes(_ secret: SecretBytes) -> [UInt8] {
        unsafe secret.withBytes { unsafe Array($0) }
    }
}
#endif
