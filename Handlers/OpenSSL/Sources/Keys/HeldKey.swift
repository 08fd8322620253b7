#if OpenSSL
internal import AuraEffects

/// A key that a handler holds.
final class HeldKey: Sendable {
    let algorithm: KeyAlgorithm
    /// The raw key, as it is imported and wrapped.
    let secret: SecretBytes
    /// For the algorithms with a public half.
    let pair: KeyPair?
    /// For the algorithms that encrypt.
    let sealing: SealingKey?

    /// Takes in a raw key.
    ///
    /// - Throws: ``OpenSSLFailure/invalidKey`` where the bytes are no key of the algorithm.
    init(_ algorithm: KeyAlgorithm, _ secret: SecretBytes) throws(OpenSSLFailure) {
        self.algorithm = algorithm
        self.secret = secret
        switch algorithm {
        case .hmacSHA256:
            guard secret.count > 0 else { throw .invalidKey }
            (pair, sealing) = (nil, nil)
        case .aes256GCM, .chaCha20Poly1305:
            guard secret.count == AuthenticatedCipher.keySize else { throw .invalidKey }
            (pair, sealing) = (nil, SealingKey(algorithm, secret))
        case .ed25519, .p256, .x25519:
            (pair, sealing) = (try KeyPair.make(algorithm, privateKey: secret), nil)
        default: throw .invalidKey
        }
    }

    /// The key that follows from even bytes, as many as ``seedSize(of:)`` says.
    static func make(_ algorithm: KeyAlgorithm, from seed: SecretBytes) throws(OpenSSLFailure) -> HeldKey {
        try HeldKey(algorithm, algorithm == .p256 ? P256.privateKey(from: seed) : seed)
    }

    /// How many even bytes make a key; `nil` for an algorithm that is not known.
    static func seedSize(of algorithm: KeyAlgorithm) -> Int? {
        switch algorithm {
        case .hmacSHA256, .aes256GCM, .chaCha20Poly1305, .ed25519, .x25519: 32
        case .p256: P256.seedSize
        default: nil
        }
    }
}
#endif
