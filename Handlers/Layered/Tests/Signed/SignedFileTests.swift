#if OpenSSL && SQLite
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import Testing

@testable internal import AuraLayered

@Suite("Signed journals in files", .timeLimit(.minutes(5)))
struct SignedFileTests {
    private let ground: SQLiteGround
    private let vault = Vault()
    private let time = ManualTimeHandler()

    init() async throws {
        ground = try SQLiteGround()
        _ = try await vault.createKey("device", .ed25519)
    }

    /// Opens a signed journal on a file; its signer waits for the clock that stands still, unless it gets another one.
    private func withJournal(
        _ path: String,
        required: Bool = true,
        time: (any TimeEffects)? = nil,
        _ body: (SignedJournalHandler) async throws -> Void
    ) async throws {
        let managed = try await ground.journal(path)
        var settings = SignedJournalHandler.Settings(key: "device", interval: .milliseconds(1))
        settings.isRequired = required
        let context = vault.context(time: time ?? self.time)
        let journal = try await SignedJournalHandler.open(over: managed.handler, settings, context)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(journal))
        } catch {
            result = .failure(error)
        }
        await journal.close()
        await managed.stop()
        try result.get()
    }

    @Test("what a crash left unsigned is signed after the next opening")
    func crash() async throws {
        let path = ground.newPlace()
        var crashed = path
        try await withJournal(path) { journal in
            try await journal.note(0..<3)
            crashed = try ground.copyAsCrashed(path)
        }
        try await withJournal(path) { journal in
            let signatures = try await journal.everything().signatures
            #expect(signatures == [4])
        }
        try await withJournal(path, time: HandlerContext.system.time) { journal in
            try await Task.sleep(for: .milliseconds(50))
            #expect(try await journal.everything().signatures == [4], "what is signed is not signed again")
        }
        // A copy in another place is not written to before somebody appends: its original may go on.
        try await withJournal(crashed, time: HandlerContext.system.time) { journal in
            try await Task.sleep(for: .milliseconds(50))
            #expect(try await journal.maintenance?.identity().isCopy == true)
            #expect(try await journal.everything().count == 3)
            #expect(try await journal.verify().problems.count == 1)
            let adopted = try #require(try await journal.maintenance?.adopt())
            try await journal.note(3..<4)
            _ = try await journal.entries(beyond: JournalFrontier(), limit: 1)
            let last = try await journal.everything().suffix(2)
            #expect(last.map(\.origin) == [adopted, adopted])
            #expect(Array(last).signatures == [2])
        }
    }

    @Test("a head that was left unsigned in its place is signed without an append")
    func unsignedHead() async throws {
        let path = ground.newPlace()
        let managed = try await ground.journal(path)
        try await managed.handler.note(0..<3)
        await managed.stop()
        try await withJournal(path, time: HandlerContext.system.time) { journal in
            let entry = try await journal.subscribe(after: Position(rawValue: 3)).first { _ in true }
            #expect(entry.map { [$0].signatures } == [4])
            #expect(try await journal.verify().problems == [])
        }
    }

    @Test("two handlers on one file append and sign at once, and leave a signed head")
    func twoHandlers() async throws {
        let path = ground.newPlace()
        try await withJournal(path, time: HandlerContext.system.time) { first in
            try await withJournal(path, time: HandlerContext.system.time) { second in
                let both = [first, second]
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<4 {
                        group.addTask {
                            for number in 0..<40 {
                                let draft = JournalEntry.Draft.note(task * 100 + number)
                                try await both[task % 2].append([draft], to: "notes")
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                for journal in both { _ = try await journal.entries(beyond: JournalFrontier(), limit: 1) }
            }
        }
        try await withJournal(path) { journal in
            let entries = try await journal.everything()
            #expect(entries.count { $0.kind == "note/1" } == 160)
            #expect(entries.map(\.sequence) == (1...UInt64(entries.count)).map { $0 })
            #expect(entries.signatures.last == UInt64(entries.count))
            #expect(try await journal.verify().problems == [])
            #expect(try await journal.everything().count == entries.count, "a signed head is not signed again")
        }
    }

    @Test("a payload that was altered in a copied file is found")
    func alteredFile() async throws {
        let path = ground.newPlace()
        try await withJournal(path) { journal in
            try await journal.note(0..<3)
            #expect(try await journal.verify().problems == [])
        }
        let copy = try ground.copyAsCrashed(path)
        try ground.damage(copy, stream: "notes")
        try await withJournal(copy) { journal in
            let problems = try await journal.verify().problems
            #expect(problems.first?.position == Position(rawValue: 3))
        }
        try await withJournal(path) { journal in
            let problems = try await journal.verify().problems
            #expect(problems == [])
        }
    }
}
#endif
