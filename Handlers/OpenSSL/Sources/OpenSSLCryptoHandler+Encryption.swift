#if OpenSSL
public import AuraEffects
internal import AuraRuntime

extension OpenSSLCryptoHandler {
    /// Encrypts and authenticates under a nonce that is never used again with the key.
    ///
    /// Associated data that begin as those of wrapped keys do are `invalidArgument`, here and in ``open(_:authenticating:key:)``:
    /// no message can be passed off as a wrapped key, and no wrapped key read as a message.
    public func seal(
        _ plaintext: [UInt8],
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> SealedBox {
        let sealing = try sealingKey(key, in: "seal")
        try checkSize(plaintext.count, of: "A message", in: "seal")
        try checkMessage(associatedData, in: "seal")
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
        try checkSize(box.ciphertext.count, of: "A message", in: "open")
        try checkMessage(associatedData, in: "open")
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
        try checkSize(associatedData.count, of: "What is authenticated beside it", in: "wrapKey")
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
        try checkSize(box.ciphertext.count, of: "An encrypted key", in: "unwrapKey")
        try checkSize(associatedData.count, of: "What is authenticated beside it", in: "unwrapKey")
        return try keep(in: "unwrapKey") { () throws(OpenSSLFailure) in
            let wrapping = Self.wrapping(algorithm, associatedData)
            return try HeldKey(algorithm, sealing.openSecret(box, authenticating: wrapping))
        }
    }

    private static let wrappingMark = Array("aura wrapped key/".utf8)

    /// A wrapped key is neither a message nor a key of another algorithm.
    private static func wrapping(_ algorithm: KeyAlgorithm, _ associatedData: [UInt8]) -> [UInt8] {
        wrappingMark + Array("1 \(algorithm.rawValue)\0".utf8) + associatedData
    }

    /// Refuses what is to be authenticated beside a message where it could be that of a wrapped key.
    private func checkMessage(_ associatedData: [UInt8], in operation: String) throws(EffectError) {
        try checkSize(associatedData.count, of: "What is authenticated beside it", in: operation)
        guard !associatedData.starts(with: Self.wrappingMark) else {
            let message =
                "What is authenticated begins with 'aura wrapped key/', as that of wrapped keys does: begin otherwise."
            throw errors.error(.invalidArgument, in: operation, message)
        }
    }
}
#endif
