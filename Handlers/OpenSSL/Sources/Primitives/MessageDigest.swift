#if OpenSSL
internal import AuraEffects
internal import COpenSSL

/// SHA-2 (FIPS 180-4), HMAC (RFC 2104) and comparison in constant time.
enum MessageDigest {
    /// A message's digest; `nil` for a function that is not known.
    static func digest(of message: [UInt8], by function: HashFunction) throws(OpenSSLFailure) -> [UInt8]? {
        let algorithm: OpaquePointer?
        let size: Int
        switch function {
        case .sha256: unsafe (algorithm, size) = unsafe (OpenSSLAlgorithms.sha256, 32)
        case .sha384: unsafe (algorithm, size) = unsafe (OpenSSLAlgorithms.sha384, 48)
        case .sha512: unsafe (algorithm, size) = unsafe (OpenSSLAlgorithms.sha512, 64)
        default: return nil
        }
        var digest = [UInt8](repeating: 0, count: size)
        try OpenSSLFailure.check {
            unsafe EVP_Digest(message, message.count, &digest, nil, algorithm, nil)
        }
        return digest
    }

    /// The size of a code of ``authenticationCode(of:key:)``, in bytes.
    static let codeSize = 32

    /// A message's HMAC-SHA-256.
    static func authenticationCode(of message: [UInt8], key: SecretBytes) throws(OpenSSLFailure) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: codeSize)
        try unsafe authenticate(message, key, into: &code)
        return code
    }

    /// Writes a message's HMAC-SHA-256, for a code that is a secret itself.
    static func authenticate(
        _ message: [UInt8],
        _ key: SecretBytes,
        into code: UnsafeMutablePointer<UInt8>?
    ) throws(OpenSSLFailure) {
        _ = try unsafe key.withBytes { key throws(OpenSSLFailure) in
            try unsafe OpenSSLFailure.make {
                unsafe HMAC(
                    OpenSSLAlgorithms.sha256,
                    key.baseAddress,
                    Int32(key.count),
                    message,
                    message.count,
                    code,
                    nil
                )
            }
        }
    }

    /// Whether two arrays hold the same bytes, in a time that depends on their length alone.
    static func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        unsafe left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
#endif
