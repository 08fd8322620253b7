internal import AuraEffects

enum CryptoFixtures {
    static let algorithms: [KeyAlgorithm] = [.hmacSHA256, .aes256GCM, .chaCha20Poly1305, .ed25519, .p256, .x25519]
    static let ciphers: [KeyAlgorithm] = [.aes256GCM, .chaCha20Poly1305]
    static let signatures: [KeyAlgorithm] = [.ed25519, .p256]

    static func keyOfEach(on crypto: any CryptoEffects) async throws -> [(KeyAlgorithm, KeyID)] {
        var keys: [(KeyAlgorithm, KeyID)] = []
        for algorithm in algorithms { keys.append((algorithm, try await crypto.generateKey(algorithm))) }
        return keys
    }

    /// Bytes from their hexadecimal digits, as the standards print them; none where a digit is no digit.
    static func bytes(_ digits: String) -> [UInt8] {
        Hexadecimal.bytes(digits) ?? []
    }

    /// Something that tells two keys apart without their bytes.
    static func fingerprint(of key: KeyID, on crypto: any CryptoEffects) async throws -> [UInt8] {
        try await crypto.authenticationCode(of: Array("fingerprint".utf8), key: key)
    }
}
