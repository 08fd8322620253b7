internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import Testing

/// A law of storage over a bucket of a kind.
struct BucketCase: Sendable, CustomTestStringConvertible {
    var kind: BucketKind
    var law: StorageLaw

    var testDescription: String { "\(kind): \(law)" }

    static var all: [BucketCase] {
        BucketKind.allCases.flatMap { kind in
            StorageLaw.applicable(to: ObjectStorageHarness(kind)).map { BucketCase(kind: kind, law: $0) }
        }
    }
}

@Suite("The laws on storage over objects")
struct ObjectStorageLawTests {
    @Test("over each kind of bucket", arguments: BucketCase.all)
    func laws(_ entry: BucketCase) async throws {
        try await entry.law.check(ObjectStorageHarness(entry.kind))
    }

    @Test("no law is left out but those of what objects do not give")
    func coverage() {
        for kind in BucketKind.allCases {
            let unmet = Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: ObjectStorageHarness(kind)) })
            let expected: Set<LawRequirement> = [
                .capability(.transactions), .limit(.transactionMutations, atMost: 100_000), .capability(.durable),
                .ability(.crash),
            ]
            #expect(unmet == expected)
        }
    }
}
