#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension AWSHandlers {
    static let functions = HandlerDeclaration(
        FunctionsEffect.self,
        technology: LambdaFunctionHandler.technology,
        summary: "The functions of AWS Lambda.",
        settings: AWSSettings.declarations + [
            .optional("functions", .list, "The functions to allow in policies; by default all of the account."),
            .optional("qualifier", .string, "The version or alias of the functions; by default the latest version."),
        ],
        uses: [HTTPEffect.name],
        capabilities: { _, _ in LambdaFunctionHandler.capabilities },
        make: { settings, context throws(EffectError) in
            let errors = HandlerErrors(FunctionsEffect.self, handler: LambdaFunctionHandler.technology)
            let config = try AWSSettings.config(settings, errors)
            let access = try AWSSettings.access(settings, errors)
            let qualifier = settings.string("qualifier")
            let handler = try await LambdaFunctionHandler.open(qualifier: qualifier, config, access, context)
            return ManagedHandler(handler) { await handler.stop() }
        },
        permissions: permissionsOfFunctions
    )
}
#endif
