struct UnimplementedCrypto: CryptoEffects {
    var capabilities: Capabilities { Capabilities() }

    func generateKey(_ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        throw .unimplemented(CryptoEffect.name, "generateKey")
    }

    func importKey(_ secret: Secret<[UInt8]>, as algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        throw .unimplemented(CryptoEffect.name, "importKey")
    }

    func deleteKey(_ key: KeyID) async throws(EffectError) {
        throw .unimplemented(CryptoEffect.name, "deleteKey")
    }

    func publicKey(of key: KeyID) async throws(EffectError) -> [UInt8] {
        throw .unimplemented(CryptoEffect.name, "publicKey")
    }

    func authenticationCode(of message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8] {
        throw .unimplemented(CryptoEffect.name, "authenticationCode")
    }

    func deriveKey(
        from key: KeyID,
        salt: [UInt8],
        info: [UInt8],
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        throw .unimplemented(CryptoEffect.name, "deriveKey")
    }

    func deriveKey(
        fromPassword password: Secret<[UInt8]>,
        parameters: PasswordDerivation,
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        throw .unimplemented(CryptoEffect.name, "deriveKey")
    }

    func seal(
        _ plaintext: [UInt8],
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> SealedBox {
        throw .unimplemented(CryptoEffect.name, "seal")
    }

    func open(
        _ box: SealedBox,
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> [UInt8] {
        throw .unimplemented(CryptoEffect.name, "open")
    }

    func sign(_ message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8] {
        throw .unimplemented(CryptoEffect.name, "sign")
    }

    func isValidSignature(
        _ signature: [UInt8],
        of message: [UInt8],
        publicKey: [UInt8],
        algorithm: KeyAlgorithm
    ) async throws(EffectError) -> Bool {
        throw .unimplemented(CryptoEffect.name, "isValidSignature")
    }

    func agreeKey(_ key: KeyID, with publicKey: [UInt8]) async throws(EffectError) -> KeyID {
        throw .unimplemented(CryptoEffect.name, "agreeKey")
    }
}
