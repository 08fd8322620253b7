#if OpenSSL
package import AuraEffects

/// What tells a node from every other: SHA-256 over the SubjectPublicKeyInfo (RFC 5280, section 4.1) of its key.
///
/// It stays the same when the node gets a new certificate for its key, and it is the node's address, ``peer``.
package struct KeyFingerprint: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// 64 hexadecimal digits in lower case.
    package let text: String

    /// Creates the fingerprint of a public key.
    ///
    /// - Parameter subjectPublicKeyInfo: The key in DER.
    package init(subjectPublicKeyInfo: [UInt8]) {
        text = SHA256.hash(subjectPublicKeyInfo).description
    }

    /// Reads a fingerprint; `nil` where the text is not 64 hexadecimal digits.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 2 * SHA256Digest.byteCount, text.utf8.allSatisfy(\.isHexadecimalDigit) else {
            return nil
        }
        self.text = text.lowercased()
    }

    /// The node's address in the network.
    package var peer: PeerID { PeerID(text) }

    /// The 64 digits.
    package var description: String { text }

    /// Whether the left one comes first.
    package static func < (left: KeyFingerprint, right: KeyFingerprint) -> Bool {
        left.text < right.text
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
#endif
