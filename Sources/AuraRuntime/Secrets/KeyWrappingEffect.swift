public import AuraEffects

/// A key that a service keeps for itself, and encrypts others with: what protects a store of keys in the place of a password.
///
/// Errors: `corrupted` for what another key wrapped, for another purpose, or what was changed; `notFound` for a key that is not
/// there, `permissionDenied` where the caller may not use it, and what every request throws.
public protocol KeyWrappingEffects: Sendable {
    /// Encrypts a key: one request.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - purpose: What it is for; who unwraps it says the same. It is no secret.
    /// - Returns: The wrapped key, which is no secret.
    /// - Throws: ``EffectError``.
    func wrap(_ key: Secret<[UInt8]>, for purpose: String) async throws(EffectError) -> [UInt8]

    /// Decrypts a key: one request.
    ///
    /// - Parameters:
    ///   - wrapped: What ``wrap(_:for:)`` returned.
    ///   - purpose: What it is for, as ``wrap(_:for:)`` was told.
    /// - Returns: The key.
    /// - Throws: ``EffectError``.
    func unwrap(_ wrapped: [UInt8], for purpose: String) async throws(EffectError) -> Secret<[UInt8]>
}

/// The key of ``KeyWrappingEffects``.
public enum KeyWrappingEffect: EffectKey {
    /// `keyWrapping`.
    public static let name = "keyWrapping"
    /// A handler that fails by name.
    public static var unimplemented: any KeyWrappingEffects { UnimplementedKeyWrappingEffects() }
}

private struct UnimplementedKeyWrappingEffects: KeyWrappingEffects {
    func wrap(_ key: Secret<[UInt8]>, for purpose: String) async throws(EffectError) -> [UInt8] {
        throw .unimplemented(KeyWrappingEffect.name, "wrap")
    }

    func unwrap(_ wrapped: [UInt8], for purpose: String) async throws(EffectError) -> Secret<[UInt8]> {
        throw .unimplemented(KeyWrappingEffect.name, "unwrap")
    }
}
