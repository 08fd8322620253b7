public import AuraEffects

/// Secrets that a service keeps: what a profile's `${secret:SERVICE:NAME}` is fetched by.
///
/// Errors: `notFound` for a secret that is not there, `permissionDenied` where the caller may not read it, `invalidArgument`
/// for one that is no text, `unsupported` for a service that the handler does not know, and what every request throws.
public protocol SecretEffects: Sendable {
    /// Fetches a secret anew: one request.
    ///
    /// - Parameter reference: The secret.
    /// - Returns: Its text; nothing of it stands in errors and logs.
    /// - Throws: ``EffectError``.
    func secret(_ reference: SecretReference) async throws(EffectError) -> Secret<String>
}

/// The key of ``SecretEffects``.
public enum SecretsEffect: EffectKey {
    /// `secrets`.
    public static let name = "secrets"
    /// A handler that fails by name.
    public static var unimplemented: any SecretEffects { UnimplementedSecretEffects() }
}

private struct UnimplementedSecretEffects: SecretEffects {
    func secret(_ reference: SecretReference) async throws(EffectError) -> Secret<String> {
        throw .unimplemented(SecretsEffect.name, "secret")
    }
}

extension EffectSystem {
    /// The profile's secrets.
    public var secrets: any SecretEffects {
        get { self[SecretsEffect.self] }
        set { self[SecretsEffect.self] = newValue }
    }
}
