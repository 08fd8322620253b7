#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension AWSHandlers {
    static let topics = HandlerDeclaration(
        TopicsEffect.self,
        technology: SNSPubSubHandler.technology,
        summary: "The topics of an account's Amazon SNS, with subscriptions by Amazon SQS and by HTTP.",
        settings: AWSSettings.declarations,
        uses: [HTTPEffect.name],
        capabilities: { _, _ in SNSPubSubHandler.capabilities },
        make: { settings, context throws(EffectError) in
            let errors = HandlerErrors(TopicsEffect.self, handler: SNSPubSubHandler.technology)
            let config = try AWSSettings.config(settings, errors)
            let access = try AWSSettings.access(settings, errors)
            let handler = try await SNSPubSubHandler.open(config, access, context)
            return ManagedHandler(handler) { await handler.stop() }
        }
    )
}
#endif
