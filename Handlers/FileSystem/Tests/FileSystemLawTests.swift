internal import AuraConformance
internal import AuraEffects
internal import AuraFileSystem
internal import Testing

@Suite("The laws on files")
struct FileSystemLawTests {
    @Test("no law is left out but that of a storage without transactions")
    func coverage() throws {
        func unmet(_ harness: FileSystemHarness) -> Set<LawRequirement> {
            Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: harness) })
        }
        #expect(unmet(try FileSystemHarness()) == [.lacks(.transactions)])
        #expect(unmet(try FileSystemHarness(synchronous: .normal)) == [.lacks(.transactions), .capability(.durable)])
    }

    @Test("storage", arguments: StorageLaw.applicable(to: try FileSystemHarness()))
    func storage(_ law: StorageLaw) async throws {
        try await law.check(try FileSystemHarness())
    }

    @Test(
        "storage with a checkpoint every few writes",
        arguments: StorageLaw.applicable(to: try FileSystemHarness()).sampled(every: 2)
    )
    func checkpointing(_ law: StorageLaw) async throws {
        try await law.check(try FileSystemHarness(log: .kibibytes(1)))
    }

    @Test(
        "storage that is not durable",
        arguments: StorageLaw.applicable(to: try FileSystemHarness(synchronous: .normal)).sampled(every: 4)
    )
    func lazy(_ law: StorageLaw) async throws {
        try await law.check(try FileSystemHarness(synchronous: .normal))
    }
}
