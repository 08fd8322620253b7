#if SQLite
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Testing

@Suite("Profiles with a journal over key-values")
struct KeyValueJournalProfileTests {
    private let folder: TemporaryFolder
    private let registry = HandlerRegistry {
        MemoryHandlers()
        SQLiteHandlers()
        SystemHandlers()
        LayeredHandlers()
    }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func assembly(_ journal: String) throws -> Assembly {
        let yaml = """
            profile: test
            environment: mobile
            journal: \(journal)
            time: { handler: system }
            random: { handler: system }
            """
        let profile = try Profile(yaml: yaml, file: "test.yaml")
        return try Assembly(profile, registry, needs: [.journal], variables: [:], machine: MachineLimits())
    }

    @Test("what a profile's journal declares before it is made is what it declares then, and its entries stay")
    func declared() async throws {
        let yaml = "{ handler: keyValues, prefix: notes/, over: { handler: sqlite, path: \(folder.path)/a.db } }"
        for round in 0..<2 {
            let assembly = try assembly(yaml)
            let expected = try #require(assembly.handlers.last).capabilities(under: assembly.resources.budget)
            try await assembly.withEffects(logger: HandlerContext.system.logger) { effects, _ in
                #expect(effects.journal.capabilities == expected)
                #expect(expected.contains(.durable) && expected.contains(.multiProcess))
                let draft = JournalEntry.Draft(id: EntryID(effects), kind: "note/1", payload: [1])
                let receipt = try await effects.journal.append([draft], to: "notes")
                #expect(receipt.lastRevision == Revision(rawValue: UInt64(round)))
            }
        }
    }

    @Test("a profile's journal keeps large payloads in the bucket that it names, and is what both are")
    func bucket() async throws {
        let database = "over: { handler: sqlite, path: \(folder.path)/b.db }"
        let bucket = "objects: { handler: memory }"
        let assembly = try assembly("{ handler: keyValues, \(database), \(bucket), largePayload: 1KiB }")
        let expected = try #require(assembly.handlers.last).capabilities(under: assembly.resources.budget)
        let payload = [UInt8](repeating: 1, count: 2000)
        try await assembly.withEffects(logger: HandlerContext.system.logger) { effects, _ in
            #expect(effects.journal.capabilities == expected)
            #expect(!expected.contains(.durable))
            let draft = JournalEntry.Draft(id: EntryID(effects), kind: "note/1", payload: payload)
            try await effects.journal.append([draft], to: "notes")
            let entries = try await effects.journal.readAll(after: .start, limit: 10)
            #expect(entries.map(\.payload) == [payload])
        }
        // The bucket is gone with the process, and the journal says what it held.
        let later = try self.assembly("{ handler: keyValues, \(database), \(bucket) }")
        try await later.withEffects(logger: HandlerContext.system.logger) { effects, _ in
            let error = await #expect(throws: EffectError.self) {
                try await effects.journal.readAll(after: .start, limit: 10)
            }
            #expect(error?.code == .corrupted)
        }
    }
}
#endif
