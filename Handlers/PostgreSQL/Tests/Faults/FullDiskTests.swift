#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("A disk that is full")
struct FullDiskTests {
    @Test("appends fail by name until there is room again, and nothing acknowledged is lost")
    func fullTablespace() async throws {
        let server = try LocalServer(.init(tablespace: "24M"))
        let schema = server.newSchema()
        let journal = try await server.journal(schema)
        let context = HandlerContext.test()
        try await journal.append([context.draft("before")], to: "stream")
        try server.query("ALTER TABLE \(schema).journal_entries SET TABLESPACE small")
        // Large and without repetition, so that it is not compressed away.
        var acknowledged: [AppendingWorkers.Acknowledgement] = []
        var refusal: EffectError?
        for _ in 0..<100 where refusal == nil {
            let draft = JournalEntry.Draft(
                id: EntryID(time: context.time, random: context.random),
                kind: "test.large/1",
                payload: context.random.bytes(1_048_576)
            )
            do {
                let receipt = try await journal.append([draft], to: "stream")
                acknowledged.append(.init(id: draft.id.description, position: receipt.items[0].position.description))
            } catch {
                refusal = error
            }
        }
        #expect(refusal?.code == .resourceExhausted, "\(String(describing: refusal))")
        #expect(refusal?.outcome == .notApplied)
        #expect(refusal?.isRetryable == true)
        #expect(acknowledged.count > 3)
        try server.query("ALTER TABLE \(schema).journal_entries SET TABLESPACE pg_default")
        try await journal.append([context.draft("after")], to: "stream")
        try await expectSurvivors(of: acknowledged, in: journal)
        await journal.close()
    }
}
#endif
