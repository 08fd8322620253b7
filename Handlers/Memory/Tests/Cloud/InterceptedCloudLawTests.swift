internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("The laws on a cloud in memory behind an observer and an interceptor")
struct InterceptedCloudLawTests {
    @Test("objects", arguments: ObjectLaw.applicable(to: InterceptedObjectHarness()))
    func objects(_ law: ObjectLaw) async throws {
        try await law.check(InterceptedObjectHarness())
    }

    @Test("key-values", arguments: KeyValueLaw.applicable(to: InterceptedKeyValueHarness()))
    func keyValues(_ law: KeyValueLaw) async throws {
        try await law.check(InterceptedKeyValueHarness())
    }

    @Test("queue", arguments: QueueLaw.applicable(to: InterceptedQueueHarness()))
    func queue(_ law: QueueLaw) async throws {
        try await law.check(InterceptedQueueHarness())
    }
}

final class InterceptedObjectHarness: PresigningHarness, TimePassingHarness {
    private let bare = MemoryObjectHarness()

    var capabilities: Capabilities { bare.capabilities }

    func make() async throws -> any ObjectStorageEffects {
        ObjectsEffect.intercepted(try await bare.make(), by: .passingOn(ObjectsEffect.self))
    }

    var now: WallTime { bare.now }

    func letTimePass(_ duration: Duration) async throws {
        try await bare.letTimePass(duration)
    }

    func fetch(_ address: PresignedURL, from bucket: any ObjectStorageEffects) async throws -> [UInt8]? {
        try await bare.fetch(address, from: base(of: bucket))
    }

    func store(_ bytes: [UInt8], at address: PresignedURL, of bucket: any ObjectStorageEffects) async throws -> Bool {
        try await bare.store(bytes, at: address, of: base(of: bucket))
    }

    func finish() async {
        await bare.finish()
    }

    private func base(of bucket: any ObjectStorageEffects) throws -> any ObjectStorageEffects {
        try #require(bucket as? InterceptedObjectStorageEffects).base
    }
}

final class InterceptedKeyValueHarness: KeyValueHarness, TimePassingHarness {
    private let bare = MemoryKeyValueHarness()

    var capabilities: Capabilities { bare.capabilities }

    func make() async throws -> any KeyValueEffects {
        KeyValuesEffect.intercepted(try await bare.make(), by: .passingOn(KeyValuesEffect.self))
    }

    var now: WallTime { bare.now }

    func letTimePass(_ duration: Duration) async throws {
        try await bare.letTimePass(duration)
    }

    func finish() async {
        await bare.finish()
    }
}

final class InterceptedQueueHarness: QueueHarness, TimePassingHarness {
    private let bare = MemoryQueueHarness()

    var capabilities: Capabilities { bare.capabilities }

    func make() async throws -> any MessageQueueEffects {
        QueueEffect.intercepted(try await bare.make(), by: .passingOn(QueueEffect.self))
    }

    var now: WallTime { bare.now }

    func letTimePass(_ duration: Duration) async throws {
        try await bare.letTimePass(duration)
    }

    func finish() async {
        await bare.finish()
    }
}
