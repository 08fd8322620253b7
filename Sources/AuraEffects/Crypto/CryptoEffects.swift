// @Effect("crypto")
/// Keys, signatures and encryption.
///
/// Keys are opaque handles, so that a hardware module can hold them: secret bytes go in through ``importKey(_:as:)`` and
/// come out only encrypted under another key, by ``wrapKey(_:under:authenticating:)``. A handle lasts as long as its
/// handler; ``KeyEffects`` keeps keys for good.
///
/// Every method throws ``EffectError``: `notFound` for a key that the handler does not hold, `invalidArgument` for a key of
/// another algorithm or sizes out of range, `unsupported` for an algorithm that the handler lacks, `corrupted`
/// for a ciphertext that does not authenticate.
public protocol CryptoEffects: EffectHandler {
    // @Operation(resource: "algorithm")
    /// Creates a key and keeps it.
    func generateKey(_ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID

    // @Operation(resource: "algorithm")
    /// Takes in a key's secret bytes.
    ///
    /// - Parameters:
    ///   - secret: The raw key: 32 bytes for every algorithm but ``KeyAlgorithm/hmacSHA256``, which takes any number.
    ///   - algorithm: What the key is for.
    /// - Returns: The new key's handle.
    /// - Throws: ``EffectError``, as for every method.
    func importKey(_ secret: Secret<[UInt8]>, as algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID

    // @Operation(.idempotent, resource: "key")
    /// Forgets a key and erases its bytes.
    func deleteKey(_ key: KeyID) async throws(EffectError)

    // @Operation(.idempotent, resource: "key")
    /// The public half of a key pair, in the algorithm's standard encoding (RFC 8032, RFC 7748, SEC 1 uncompressed).
    func publicKey(of key: KeyID) async throws(EffectError) -> [UInt8]

    // @Operation(resource: "key")
    /// Encrypts a key under another one, so that it can be kept elsewhere.
    ///
    /// - Parameters:
    ///   - key: The key to encrypt.
    ///   - wrappingKey: A key of ``KeyAlgorithm/aes256GCM`` or ``KeyAlgorithm/chaCha20Poly1305``.
    ///   - associatedData: What to authenticate beside it, in the clear.
    /// - Returns: The encrypted key.
    /// - Throws: ``EffectError``, as for every method; `permissionDenied` for a key that may not leave the handler.
    func wrapKey(
        _ key: KeyID,
        under wrappingKey: KeyID,
        authenticating associatedData: [UInt8]
    ) async throws(EffectError) -> SealedBox

    // @Operation(resource: "wrappingKey")
    /// Takes in a key that ``wrapKey(_:under:authenticating:)`` encrypted.
    ///
    /// - Parameters:
    ///   - box: The encrypted key.
    ///   - algorithm: What the key is for.
    ///   - wrappingKey: The key that it was encrypted under.
    ///   - associatedData: What was authenticated beside it.
    /// - Returns: The key's new handle.
    /// - Throws: `corrupted` where box, associated data or wrapping key are not those it was encrypted with.
    func unwrapKey(
        _ box: SealedBox,
        as algorithm: KeyAlgorithm,
        under wrappingKey: KeyID,
        authenticating associatedData: [UInt8]
    ) async throws(EffectError) -> KeyID

    // @Operation(.idempotent, resource: "function")
    /// A message's digest (FIPS 180-4).
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - function: The hash function.
    /// - Returns: The digest: 32, 48 or 64 bytes.
    /// - Throws: ``EffectError``, as for every method.
    func digest(of message: [UInt8], by function: HashFunction) async throws(EffectError) -> [UInt8]

    // @Operation(.idempotent, resource: "key")
    /// The HMAC of a message under a key of ``KeyAlgorithm/hmacSHA256`` (RFC 2104): 32 bytes.
    func authenticationCode(of message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8]

    // @Operation(.idempotent, resource: "key")
    /// Whether a code is a message's HMAC under a key, compared in a time that tells nothing of where they differ.
    func isValidAuthenticationCode(
        _ code: [UInt8],
        of message: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> Bool

    // @Operation(resource: "key")
    /// Derives a key by HKDF-SHA-256 (RFC 5869) and keeps it.
    ///
    /// - Parameters:
    ///   - key: The input key, of ``KeyAlgorithm/hmacSHA256``.
    ///   - salt: The salt, which may be empty.
    ///   - info: What the new key is for.
    ///   - algorithm: The new key's algorithm.
    /// - Returns: The new key's handle.
    /// - Throws: ``EffectError``, as for every method.
    func deriveKey(
        from key: KeyID,
        salt: [UInt8],
        info: [UInt8],
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID

    // @Operation(resource: "algorithm", name: "deriveKeyFromPassword")
    /// Derives a key from a password by Argon2id (RFC 9106) or PBKDF2 (RFC 8018) and keeps it.
    ///
    /// - Parameters:
    ///   - password: The password's bytes.
    ///   - parameters: The function with its costs, and the salt.
    ///   - algorithm: The new key's algorithm.
    /// - Returns: The new key's handle.
    /// - Throws: ``EffectError``, as for every method.
    func deriveKey(
        fromPassword password: Secret<[UInt8]>,
        parameters: PasswordDerivation,
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID

    // @Operation(resource: "key")
    /// Encrypts and authenticates; the handler picks a nonce that is never used again with the key.
    ///
    /// - Parameters:
    ///   - plaintext: What to encrypt.
    ///   - associatedData: What to authenticate beside it, in the clear.
    ///   - key: A key of ``KeyAlgorithm/aes256GCM`` or ``KeyAlgorithm/chaCha20Poly1305``.
    /// - Returns: The nonce, and the ciphertext with its tag.
    /// - Throws: ``EffectError``, as for every method.
    func seal(
        _ plaintext: [UInt8],
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> SealedBox

    // @Operation(.idempotent, resource: "key")
    /// Decrypts what ``seal(_:authenticating:key:)`` made.
    ///
    /// - Throws: `corrupted` where box, associated data or key are not those it was sealed with.
    func open(
        _ box: SealedBox,
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> [UInt8]

    // @Operation(.idempotent, resource: "key")
    /// Signs a message: Ed25519 (64 bytes), or ECDSA P-256 over SHA-256 (DER).
    func sign(_ message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8]

    // @Operation(.idempotent, resource: "algorithm")
    /// Whether a signature of a message is the key's.
    ///
    /// - Parameters:
    ///   - signature: The signature.
    ///   - message: The message.
    ///   - publicKey: The signer's public key, as ``publicKey(of:)`` encodes it.
    ///   - algorithm: ``KeyAlgorithm/ed25519`` or ``KeyAlgorithm/p256``.
    /// - Returns: `false` where the signature is malformed or another's.
    /// - Throws: ``EffectError``, as for every method.
    func isValidSignature(
        _ signature: [UInt8],
        of message: [UInt8],
        publicKey: [UInt8],
        algorithm: KeyAlgorithm
    ) async throws(EffectError) -> Bool

    // @Operation(resource: "key")
    /// Agrees on a key with a peer by X25519 (RFC 7748) and keeps it as a key of ``KeyAlgorithm/hmacSHA256``, to derive
    /// others from.
    func agreeKey(_ key: KeyID, with publicKey: [UInt8]) async throws(EffectError) -> KeyID
}
