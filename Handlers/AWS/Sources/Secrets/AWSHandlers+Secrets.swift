#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension AWSHandlers {
    static let secrets = HandlerDeclaration(
        SecretsEffect.self,
        technology: AWSSecretHandler.technology,
        summary: "Secrets of AWS Secrets Manager, 'secretsmanager:NAME', and of the Parameter Store, 'ssm:NAME'.",
        settings: AWSSettings.declarations,
        uses: [HTTPEffect.name],
        capabilities: { _, _ in Capabilities() },
        make: { settings, context throws(EffectError) in
            let config = try AWSSettings.config(settings, AWSSecretHandler.errors)
            let access = try AWSSettings.access(settings, AWSSecretHandler.errors)
            let secrets = try await AWSSecrets(config, access, context)
            return ManagedHandler(AWSSecretHandler(secrets: secrets)) { await secrets.stop() }
        },
        permissions: permissionsOfSecrets
    )
}

/// The secrets that profiles name by one of AWS's services.
struct AWSSecretHandler: SecretEffects {
    static let technology = "aws"
    static let errors = HandlerErrors(SecretsEffect.self, handler: technology)

    let secrets: AWSSecrets

    func secret(_ reference: SecretReference) async throws(EffectError) -> Secret<String> {
        switch reference.service {
        case "secretsmanager":
            let bytes = try await secrets.secret(reference.name)
            guard let text = bytes.withExposedValue({ String(validating: $0, as: UTF8.self) }) else {
                let message = "The secret is bytes and no text: store it as text, or read it by 'AWSSecrets'."
                throw Self.errors.error(.invalidArgument, in: "secret", message)
            }
            return Secret(text)
        case "ssm": return try await secrets.parameter(reference.name)
        default:
            let message = "'\(reference.service)' is none of 'secretsmanager' and 'ssm'."
            throw Self.errors.error(.unsupported, in: "secret", message)
        }
    }
}
#endif
