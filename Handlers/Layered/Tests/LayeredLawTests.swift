internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import Testing

/// A law on one kind of storage.
struct LayeredCase: Sendable, CustomTestStringConvertible {
    var layer: Layer
    var law: StorageLaw

    var testDescription: String { "\(layer): \(law)" }

    static func cases<Harness: LayeredHarness>(
        _ layers: [Layer],
        _ makeHarness: (Layer) throws -> Harness
    ) throws -> [LayeredCase] {
        var cases: [LayeredCase] = []
        for layer in layers {
            let harness = try makeHarness(layer)
            for law in StorageLaw.applicable(to: harness) { cases.append(LayeredCase(layer: layer, law: law)) }
        }
        return cases
    }
}

@Suite("The laws on layered storage")
struct LayeredLawTests {
    static let shared: [Layer] = [.caching(isExclusive: false), .prefixing, .journal(.keep)]

    @Test("over memory that others use too", arguments: try LayeredCase.cases(shared) { MemoryLayeredHarness($0) })
    func memory(_ entry: LayeredCase) async throws {
        try await entry.law.check(MemoryLayeredHarness(entry.layer))
    }

    @Test(
        "over memory of its own",
        arguments: try LayeredCase.cases([.caching(isExclusive: true)]) { ExclusiveMemoryHarness($0) }
    )
    func exclusiveMemory(_ entry: LayeredCase) async throws {
        try await entry.law.check(ExclusiveMemoryHarness(entry.layer))
    }

    #if SQLite
    static let durable = shared + [.journal(.drop)]

    @Test("over SQLite that others use too", arguments: try LayeredCase.cases(durable) { try FileLayeredHarness($0) })
    func files(_ entry: LayeredCase) async throws {
        try await entry.law.check(FileLayeredHarness(entry.layer))
    }

    @Test(
        "over SQLite of its own",
        arguments: try LayeredCase.cases([.caching(isExclusive: true)]) { try ExclusiveFileHarness($0) }
    )
    func exclusiveFiles(_ entry: LayeredCase) async throws {
        try await entry.law.check(ExclusiveFileHarness(entry.layer))
    }

    @Test("no law is left out but the one of missing transactions")
    func coverage() throws {
        for layer in Self.durable {
            let harness = try FileLayeredHarness(layer)
            #expect(Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: harness) }) == [.lacks(.transactions)])
        }
        let exclusive = try ExclusiveFileHarness(.caching(isExclusive: true))
        #expect(
            Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: exclusive) })
                == [.lacks(.transactions), .ability(.share)]
        )
    }
    #endif
}
