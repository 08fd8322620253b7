#if OpenSSL
internal import AuraEffects
internal import COpenSSL

/// A key of Ed25519 (RFC 8032), X25519 (RFC 7748) or P-256 (FIPS 186-5): a pair, or a public key alone.
@safe
final class KeyPair: Sendable {
    /// The size of a private key of each of these algorithms, in bytes.
    static let privateKeySize = 32

    private let algorithm: KeyAlgorithm
    // OpenSSL's keys are counted and locked by itself; nothing here changes one.
    private nonisolated(unsafe) let key: OpaquePointer

    private init(_ algorithm: KeyAlgorithm, owning key: OpaquePointer) {
        self.algorithm = algorithm
        unsafe self.key = key
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// The pair of a private key.
    ///
    /// - Throws: ``OpenSSLFailure/invalidKey`` where the bytes are no private key of the algorithm.
    static func make(_ algorithm: KeyAlgorithm, privateKey: SecretBytes) throws(OpenSSLFailure) -> KeyPair {
        guard privateKey.count == privateKeySize else { throw .invalidKey }
        if algorithm == .p256 { return try unsafe KeyPair(.p256, owning: P256.key(private: privateKey)) }
        let type = try rawType(algorithm)
        return try unsafe privateKey.withBytes { bytes throws(OpenSSLFailure) in
            let key = try unsafe OpenSSLFailure.make {
                let bytes = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return unsafe EVP_PKEY_new_raw_private_key(type, nil, bytes, privateKeySize)
            }
            return unsafe KeyPair(algorithm, owning: key)
        }
    }

    /// A public key in the algorithm's standard encoding.
    ///
    /// - Throws: ``OpenSSLFailure/invalidKey`` where the bytes are none.
    static func make(_ algorithm: KeyAlgorithm, publicKey: [UInt8]) throws(OpenSSLFailure) -> KeyPair {
        if algorithm == .p256 { return try unsafe KeyPair(.p256, owning: P256.key(public: publicKey)) }
        let type = try rawType(algorithm)
        guard publicKey.count == 32 else { throw .invalidKey }
        let key = unsafe EVP_PKEY_new_raw_public_key(type, nil, publicKey, publicKey.count)
        guard let key = unsafe key else { throw .invalidKey }
        return unsafe KeyPair(algorithm, owning: key)
    }

    private static func rawType(_ algorithm: KeyAlgorithm) throws(OpenSSLFailure) -> Int32 {
        switch algorithm {
        case .ed25519: EVP_PKEY_ED25519
        case .x25519: EVP_PKEY_X25519
        default: throw .invalidKey
        }
    }

    /// The public key in the algorithm's standard encoding.
    func publicKey() throws(OpenSSLFailure) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = unsafe EVP_PKEY_get1_encoded_public_key(key, &bytes)
        if algorithm != .ed25519, count > 0 {
            defer { unsafe CRYPTO_free(bytes, nil, 0) }
            return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        }
        var raw = [UInt8](repeating: 0, count: 32)
        var size = raw.count
        try OpenSSLFailure.check { unsafe EVP_PKEY_get_raw_public_key(key, &raw, &size) }
        return raw
    }

    /// Signs a message: Ed25519, or ECDSA over SHA-256 in DER.
    func sign(_ message: [UInt8]) throws(OpenSSLFailure) -> [UInt8] {
        let context = try unsafe OpenSSLFailure.make { unsafe EVP_MD_CTX_new() }
        defer { unsafe EVP_MD_CTX_free(context) }
        try OpenSSLFailure.check { unsafe EVP_DigestSignInit(context, nil, digest, nil, key) }
        var size = 0
        try OpenSSLFailure.check { unsafe EVP_DigestSign(context, nil, &size, message, message.count) }
        var signature = [UInt8](repeating: 0, count: size)
        try OpenSSLFailure.check { unsafe EVP_DigestSign(context, &signature, &size, message, message.count) }
        return Array(signature.prefix(size))
    }

    /// Whether a signature of a message is this key's.
    func isValid(_ signature: [UInt8], of message: [UInt8]) throws(OpenSSLFailure) -> Bool {
        let context = try unsafe OpenSSLFailure.make { unsafe EVP_MD_CTX_new() }
        defer { unsafe EVP_MD_CTX_free(context) }
        try OpenSSLFailure.check { unsafe EVP_DigestVerifyInit(context, nil, digest, nil, key) }
        return unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    private var digest: OpaquePointer? {
        unsafe algorithm == .p256 ? OpenSSLAlgorithms.sha256 : nil
    }

    /// The secret shared with the owner of a public key.
    ///
    /// - Throws: ``OpenSSLFailure/invalidKey`` for a public key that would make the secret known to all (RFC 7748 §6.1).
    func agree(with peer: KeyPair) throws(OpenSSLFailure) -> SecretBytes {
        let context = try unsafe OpenSSLFailure.make { unsafe EVP_PKEY_CTX_new(key, nil) }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try OpenSSLFailure.check { unsafe EVP_PKEY_derive_init(context) }
        do {
            try OpenSSLFailure.check { unsafe EVP_PKEY_derive_set_peer(context, peer.key) }
            return try unsafe SecretBytes(count: 32) { buffer throws(OpenSSLFailure) in
                var size = buffer.count
                try OpenSSLFailure.check {
                    unsafe EVP_PKEY_derive(context, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), &size)
                }
            }
        } catch {
            throw .invalidKey
        }
    }
}
#endif
