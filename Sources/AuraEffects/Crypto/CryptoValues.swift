/// Names a key that a crypto handler holds.
public struct KeyID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The key's name.
    public let rawValue: String

    /// Creates a name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The key's name, which is not secret.
    public var description: String { rawValue }
}

/// What a key is for: an open set.
public struct KeyAlgorithm: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The algorithm's name.
    public let rawValue: String

    /// Creates an algorithm from its name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The algorithm's name.
    public var description: String { rawValue }

    /// HMAC-SHA-256, and the input of key derivation.
    public static let hmacSHA256 = KeyAlgorithm(rawValue: "hmacSHA256")
    /// AES-256 in Galois/counter mode.
    public static let aes256GCM = KeyAlgorithm(rawValue: "aes256GCM")
    /// ChaCha20-Poly1305 (RFC 8439).
    public static let chaCha20Poly1305 = KeyAlgorithm(rawValue: "chaCha20Poly1305")
    /// Ed25519 signatures (RFC 8032).
    public static let ed25519 = KeyAlgorithm(rawValue: "ed25519")
    /// ECDSA signatures on P-256 over SHA-256 (FIPS 186-5).
    public static let p256 = KeyAlgorithm(rawValue: "p256")
    /// X25519 key agreement (RFC 7748).
    public static let x25519 = KeyAlgorithm(rawValue: "x25519")
}

/// A hash function of the SHA-2 family (FIPS 180-4): an open set.
public struct HashFunction: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The function's name.
    public let rawValue: String

    /// Creates a function from its name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The function's name.
    public var description: String { rawValue }

    /// SHA-256: 32 bytes.
    public static let sha256 = HashFunction(rawValue: "sha256")
    /// SHA-384: 48 bytes.
    public static let sha384 = HashFunction(rawValue: "sha384")
    /// SHA-512: 64 bytes.
    public static let sha512 = HashFunction(rawValue: "sha512")
}

/// An encrypted and authenticated message.
public struct SealedBox: Sendable, Hashable, Codable {
    /// The number used once with the key.
    public var nonce: [UInt8]
    /// The ciphertext, followed by its tag of 16 bytes.
    public var ciphertext: [UInt8]

    /// Creates a box.
    public init(nonce: [UInt8], ciphertext: [UInt8]) {
        self.nonce = nonce
        self.ciphertext = ciphertext
    }
}
