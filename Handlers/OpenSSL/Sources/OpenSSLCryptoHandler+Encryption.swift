#if OpenSSL
public import AuraEffects
internal import AuraRuntime

extension OpenSSLCryptoHandler {
    /// Encrypts and authenticates under a nonce that is never used again with the key.
    public func seal(
        _ plaintext: [UInt8],
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> SealedBox {
        let sealing = try sealingKey(key, in: "seal")
        try check(plaintext.count, "seal")
        try check(associatedData.count, "seal")
        return try run("seal") { () throws(OpenSSLFailure) in
            try unsafe plaintext.withUnsafeBufferPointer { plaintext throws(OpenSSLFailure) in
                try unsafe sealing.seal(UnsafeRawBufferPointer(plaintext), authenticating: associatedData)
            }
        }
    }

    /// Decrypts what was sealed.
    public func open(
        _ box: SealedBox,
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> [UInt8] {
        let sealing = try sealingKey(key, in: "open")
        try check(box.ciphertext.count, "open")
        try check(associatedData.count, "open")
        return try run("open") { () throws(OpenSSLFailure) in
            try sealing.open(box, authenticating: associatedData)
        }
    }

    /// Encrypts a key under another one.
    public func wrapKey(
        _ key: KeyID,
        under wrappingKey: KeyID,
        authenticating associatedData: [UInt8]
    ) async throws(EffectError) -> SealedBox {
        let found = try find(key, in: "wrapKey")
        let sealing = try sealingKey(wrappingKey, in: "wrapKey")
        try check(associatedData.count, "wrapKey")
        return try run("wrapKey") { () throws(OpenSSLFailure) in
            try unsafe found.secret.withBytes { secret throws(OpenSSLFailure) in
                try unsafe sealing.seal(secret, authenticating: Self.wrapping(found.algorithm, associatedData))
            }
        }
    }

    /// Takes in a key that was encrypted under another one.
    public func unwrapKey(
        _ box: SealedBox,
        as algorithm: KeyAlgorithm,
        under wrappingKey: KeyID,
        authenticating associatedData: [UInt8]
    ) async throws(EffectError) -> KeyID {
        _ = try seedSize(of: algorithm, in: "unwrapKey")
        let sealing = try sealingKey(wrappingKey, in: "unwrapKey")
        try check(associatedData.count, "unwrapKey")
        return try keep(in: "unwrapKey") { () throws(OpenSSLFailure) in
            let wrapping = Self.wrapping(algorithm, associatedData)
            return try HeldKey(algorithm, sealing.openSecret(box, authenticating: wrapping))
        }
    }

    /// A wrapped key is neither a message nor a key of another algorithm.
    private static func wrapping(_ algorithm: KeyAlgorithm, _ associatedData: [UInt8]) -> [UInt8] {
        Array("aura wrapped key/1 \(algorithm.rawValue)\0".utf8) + associatedData
    }

    private func check(_ count: Int, _ operation: String) throws(EffectError) {
        guard count <= AuthenticatedCipher.maximumMessage else {
            let message = "A message has \(count) bytes: seal parts of at most \(AuthenticatedCipher.maximumMessage)."
            throw errors.error(.invalidArgument, in: operation, message)
        }
    }
}
#endif
