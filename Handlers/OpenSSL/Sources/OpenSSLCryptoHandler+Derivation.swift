#if OpenSSL
public import AuraEffects
internal import AuraRuntime

extension OpenSSLCryptoHandler {
    /// A message's digest.
    public func digest(of message: [UInt8], by function: HashFunction) async throws(EffectError) -> [UInt8] {
        let digest = try run("digest") { () throws(OpenSSLFailure) in
            try MessageDigest.digest(of: message, by: function)
        }
        guard let digest else {
            let message = "There is no hash function \(HandlerErrors.quote(function.rawValue))."
            throw errors.error(.unsupported, in: "digest", message)
        }
        return digest
    }

    /// The HMAC of a message.
    public func authenticationCode(of message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8] {
        let found = try find(key, .hmacSHA256, in: "authenticationCode")
        return try run("authenticationCode") { () throws(OpenSSLFailure) in
            try MessageDigest.authenticationCode(of: message, key: found.secret)
        }
    }

    /// Whether a code is a message's HMAC, compared in constant time.
    public func isValidAuthenticationCode(
        _ code: [UInt8],
        of message: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> Bool {
        let found = try find(key, .hmacSHA256, in: "isValidAuthenticationCode")
        return try run("isValidAuthenticationCode") { () throws(OpenSSLFailure) in
            let expected = try MessageDigest.authenticationCode(of: message, key: found.secret)
            return MessageDigest.isEqualInConstantTime(code, expected)
        }
    }

    /// Derives a key by HKDF-SHA-256; `info` may have 1,024 bytes.
    public func deriveKey(
        from key: KeyID,
        salt: [UInt8],
        info: [UInt8],
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        let found = try find(key, .hmacSHA256, in: "deriveKey")
        let size = try seedSize(of: algorithm, in: "deriveKey")
        guard info.count <= KeyDerivation.maximumInfo else {
            let message = "The info has \(info.count) bytes: at most \(KeyDerivation.maximumInfo) are taken."
            throw errors.error(.invalidArgument, in: "deriveKey", message)
        }
        try checkSize(salt.count, of: "The salt", in: "deriveKey")
        return try keep(in: "deriveKey") { () throws(OpenSSLFailure) in
            try HeldKey.make(algorithm, from: KeyDerivation.hkdf(found.secret, salt: salt, info: info, count: size))
        }
    }

    /// Derives a key from a password by Argon2id (with the trait `Argon2`) or PBKDF2.
    public func deriveKey(
        fromPassword password: Secret<[UInt8]>,
        parameters: PasswordDerivation,
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        let size = try seedSize(of: algorithm, in: "deriveKeyFromPassword")
        let seed = try await stretch(password, parameters, count: size)
        return try keep(in: "deriveKeyFromPassword") { () throws(OpenSSLFailure) in
            try HeldKey.make(algorithm, from: seed)
        }
    }

    /// Agrees on a key with a peer by X25519.
    public func agreeKey(_ key: KeyID, with publicKey: [UInt8]) async throws(EffectError) -> KeyID {
        let found = try find(key, .x25519, in: "agreeKey")
        guard let pair = found.pair else { throw wrongAlgorithm(key, in: "agreeKey") }
        return try keep(in: "agreeKey") { () throws(OpenSSLFailure) in
            let peer = try KeyPair.make(.x25519, publicKey: publicKey)
            return try HeldKey(.hmacSHA256, pair.agree(with: peer))
        }
    }
}
#endif
