#if AWS
@testable internal import AuraAWS
internal import AuraCloud
internal import AuraEffects
internal import Testing

@Suite("AWS's services by their names")
struct AWSCloudTests {
    @Test("objects are those of every provider, and versions are S3's")
    func services() async throws {
        let store = try TestStore(StoreServer.start())
        let bucket = try await store.make()
        let config = CloudConfig().region("us-east-1").endpoint(store.server.endpoint)
            .retryPolicy(.exponential(5)).timeout(.seconds(60))
        let cloud = try await AWSCloud(
            config,
            bucket: bucket.client.address.bucket,
            store.context,
            credentials: store.credentials
        )
        try await cloud.objects.put(ByteStream([1]), to: "a")
        let versions = try await cloud.s3?.versions().versions
        #expect(versions?.map(\.key) == ["a"])
        // It names neither.
        #expect(cloud.dynamoDB == nil && cloud.sqs == nil)
        await cloud.stop()
        await store.close()
    }

    @Test("a region must be known where AWS's own addresses count")
    func region() async throws {
        let store = try TestStore(StoreServer.start())
        let error = await #expect(throws: EffectError.self) {
            _ = try await AWSCloud(CloudConfig().region("no region/"), bucket: "b", store.context)
        }
        #expect(error?.code == .invalidArgument)
        await store.close()
    }
}
#endif
