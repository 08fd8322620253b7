#if AWS
internal import AuraConformance
internal import AuraEffects
internal import Testing

@testable internal import AuraAWS

/// The laws by what a store declares, without one that runs.
private struct Declared: ConformanceHarness, TimePassingHarness, PresigningHarness {
    var capabilities: Capabilities { S3ObjectStorageHandler.capabilities(partBytes: 5 << 20) }
    var now: WallTime { WallTime(nanosecondsSinceEpoch: 0) }
    func make() async throws -> any ObjectStorageEffects { ObjectsEffect.unimplemented }
    func letTimePass(_ duration: Duration) async throws {}
    func fetch(_ address: PresignedURL, from bucket: any ObjectStorageEffects) async throws -> [UInt8]? { nil }
    func store(_ bytes: [UInt8], at address: PresignedURL, of bucket: any ObjectStorageEffects) async throws -> Bool {
        false
    }
    func finish() async {}
}

@Suite("The laws of objects on S3", .serialized)
struct S3LawTests {
    @Test("with signed bodies", arguments: ObjectLaw.applicable(to: Declared()))
    func signed(_ law: ObjectLaw) async throws {
        try await law.check(S3Harness())
    }

    @Test("with checksums alone, as over TLS", arguments: ObjectLaw.applicable(to: Declared()).sampled(every: 4))
    func unsigned(_ law: ObjectLaw) async throws {
        try await law.check(S3Harness(signsBodies: false))
    }

    @Test("with the bucket in the host's name", arguments: ObjectLaw.applicable(to: Declared()).sampled(every: 4))
    func virtualHosted(_ law: ObjectLaw) async throws {
        try await law.check(S3Harness(pathStyle: false))
    }

    @Test("only what S3 lacks, or cannot be reached in a test, does not apply to it")
    func coverage() {
        let unmet = Set(ObjectLaw.all.flatMap { $0.unmetRequirements(of: Declared()) })
        #expect(
            unmet == [
                .capability(.arbitraryKeys), .capability(.conditionalRemoval), .capability(.uniqueRevisions),
                .lacks(.presignedURLs), .limit(.objectBytes, atMost: ByteCount.mebibytes(64).bytes),
            ]
        )
    }
}
#endif
