#if AWS
internal import AuraCloud
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Foundation
internal import Testing

@testable internal import AuraAWS

@Suite("SNS and Lambda beside AWS's own tools, and by their names")
struct SNSPeerTests {
    @Test("boto3 receives what Aura published, and Aura what boto3 published")
    func topics() async throws {
        let services = TestServices.shared()
        let topics = try await services.topics()
        try await topics.createTopic("a")
        try await topics.subscribe(Subscription("one", to: "a"))
        for body in [Array("by aura é".utf8), [0, 255]] {
            try await topics.publish(TopicMessage(body, attributes: ["a": "b"]), to: "a")
        }
        let region = try await topics.address(for: "test").region
        let said = try PeerProgram(services.server).run("python3", [PeerProgram.script, "topics", "\(region)/a/one"])
        let seen = try JSONDecoder().decode([String: String].self, from: Data(said.utf8))
        #expect(seen.keys.sorted() == ["AP8=", "by aura é"])
        #expect(seen["by aura é"]?.hasPrefix(#"{"a": "b", "aura.id": ""#) == true)
        #expect(seen["AP8="]?.contains(#""aura.encoding": "base64""#) == true)
        let received = try await topics.receive(from: "one", limit: 10, visibility: .seconds(30), wait: .zero)
        #expect(received.map { String(decoding: $0.body, as: UTF8.self) } == ["by boto3 é"])
        #expect(received.first?.attributes == ["a": "7"])
        await topics.stop()
        await services.close()
    }

    @Test("AWS's services by their names publish and call")
    func facade() async throws {
        let services = TestServices.shared()
        let region = CloudRegion(rawValue: "law-\(UUID().uuidString.lowercased())")
        let cloud = try await AWSCloud(
            TestServices.plain.region(region).endpoint(services.server.endpoint),
            bucket: "unused",
            services.context,
            credentials: services.store.credentials
        )
        try await cloud.topics.createTopic("a")
        #expect(try await cloud.sns.attributes(of: "a")["TopicArn"]?.hasSuffix(":a") == true)
        #expect(try await cloud.functions.invoke("echo-facade", [7]) == .returned([7]))
        #expect(try await cloud.lambda.invoke("echo-facade", [7]).answer == .returned([7]))
        await cloud.stop()
        await services.close()
    }

    @Test("topics and functions are used by the profile's HTTP and secrets")
    func profile() async throws {
        let services = TestServices.shared()
        let access =
            "endpoint: \"\(services.server.endpoint.text)\", accessKeyID: \(StoreServer.accessKeyID), "
            + "secretAccessKey: \"${secret:STORE_KEY}\""
        func profile(_ qualifier: String) throws -> Profile {
            try Profile(
                yaml: """
                    profile: test
                    environment: server
                    time: { handler: system }
                    random: { handler: system }
                    http: { handler: curl }
                    cloud:
                      topics: { handler: sns, region: "law-\(UUID().uuidString.lowercased())", \(access) }
                      functions: { handler: lambda, region: us-east-1, qualifier: "\(qualifier)", \(access) }
                    """
            )
        }
        let registry = HandlerRegistry {
            AWSHandlers()
            CurlHandlers()
            SystemHandlers()
        }
        let variables = ["STORE_KEY": StoreServer.secretAccessKey]
        let needs: EffectNeeds = [.topics(.push, .filters), .functions(.invokeAsync)]
        try await withAssembled(profile("live"), registry, needs: needs, variables: variables) { effects, _ in
            try await effects.topics.createTopic("a")
            #expect(try await effects.topics.subscriptions(of: "a") == [])
            #expect(try await effects.functions.invoke("echo-profile", [7]) == .returned([7]))
        }
        let error = await #expect(throws: EffectError.self) {
            try await withAssembled(profile("a b"), registry, variables: variables) { _, _ in }
        }
        #expect(error?.code == .invalidArgument && error?.message.contains("'qualifier'") == true)
    }
}
#endif
