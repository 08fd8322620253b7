#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("A standby")
struct StandbyTests {
    @Test(
        "it is read and subscribed to while its primary is written to, it takes no writes, and the primary goes on without it"
    )
    func reading() async throws {
        let primary = try LocalServer()
        let schema = primary.newSchema()
        let writer = try await primary.journal(schema)
        let context = HandlerContext.test()
        try await writer.append([context.draft("before")], to: "notes")

        let standby = try LocalServer(following: primary, isSynchronous: false)
        let reader = try await standby.journal(schema) { $0.targetSession = .standby }
        try await until("the standby has the first entry") {
            try await reader.readAll(after: .start, limit: 10).count == 1
        }
        var news = reader.subscribe(after: .start).makeAsyncIterator()
        for text in ["after", "and after"] { try await writer.append([context.draft(text)], to: "notes") }
        var heard: [String] = []
        while heard.count < 3, let entry = try await news.next() {
            heard.append(String(decoding: entry.payload ?? [], as: UTF8.self))
        }
        #expect(heard == ["before", "after", "and after"])
        #expect(try await reader.verify().isClean)

        let draft = context.draft("refused")
        let error = await thrownError { () throws(EffectError) in try await reader.append([draft], to: "notes") }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("read-only") == true, "\(String(describing: error))")

        try standby.stop()
        try await writer.append([context.draft("without it")], to: "notes")
        #expect(try await writer.readAll(after: .start, limit: 10).count == 4)
        await reader.close()
        await writer.close()
    }
}
#endif
