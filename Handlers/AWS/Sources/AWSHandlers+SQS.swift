#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension AWSHandlers {
    static let queue = HandlerDeclaration(
        QueueEffect.self,
        technology: SQSQueueHandler.technology,
        summary: "A queue of Amazon SQS, standard or FIFO.",
        settings: [.required("queue", .string, "The queue's name or URL; one that ends with '.fifo' keeps an order.")]
            + AWSSettings.declarations + [
                .optional("deadLetters", .string, "The name or URL of the queue that the queue's dead letters go to."),
                .optional(
                    "deliveries",
                    .integer(1...1000),
                    "How often a message is delivered before it becomes a dead letter, as the queue's redrive policy says."
                ),
            ],
        uses: [HTTPEffect.name],
        capabilities: { settings, _ in SQSQueueHandler.capabilities(options(settings)) },
        make: { settings, context throws(EffectError) in
            let handler = try await messages(settings, context)
            return ManagedHandler(handler) { await handler.stop() }
        },
        resources: resourcesOfQueue,
        permissions: permissionsOfQueue
    )

    static func messages(
        _ settings: HandlerSettings,
        _ context: HandlerContext
    ) async throws(EffectError) -> SQSQueueHandler {
        let errors = HandlerErrors(QueueEffect.self, handler: SQSQueueHandler.technology)
        let config = try AWSSettings.config(settings, errors)
        let access = try AWSSettings.access(settings, errors)
        return try await SQSQueueHandler.open(options(settings), config, access, context)
    }

    private static func options(_ settings: HandlerSettings) -> SQSOptions {
        SQSOptions(
            queue: settings.string("queue") ?? "",
            deadLetters: settings.string("deadLetters"),
            deliveries: settings.integer("deliveries")
        )
    }
}
#endif
