#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("Transactions that the server cannot serialize")
struct SerializationFailureTests {
    private let context = HandlerContext.test()

    /// Makes the server refuse the first insertions into a table as ones that it cannot serialize.
    private func refuse(_ count: Int, insertionsInto table: String, of schema: String) throws {
        // What is rolled back takes nothing back from a sequence.
        try LocalServer.shared.query(
            """
            CREATE SEQUENCE \(schema).attempts;
            CREATE FUNCTION \(schema).refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN
              IF nextval('\(schema).attempts') <= \(count) THEN RAISE EXCEPTION 'not now' USING ERRCODE = '40001'; END IF;
              RETURN NULL;
            END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON \(schema).\(table)
            FOR EACH STATEMENT EXECUTE FUNCTION \(schema).refuse()
            """
        )
    }

    private func attempts(in schema: String) throws -> Int {
        try LocalServer.shared.integer("SELECT last_value FROM \(schema).attempts")
    }

    private func admitAll(into table: String, of schema: String) throws {
        try LocalServer.shared.query("DROP TRIGGER refuse ON \(schema).\(table)")
    }

    private func expectUnavailable(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ call: () async throws(EffectError) -> Void
    ) async {
        let start = ContinuousClock.now
        let error = await thrownError(call)
        #expect(ContinuousClock.now - start < .seconds(30), sourceLocation: sourceLocation)
        #expect(error?.code == .unavailable, "\(String(describing: error))", sourceLocation: sourceLocation)
        #expect(error?.isRetryable == true, sourceLocation: sourceLocation)
        #expect(error?.outcome == .notApplied, sourceLocation: sourceLocation)
    }

    // MARK: The journal

    @Test("an append that is refused so twice is tried again and gets through")
    func append() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let journal = try await server.journal(schema)
        let before = try await journal.append([context.draft("before")], to: "stream")
        try refuse(2, insertionsInto: "journal_entries", of: schema)
        let receipt = try await journal.append([context.draft("refused twice")], to: "stream")
        #expect(receipt.items.map(\.revision) == [Revision(rawValue: 1)])
        #expect(try attempts(in: schema) == 3)
        #expect(try await allEntries(journal).map(\.id) == before.ids + receipt.ids)
        #expect(try await journal.verify().isClean)
        await journal.close()
    }

    @Test("an append that is refused so each time fails in bounded time and leaves nothing")
    func hopelessAppend() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let journal = try await server.journal(schema)
        let before = try await journal.append([context.draft("before")], to: "stream")
        try refuse(.max, insertionsInto: "journal_entries", of: schema)
        let draft = context.draft("refused")
        await expectUnavailable { () async throws(EffectError) in
            try await journal.append([draft], to: "stream")
        }
        #expect(try 2...10 ~= attempts(in: schema))
        #expect(try await allEntries(journal).map(\.id) == before.ids)
        try admitAll(into: "journal_entries", of: schema)
        let receipt = try await journal.append([draft], to: "stream")
        #expect(try await allEntries(journal).map(\.id) == before.ids + receipt.ids)
        #expect(try await journal.verify().isClean)
        await journal.close()
    }

    // MARK: Storage

    @Test(
        "a write that is refused so twice is tried again and gets through",
        arguments: [StoragePrecondition.none, .absent]
    )
    func write(_ precondition: StoragePrecondition) async throws {
        let configuration = try LocalServer.shared.configuration()
        let storage = try await PostgreSQLStorageHandler.open(configuration, context)
        try refuse(2, insertionsInto: "storage_values", of: configuration.schema)
        let revision = try await storage.write([1], to: "key", if: precondition)
        #expect(try attempts(in: configuration.schema) == 3)
        #expect(try await storage.read("key") == StoredValue(bytes: [1], revision: revision))
        await storage.close()
    }

    @Test(
        "a write that is refused so each time fails in bounded time and leaves nothing",
        arguments: [StoragePrecondition.none, .absent]
    )
    func hopelessWrite(_ precondition: StoragePrecondition) async throws {
        let configuration = try LocalServer.shared.configuration()
        let storage = try await PostgreSQLStorageHandler.open(configuration, context)
        try refuse(.max, insertionsInto: "storage_values", of: configuration.schema)
        await expectUnavailable { () async throws(EffectError) in
            _ = try await storage.write([1], to: "key", if: precondition)
        }
        #expect(try 2...100 ~= attempts(in: configuration.schema))
        #expect(try await storage.read("key") == nil)
        try admitAll(into: "storage_values", of: configuration.schema)
        let revision = try await storage.write([2], to: "key", if: precondition)
        #expect(try await storage.read("key") == StoredValue(bytes: [2], revision: revision))
        await storage.close()
    }
}
#endif
