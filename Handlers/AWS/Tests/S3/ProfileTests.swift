#if AWS
@testable internal import AuraAWS
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Testing

@Suite("S3 in a profile")
struct ProfileTests {
    private let registry = HandlerRegistry {
        AWSHandlers()
        CurlHandlers()
        SystemHandlers()
    }

    private func profile(_ objects: String, http: String = "http: { handler: curl }") throws -> Profile {
        try Profile(
            yaml: """
                profile: test
                environment: server
                time: { handler: system }
                random: { handler: system }
                \(http)
                cloud: { objects: { handler: s3, \(objects) } }
                """
        )
    }

    @Test("a bucket is used by the profile's HTTP and secrets")
    func bucket() async throws {
        let store = try TestStore(StoreServer.start())
        let bucket = try await store.make()
        let profile = try profile(
            """
            bucket: \(bucket.client.address.bucket), endpoint: "\(store.server.endpoint.text)", region: us-east-1,
                accessKeyID: \(StoreServer.accessKeyID), secretAccessKey: "${secret:STORE_KEY}", partSize: 5MiB
            """
        )
        let variables = ["STORE_KEY": StoreServer.secretAccessKey]
        try await withAssembled(profile, registry, needs: [.objects(.presignedURLs)], variables: variables) {
            effects,
            _ in
            let revision = try await effects.objects.put(ByteStream([1, 2, 3]), to: "a")
            #expect(try await effects.objects.info("a")?.revision == revision)
        }
        #expect(try await bucket.get("a")?.body.bytes(atMost: 9) == [1, 2, 3])
        await store.close()
    }

    @Test("a profile without HTTP is refused, and says what to add")
    func withoutHTTP() throws {
        let profile = try profile("bucket: b, region: us-east-1", http: "")
        let error = #expect(throws: ProfileErrors.self) { try Assembly(profile, registry, variables: [:]) }
        #expect(error.map { "\($0)" }?.contains("'s3' works with 'http'") == true)
    }

    @Test(
        "settings that contradict each other are refused before a request",
        arguments: [
            ("accessKeyID: A", "secretAccessKey"), ("secretAccessKey: \"${secret:S}\"", "accessKeyID"),
            ("partSize: 1MiB", "partSize"), ("endpoint: nowhere", "endpoint"), ("region: \"a/b\"", "region"),
        ]
    )
    func settings(_ given: String, _ named: String) async throws {
        let region = given.hasPrefix("region") ? "" : ", region: us-east-1"
        let profile = try profile("bucket: b\(region), \(given)")
        let error = await #expect(throws: EffectError.self) {
            try await withAssembled(profile, registry, variables: ["S": "secret"]) { _, _ in }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains(named) == true)
    }

    @Test("what a profile declares is what its handler does")
    func capabilities() async throws {
        let store = try TestStore(StoreServer.start())
        let bucket = try await store.make()
        let assembly = try Assembly(
            profile("bucket: b, region: us-east-1, partSize: 5MiB"),
            registry,
            needs: [.objects(.orderedListing)],
            variables: [:]
        )
        let handler = try #require(assembly.handlers.first { $0.effect == ObjectsEffect.name })
        #expect(handler.capabilities(under: assembly.resources.budget) == bucket.capabilities)
        #expect(!bucket.capabilities.contains(.uniqueRevisions))
        await store.close()
    }
}
#endif
