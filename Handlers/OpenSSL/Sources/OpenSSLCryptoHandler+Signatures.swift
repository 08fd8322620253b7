#if OpenSSL
public import AuraEffects
internal import AuraRuntime

extension OpenSSLCryptoHandler {
    /// Signs a message.
    public func sign(_ message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8] {
        let found = try find(key, in: "sign")
        guard let pair = found.pair, found.algorithm != .x25519 else { throw wrongAlgorithm(key, in: "sign") }
        return try run("sign") { () throws(OpenSSLFailure) in try pair.sign(message) }
    }

    /// Whether a signature of a message is the key's.
    public func isValidSignature(
        _ signature: [UInt8],
        of message: [UInt8],
        publicKey: [UInt8],
        algorithm: KeyAlgorithm
    ) async throws(EffectError) -> Bool {
        guard algorithm == .ed25519 || algorithm == .p256 else {
            let name = HandlerErrors.quote(algorithm.rawValue)
            let message = "There are no signatures of \(name): sign with ed25519 or p256."
            throw errors.error(.unsupported, in: "isValidSignature", message)
        }
        return try run("isValidSignature") { () throws(OpenSSLFailure) in
            try KeyPair.make(algorithm, publicKey: publicKey).isValid(signature, of: message)
        }
    }
}
#endif
