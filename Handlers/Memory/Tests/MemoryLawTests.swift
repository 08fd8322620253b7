internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

@Suite("The laws on the memory handlers")
struct MemoryLawTests {
    @Test("journal", arguments: JournalLaw.applicable(to: MemoryJournalHarness()))
    func journal(_ law: JournalLaw) async throws {
        try await law.check(MemoryJournalHarness())
    }

    @Test("storage", arguments: StorageLaw.applicable(to: MemoryStorageHarness()))
    func storage(_ law: StorageLaw) async throws {
        try await law.check(MemoryStorageHarness())
    }
}

struct MemoryJournalHarness: JournalHarness, ClockSteppingHarness {
    private let time = ManualTimeHandler()
    private let random = SystemRandomHandler()

    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func make() async throws -> any JournalEffects {
        MemoryJournalHandler(time: time, random: random)
    }

    func stepWallClock(by duration: Duration) async throws {
        time.jumpWallClock(by: duration)
    }

    func finish() async {}
}

struct MemoryStorageHarness: StorageHarness {
    var capabilities: Capabilities { MemoryStorageHandler.capabilities }

    func make() async throws -> any StorageEffects {
        MemoryStorageHandler()
    }

    func finish() async {}
}
