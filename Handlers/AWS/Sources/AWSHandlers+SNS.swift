#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension AWSHandlers {
    static let topics = HandlerDeclaration(
        TopicsEffect.self,
        technology: SNSPubSubHandler.technology,
        summary: "The topics of an account's Amazon SNS, with subscriptions by Amazon SQS and by HTTP.",
        settings: AWSSettings.declarations + [
            .optional("topics", .list, "The topics to make and to allow in policies; by default all of the account."),
            .optional("subscriptions", .list, "The subscriptions to allow in policies; by default all of the account."),
        ],
        uses: [HTTPEffect.name],
        capabilities: { _, _ in SNSPubSubHandler.capabilities },
        make: { settings, context throws(EffectError) in
            let handler = try await publisher(settings, context)
            return ManagedHandler(handler) { await handler.stop() }
        },
        resources: resourcesOfTopics,
        permissions: permissionsOfTopics
    )

    static func publisher(
        _ settings: HandlerSettings,
        _ context: HandlerContext
    ) async throws(EffectError) -> SNSPubSubHandler {
        let errors = HandlerErrors(TopicsEffect.self, handler: SNSPubSubHandler.technology)
        let config = try AWSSettings.config(settings, errors)
        let access = try AWSSettings.access(settings, errors)
        return try await SNSPubSubHandler.open(config, access, context)
    }
}
#endif
