#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Buckets, tables, queues and topics, which `aura cloud setup` looks for and makes.
extension AWSHandlers {
    static let resourcesOfObjects = ServiceResources(
        status: { settings, context throws(EffectError) in
            try await withBucket(settings, context) { (bucket, _) async throws(EffectError) in
                [try await bucket.bucketStatus()]
            }
        },
        create: { settings, context throws(EffectError) in
            try await withBucket(settings, context) { (bucket, region) async throws(EffectError) in
                [try await bucket.createBucket(in: region)]
            }
        }
    )

    static let resourcesOfKeyValues = ServiceResources(
        status: { settings, context throws(EffectError) in
            try await withTable(settings, context) { (table) async throws(EffectError) in
                try await table.tableStatus()
            }
        },
        create: { settings, context throws(EffectError) in
            try await withTable(settings, context) { (table) async throws(EffectError) in
                try await table.createTable()
            }
        }
    )

    static let resourcesOfQueue = ServiceResources(
        status: { settings, context throws(EffectError) in
            try await withQueue(settings, context) { (queue) async throws(EffectError) in
                try await queue.queueStatus()
            }
        },
        create: { settings, context throws(EffectError) in
            try await withQueue(settings, context) { (queue) async throws(EffectError) in
                try await queue.createQueues()
            }
        }
    )

    static let resourcesOfTopics = ServiceResources(
        status: { settings, context throws(EffectError) in
            try await withTopics(settings, context) { (handler, topics) async throws(EffectError) in
                try await handler.status(of: topics)
            }
        },
        create: { settings, context throws(EffectError) in
            try await withTopics(settings, context) { (handler, topics) async throws(EffectError) in
                let before = try await handler.status(of: topics)
                for topic in before where !topic.exists {
                    try await handler.createTopic(TopicName(rawValue: topic.name))
                }
                return before
            }
        }
    )

    private static func withBucket(
        _ settings: HandlerSettings,
        _ context: HandlerContext,
        _ body: (S3ObjectStorageHandler, _ region: String) async throws(EffectError) -> [ServiceResource]
    ) async throws(EffectError) -> [ServiceResource] {
        let errors = HandlerErrors(ObjectsEffect.self, handler: S3ObjectStorageHandler.technology)
        let (config, access) = (try AWSSettings.config(settings, errors), try AWSSettings.access(settings, errors))
        let region = try await AWSConnection.open("s3", config, access, errors, context).region
        let bucket = try await bucket(settings, context)
        return try await stopping(bucket.stop) { () async throws(EffectError) in try await body(bucket, region) }
    }

    private static func withTable(
        _ settings: HandlerSettings,
        _ context: HandlerContext,
        _ body: (DynamoDBKeyValueHandler) async throws(EffectError) -> [ServiceResource]
    ) async throws(EffectError) -> [ServiceResource] {
        let table = try await table(settings, context)
        return try await stopping(table.stop) { () async throws(EffectError) in try await body(table) }
    }

    private static func withQueue(
        _ settings: HandlerSettings,
        _ context: HandlerContext,
        _ body: (SQSQueueHandler) async throws(EffectError) -> [ServiceResource]
    ) async throws(EffectError) -> [ServiceResource] {
        let queue = try await messages(settings, context)
        return try await stopping(queue.stop) { () async throws(EffectError) in try await body(queue) }
    }

    private static func withTopics(
        _ settings: HandlerSettings,
        _ context: HandlerContext,
        _ body: (SNSPubSubHandler, _ topics: [TopicName]) async throws(EffectError) -> [ServiceResource]
    ) async throws(EffectError) -> [ServiceResource] {
        let topics = (settings.list("topics") ?? []).map { TopicName(rawValue: $0) }
        let handler = try await publisher(settings, context)
        return try await stopping(handler.stop) { () async throws(EffectError) in try await body(handler, topics) }
    }

    private static func stopping(
        _ stop: () async -> Void,
        _ body: () async throws(EffectError) -> [ServiceResource]
    ) async throws(EffectError) -> [ServiceResource] {
        do throws(EffectError) {
            let found = try await body()
            await stop()
            return found
        } catch {
            await stop()
            throw error
        }
    }
}
#endif
