#if OpenSSL
package import AuraEffects
internal import COpenSSL

/// A key pair that signs, freed with its last reference; it prints nothing of its secret.
///
/// Sendable: nothing changes it after it was made, and OpenSSL counts the references to it atomically.
@safe
package final class PrivateKey: @unchecked Sendable, CustomStringConvertible {
    /// OpenSSL's `EVP_PKEY`.
    let pointer: OpaquePointer

    /// What signs.
    package let algorithm: Algorithm

    /// What tells the key from every other.
    package let fingerprint: KeyFingerprint

    /// How a key signs.
    package enum Algorithm: String, Sendable, Hashable, CaseIterable {
        /// Ed25519 (RFC 8032).
        case ed25519 = "ed25519"
        /// ECDSA on the curve P-256 with SHA-256 (FIPS 186-5).
        case ecdsaP256 = "ecdsa-p256"
    }

    /// Takes over a reference to an `EVP_PKEY`.
    private init(owning pointer: OpaquePointer) throws(EffectError) {
        guard let algorithm = unsafe Algorithm(of: pointer) else {
            unsafe EVP_PKEY_free(pointer)
            throw EffectError(.unsupported, "The key is neither Ed25519 nor ECDSA on P-256: make one of these.")
        }
        unsafe self.pointer = pointer
        self.algorithm = algorithm
        fingerprint = KeyFingerprint(
            subjectPublicKeyInfo: unsafe DER.bytes(of: pointer) { unsafe i2d_PUBKEY($0, $1) }
        )
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// Such as `ed25519 key 3f0c…`, with the whole fingerprint.
    package var description: String { "\(algorithm.rawValue) key \(fingerprint)" }
}

extension PrivateKey {
    /// Makes a new key from OpenSSL's random source.
    ///
    /// - Parameter algorithm: How it signs.
    /// - Returns: The key.
    /// - Throws: ``EffectError`` with `internal` where OpenSSL fails.
    package static func generate(_ algorithm: Algorithm) throws(EffectError) -> PrivateKey {
        OpenSSLError.clear()
        let context = unsafe EVP_PKEY_CTX_new_id(algorithm.type, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe algorithm == .ed25519 || EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            unsafe EVP_PKEY_keygen(context, &key) == 1, let key = unsafe key
        else { throw OpenSSLError.failure(making: "a key of type \(algorithm.rawValue)") }
        return unsafe try PrivateKey(owning: key)
    }

    /// Reads a key in PEM, not encrypted.
    ///
    /// - Parameters:
    ///   - pem: The file's bytes.
    ///   - place: How messages name the file.
    /// - Returns: The key.
    /// - Throws: ``EffectError``: `corrupted` where it is no key in PEM, `unsupported` where it is encrypted or of another
    ///   algorithm.
    package static func read(pem: [UInt8], from place: String) throws(EffectError) -> PrivateKey {
        OpenSSLError.clear()
        guard let bytes = MemoryBIO(pem) else { throw OpenSSLError.failure(making: "a buffer") }
        // Without a function that gives none OpenSSL would ask for a password on the terminal.
        guard let key = unsafe PEM_read_bio_PrivateKey(bytes.pointer, nil, { _, _, _, _ in -1 }, nil) else {
            if pem.contains(text: "ENCRYPTED") {
                throw OpenSSLError.failure(
                    .unsupported,
                    "\(place) is encrypted by a password: keep it without one, as a file that its owner alone may read."
                )
            }
            throw OpenSSLError.failure(
                .corrupted,
                "\(place) is no private key in PEM: restore it from a backup or make a new identity."
            )
        }
        return unsafe try PrivateKey(owning: key)
    }

    /// The key in PEM (RFC 5958), not encrypted.
    ///
    /// - Returns: The file's bytes.
    /// - Throws: ``EffectError`` with `internal` where OpenSSL fails.
    package func pem() throws(EffectError) -> Secret<[UInt8]> {
        OpenSSLError.clear()
        guard let bytes = MemoryBIO(),
            unsafe PEM_write_bio_PKCS8PrivateKey(bytes.pointer, pointer, nil, nil, 0, nil, nil) == 1
        else { throw OpenSSLError.failure(making: "the text of a key") }
        return Secret(bytes.bytes)
    }
}

extension PrivateKey.Algorithm {
    fileprivate init?(of key: OpaquePointer) {
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_ED25519: self = .ed25519
        case EVP_PKEY_EC where unsafe EVP_PKEY_get_bits(key) == 256 && Self.group(of: key) == "prime256v1":
            self = .ecdsaP256
        default: return nil
        }
    }

    private static func group(of key: OpaquePointer) -> String {
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count) == 1 else { return "" }
        return String(decoding: name.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    fileprivate var type: Int32 {
        switch self {
        case .ed25519: EVP_PKEY_ED25519
        case .ecdsaP256: EVP_PKEY_EC
        }
    }

    /// What hashes before signing; `nil` where the algorithm does so itself.
    var digest: OpaquePointer? {
        switch self {
        case .ed25519: nil
        case .ecdsaP256: unsafe EVP_sha256()
        }
    }
}

extension [UInt8] {
    fileprivate func contains(text: String) -> Bool {
        firstRange(of: Array(text.utf8)) != nil
    }
}
#endif
