#if OpenSSL
internal import COpenSSL

/// Keys from keys by HKDF-SHA-256 (RFC 5869), and from passwords by PBKDF2-HMAC-SHA-256 (RFC 8018).
enum KeyDerivation {
    /// The most bytes of `info` that OpenSSL takes with room to spare.
    static let maximumInfo = 1024

    /// Expands a key.
    ///
    /// - Parameters:
    ///   - key: The input key.
    ///   - salt: The salt, which may be empty.
    ///   - info: What the new bytes are for; at most ``maximumInfo`` bytes.
    ///   - count: How many bytes are wanted, at most 8160.
    /// - Returns: The bytes.
    /// - Throws: ``OpenSSLFailure``.
    static func hkdf(
        _ key: SecretBytes,
        salt: [UInt8],
        info: [UInt8],
        count: Int
    ) throws(OpenSSLFailure) -> SecretBytes {
        let context = try unsafe OpenSSLFailure.make { unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        try OpenSSLFailure.check { unsafe EVP_PKEY_derive_init(context) }
        try OpenSSLFailure.check { unsafe EVP_PKEY_CTX_set_hkdf_md(context, OpenSSLAlgorithms.sha256) }
        try OpenSSLFailure.check { unsafe EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) }
        try unsafe key.withBytes { key throws(OpenSSLFailure) in
            try OpenSSLFailure.check {
                unsafe EVP_PKEY_CTX_set1_hkdf_key(
                    context,
                    key.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    Int32(key.count)
                )
            }
        }
        try OpenSSLFailure.check { unsafe EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(info.count)) }
        return try unsafe SecretBytes(count: count) { buffer throws(OpenSSLFailure) in
            var length = count
            try OpenSSLFailure.check {
                unsafe EVP_PKEY_derive(context, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), &length)
            }
        }
    }

    /// Stretches a password.
    static func pbkdf2(
        _ password: SecretBytes,
        salt: [UInt8],
        iterations: Int,
        count: Int
    ) throws(OpenSSLFailure) -> SecretBytes {
        try unsafe SecretBytes(count: count) { buffer throws(OpenSSLFailure) in
            try unsafe password.withBytes { password throws(OpenSSLFailure) in
                try OpenSSLFailure.check {
                    unsafe PKCS5_PBKDF2_HMAC(
                        password.baseAddress?.assumingMemoryBound(to: CChar.self),
                        Int32(password.count),
                        salt,
                        Int32(salt.count),
                        Int32(iterations),
                        OpenSSLAlgorithms.sha256,
                        Int32(count),
                        buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    )
                }
            }
        }
    }
}
#endif
