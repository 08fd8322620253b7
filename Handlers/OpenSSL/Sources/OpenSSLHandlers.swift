#if OpenSSL
internal import AuraEffects
internal import COpenSSL
public import AuraRuntime

/// The handlers on OpenSSL's libcrypto, as an application links them: `crypto` and `random`, both named `openssl`.
///
/// With it the journal's SHA-256 is OpenSSL's too, whatever handlers a profile chooses.
public struct OpenSSLHandlers: HandlerBundle {
    private static let isHashing = unsafe SHA256.accelerate { state, blocks, count in
        unsafe aura_sha256_blocks(state, blocks, count)
    }

    /// Creates the bundle.
    public init() {
        _ = Self.isHashing
    }

    /// Crypto and random.
    public var declarations: [HandlerDeclaration] { [Self.crypto, Self.random] }

    private static let crypto = HandlerDeclaration(
        CryptoEffect.self,
        technology: OpenSSLCryptoHandler.technology,
        summary: "Keys, signatures and encryption by OpenSSL, with keys in the process's memory.",
        capabilities: { _, _ in OpenSSLCryptoHandler.capabilities },
        make: { _, context throws(EffectError) in
            let handler = OpenSSLCryptoHandler(context)
            return ManagedHandler(handler) { handler.stop() }
        }
    )

    private static let random = HandlerDeclaration(
        RandomEffect.self,
        technology: OpenSSLRandomHandler.technology,
        summary: "Random numbers of OpenSSL's generator, fit for keys and tokens.",
        capabilities: { _, _ in OpenSSLRandomHandler.capabilities },
        make: { _, _ throws(EffectError) in ManagedHandler(OpenSSLRandomHandler()) }
    )
}
#endif
