internal import AuraEffects
internal import AuraRuntime

extension MemoryHandlers {
    var cloud: [HandlerDeclaration] { [Self.objects, Self.keyValues, Self.queue, topics, functionRunner] }

    private static let objects = HandlerDeclaration(
        ObjectsEffect.self,
        technology: MemoryObjectStorageHandler.technology,
        summary: "A bucket that lives as long as the process.",
        capabilities: { _, _ in MemoryObjectStorageHandler.capabilities },
        make: { _, context throws(EffectError) in
            ManagedHandler(MemoryObjectStorageHandler(time: context.time, random: context.random))
        }
    )

    private static let keyValues = HandlerDeclaration(
        KeyValuesEffect.self,
        technology: MemoryKeyValueHandler.technology,
        summary: "A table that lives as long as the process.",
        capabilities: { _, _ in MemoryKeyValueHandler.capabilities },
        make: { _, context throws(EffectError) in ManagedHandler(MemoryKeyValueHandler(time: context.time)) }
    )

    private static let queue = HandlerDeclaration(
        QueueEffect.self,
        technology: MemoryQueueHandler.technology,
        summary: "A queue that lives as long as the process.",
        settings: [
            .optional(
                "deliveries",
                .integer(1...1000),
                default: String(MemoryQueueHandler.defaultDeliveries),
                "How often a message is delivered before it becomes a dead letter."
            )
        ],
        capabilities: { settings, _ in MemoryQueueHandler.capabilities(deliveries: deliveries(settings)) },
        make: { settings, context throws(EffectError) in
            let handler = MemoryQueueHandler(time: context.time, deliveries: deliveries(settings))
            return ManagedHandler(handler) { handler.stop() }
        }
    )

    private static func deliveries(_ settings: HandlerSettings) -> Int {
        settings.integer("deliveries") ?? MemoryQueueHandler.defaultDeliveries
    }

    private var topics: HandlerDeclaration {
        HandlerDeclaration(
            TopicsEffect.self,
            technology: MemoryPubSubHandler.technology,
            summary: "Topics that live as long as the process.",
            capabilities: { _, _ in MemoryPubSubHandler.capabilities },
            make: { [pushTargets] _, context throws(EffectError) in
                let handler = MemoryPubSubHandler(time: context.time, targets: pushTargets)
                return ManagedHandler(handler) { await handler.stop() }
            }
        )
    }

    private var functionRunner: HandlerDeclaration {
        HandlerDeclaration(
            FunctionsEffect.self,
            technology: MemoryFunctionHandler.technology,
            summary: "Functions in the same process, which the application registers.",
            capabilities: { _, _ in MemoryFunctionHandler.capabilities },
            make: { [functions] _, _ throws(EffectError) in
                let handler = MemoryFunctionHandler(functions)
                return ManagedHandler(handler) { await handler.stop() }
            }
        )
    }
}
