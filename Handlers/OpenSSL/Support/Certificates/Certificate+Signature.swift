#if OpenSSL
internal import COpenSSL

extension Certificate {
    /// How what is signed is hashed.
    package enum SignatureHash: Hashable, Sendable {
        /// SHA-1, by which one no longer signs what others may choose.
        case sha1
        case sha256
    }

    /// Whether a signature is by the certificate's key; by one of RSA it is that of RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    ///
    /// - Parameters:
    ///   - signature: The signature.
    ///   - bytes: What was signed.
    ///   - hash: How it was hashed.
    /// - Returns: Whether it is; `false` too where the key does not sign.
    package func isSignature(_ signature: [UInt8], of bytes: [UInt8], hashedBy hash: SignatureHash) -> Bool {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        guard let key = unsafe X509_get0_pubkey(pointer), let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        let digest =
            switch hash {
            case .sha1: unsafe EVP_sha1()
            case .sha256: unsafe EVP_sha256()
            }
        guard unsafe EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
        return unsafe EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }
}
#endif
