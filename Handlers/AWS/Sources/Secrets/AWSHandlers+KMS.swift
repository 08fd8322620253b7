#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension AWSHandlers {
    static let keyWrapping = HandlerDeclaration(
        KeyWrappingEffect.self,
        technology: KMSKeyWrapping.technology,
        summary: "A key of AWS KMS, which wraps others and never leaves it.",
        settings: [.required("key", .string, "The key's ARN, id or alias, such as 'alias/notes'.")]
            + AWSSettings.declarations,
        uses: [HTTPEffect.name],
        capabilities: { _, _ in Capabilities() },
        make: { settings, context throws(EffectError) in
            let errors = HandlerErrors(KeyWrappingEffect.self, handler: KMSKeyWrapping.technology)
            let config = try AWSSettings.config(settings, errors)
            let access = try AWSSettings.access(settings, errors)
            let secrets = try await AWSSecrets(config, access, context)
            return ManagedHandler(KMSKeyWrapping(secrets: secrets, key: settings.string("key") ?? "")) {
                await secrets.stop()
            }
        },
        permissions: HandlerPermissions { (settings: HandlerSettings, request: PermissionRequest) in
            let key = settings.string("key") ?? ""
            // Policies know keys by their ids alone: an alias may be any of the account's.
            let name = key.hasPrefix("alias/") ? "key/*" : "key/\(key)"
            let resource = key.hasPrefix("arn:") ? key : AWSResource(settings, request).arn(name, of: "kms")
            return ["kms:Decrypt", "kms:Encrypt"].map { ServicePermission($0, on: resource) }
        }
    )
}

/// A key of KMS that wraps others.
struct KMSKeyWrapping: KeyWrappingEffects {
    static let technology = "kms"

    let secrets: AWSSecrets
    let key: String

    func wrap(_ key: Secret<[UInt8]>, for purpose: String) async throws(EffectError) -> [UInt8] {
        try await secrets.wrap(key, by: self.key, purpose: ["aura": purpose])
    }

    func unwrap(_ wrapped: [UInt8], for purpose: String) async throws(EffectError) -> Secret<[UInt8]> {
        try await secrets.unwrap(wrapped, by: key, purpose: ["aura": purpose])
    }
}
#endif
