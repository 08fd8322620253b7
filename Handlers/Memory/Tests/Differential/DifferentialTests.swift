internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Differences between handlers")
struct DifferentialTests {
    @Test("the memory storage answers as itself, and the sequences reach many answers")
    func storage() async throws {
        let summary = try await DifferentialTest.storage(
            reference: { MemoryStorageHarness() },
            subject: { MemoryStorageHarness() }
        )
        #expect(summary.sequenceCount == 200)
        #expect(
            Set(summary.answers.keys) == [
                "read", "read: invalidArgument", "write", "write: preconditionFailed", "write: invalidArgument",
                "remove",
                "remove: preconditionFailed", "remove: invalidArgument", "list", "list: invalidArgument", "listAll",
                "transact", "transact: preconditionFailed", "transact: invalidArgument",
            ]
        )
        #expect(summary.answers["write", default: 0] > summary.operationCount / 10)
        #expect(summary.answers["transact", default: 0] > summary.operationCount / 40)
    }

    @Test("the memory journal answers as itself, and the sequences reach many answers")
    func journal() async throws {
        let summary = try await DifferentialTest.journal(
            reference: { MemoryJournalHarness() },
            subject: { MemoryJournalHarness() }
        )
        #expect(summary.sequenceCount == 200)
        #expect(
            Set(summary.answers.keys)
                .isSuperset(of: [
                    "append", "append: preconditionFailed", "append: conflict", "append: invalidArgument",
                    "read", "read: compacted", "read: invalidArgument", "entry", "entry: compacted",
                    "readAll", "readAll: invalidArgument", "subscribe",
                    "saveSnapshot", "saveSnapshot: preconditionFailed", "saveSnapshot: invalidArgument",
                    "latestSnapshot",
                    "compact", "compact: preconditionFailed", "frontier", "entries", "entries: conflict", "verify",
                    "transfer", "transfer: preconditionFailed", "transfer: conflict",
                    "atPeer append", "atPeer saveSnapshot", "atPeer compact",
                ])
        )
        #expect(summary.answers["append", default: 0] > summary.operationCount / 10)
        #expect(summary.answers["transfer", default: 0] > summary.operationCount / 20)
        #expect(summary.answers["compact", default: 0] > summary.operationCount / 100)
    }

    @Test("every flaw of a storage is found and shrunk to a few operations", arguments: FlawedStorage.Flaw.allCases)
    func flawedStorage(_ flaw: FlawedStorage.Flaw) async throws {
        let failure = try await #require(throws: DifferentialFailure<StorageOperation>.self) {
            try await DifferentialTest.storage(
                reference: { MemoryStorageHarness() },
                subject: { FlawedStorageHarness(flaw: flaw) }
            )
        }
        #expect(failure.operations.count <= 3, "\(failure)")
        #expect(failure.index == failure.operations.count - 1)
        #expect(failure.reference != failure.subject)
        let again = try await #require(throws: DifferentialFailure<StorageOperation>.self) {
            try await DifferentialTest.storage(
                replaying: failure.operations,
                reference: { MemoryStorageHarness() },
                subject: { FlawedStorageHarness(flaw: flaw) }
            )
        }
        #expect(again.subject == failure.subject)
        try await DifferentialTest.storage(
            replaying: failure.operations.filter { $0 != .reopen },
            reference: { MemoryStorageHarness() },
            subject: { MemoryStorageHarness() }
        )
    }

    private static let flawsOfAnswers = FlawedJournal.Flaw.allCases.filter { $0 != .hangs }

    @Test("every flaw of a journal is found and shrunk to a few operations", arguments: flawsOfAnswers)
    func flawedJournal(_ flaw: FlawedJournal.Flaw) async throws {
        let failure = try await #require(throws: DifferentialFailure<JournalOperation>.self) {
            try await DifferentialTest.journal(
                reference: { MemoryJournalHarness() },
                subject: { FlawedJournalHarness(flaw: flaw) }
            )
        }
        #expect(failure.operations.count <= 4, "\(failure)")
        #expect(failure.index == failure.operations.count - 1)
        #expect(failure.reference != failure.subject)
        let again = try await #require(throws: DifferentialFailure<JournalOperation>.self) {
            try await DifferentialTest.journal(
                replaying: failure.operations,
                reference: { MemoryJournalHarness() },
                subject: { FlawedJournalHarness(flaw: flaw) }
            )
        }
        #expect(again.subject == failure.subject)
        try await DifferentialTest.journal(
            replaying: failure.operations,
            reference: { MemoryJournalHarness() },
            subject: { MemoryJournalHarness() }
        )
    }

    @Test("a handler that does not answer differs")
    func hanging() async throws {
        let failure = try await #require(throws: DifferentialFailure<JournalOperation>.self) {
            try await DifferentialTest.journal(
                reference: { MemoryJournalHarness() },
                subject: { FlawedJournalHarness(flaw: .hangs) },
                patience: .seconds(10)
            )
        }
        #expect(failure.operations[failure.index] == .verify)
        #expect(failure.subject.contains("did not come to an end"))
    }

    @Test("a seed makes the same sequences and shrinks them the same way")
    func repetition() async throws {
        func failure() async throws -> DifferentialFailure<StorageOperation> {
            try await #require(throws: DifferentialFailure<StorageOperation>.self) {
                try await DifferentialTest.storage(
                    reference: { MemoryStorageHarness() },
                    subject: { FlawedStorageHarness(flaw: .matchesAnything) },
                    seed: 77
                )
            }
        }
        let first = try await failure()
        #expect(try await failure().description == first.description)
    }
}
