#if AWS
@testable internal import AuraAWS
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Testing

@Suite("DynamoDB and SQS in a profile")
struct TableAndQueueProfileTests {
    private let registry = HandlerRegistry {
        AWSHandlers()
        CurlHandlers()
        SystemHandlers()
    }

    private func profile(_ keyValues: String, _ queue: String, _ more: String) throws -> Profile {
        try Profile(
            yaml: """
                profile: test
                environment: server
                time: { handler: system }
                random: { handler: system }
                http: { handler: curl }
                cloud:
                  keyValues: { handler: dynamodb, \(keyValues), region: us-east-1\(more) }
                  queue: { handler: sqs, \(queue), region: us-east-1\(more) }
                """
        )
    }

    @Test("a table and a queue are used by the profile's HTTP and secrets")
    func use() async throws {
        let services = TestServices.shared()
        let table = try await services.table()
        let queue = try await services.queue(isOrdered: true)
        let more =
            ", endpoint: \"\(services.server.endpoint.text)\", accessKeyID: \(StoreServer.accessKeyID), "
            + "secretAccessKey: \"${secret:STORE_KEY}\""
        let profile = try profile("table: \(table.layout.table)", "queue: \(queue.options.queue)", more)
        let variables = ["STORE_KEY": StoreServer.secretAccessKey]
        try await withAssembled(
            profile,
            registry,
            needs: [.keyValues(.transactions), .queue(.fifo)],
            variables: variables
        ) { effects, _ in
            try await effects.keyValues.put(Item(["n": 1]), to: ItemKey("p", "a"))
            try await effects.queue.send(QueueMessage([1], group: MessageGroup(rawValue: "g")))
        }
        #expect(try await table.get(ItemKey("p", "a"))?.attributes == ["n": 1])
        #expect(try await queue.receive(limit: 1, visibility: .seconds(30)).first?.body == [1])
        await services.close()
    }

    @Test("what a profile declares follows from the queue's name and its dead letters")
    func capabilities() throws {
        let profile = try profile("table: t", "queue: q, deadLetters: d, deliveries: 3", "")
        let assembly = try Assembly(profile, registry, needs: [.queue(.delay)], variables: [:])
        let handler = try #require(assembly.handlers.first { $0.effect == QueueEffect.name })
        let declared = handler.capabilities(under: assembly.resources.budget)
        #expect(declared.contains(.deadLetters) && declared.limit(.deliveries) == 3 && !declared.contains(.fifo))
    }

    @Test(
        "settings that are none are refused before a request",
        arguments: [
            ("table: t, partitionKey: a, sortKey: a", "queue: q", "different names"),
            ("table: t, sortKey: \"aura:x\"", "queue: q", "different names"),
            ("table: t", "queue: q, deliveries: 3", "'deadLetters'"), ("table: \"\"", "queue: q", "name is empty"),
        ]
    )
    func settings(_ keyValues: String, _ queue: String, _ named: String) async throws {
        let profile = try profile(keyValues, queue, "")
        let error = await #expect(throws: EffectError.self) {
            try await withAssembled(profile, registry, variables: [:]) { _, _ in }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(named) == true)
    }
}
#endif
