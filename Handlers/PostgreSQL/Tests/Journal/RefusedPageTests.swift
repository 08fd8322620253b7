#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import Testing

@Suite("Reads that the server refuses in part")
struct RefusedPageTests {
    @Test("a page whose first part is refused while the next is under way fails, and the next read works")
    func firstChunk() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        try await server.withJournal(in: schema) { journal in
            _ = try await journal.append((0..<1500).map { draft("\($0)") }, to: "notes")
        }
        // What the handler reads becomes a view, which fails on low positions as long as the gate says so.
        try server.query(
            """
            SET search_path = \(schema);
            CREATE TABLE gate (is_closed boolean);
            INSERT INTO gate VALUES (true);
            CREATE FUNCTION passing(place bigint, payload bytea) RETURNS bytea LANGUAGE plpgsql
            SET search_path = \(schema) AS $$ BEGIN
              IF place <= 500 AND (SELECT is_closed FROM gate) THEN RAISE 'slow' USING ERRCODE = '57014'; END IF;
              RETURN payload;
            END $$;
            ALTER TABLE journal_entries RENAME TO kept_entries;
            CREATE VIEW journal_entries AS SELECT position, stream, revision, origin, sequence, id, timestamp, kind,
              is_compacted, passing(position, payload) AS payload, hash, checksum FROM kept_entries;
            """
        )
        try await server.withJournal(in: schema) { journal in
            for _ in 0..<3 {
                let error = await thrownError { () throws(EffectError) in
                    _ = try await journal.readAll(after: .start, limit: 1400)
                }
                #expect(error?.code == .deadlineExceeded)
                let rest = try await journal.readAll(after: Position(rawValue: 600), limit: 1400)
                #expect(rest.map(\.position.rawValue) == Array(601...1500))
            }
            try server.query("UPDATE \(schema).gate SET is_closed = false")
            let all = try await journal.readAll(after: .start, limit: 1400)
            #expect(all.map(\.position.rawValue) == Array(1...1400))
        }
    }
}
#endif
