#if PostgreSQL
internal import AuraEffects
@testable internal import AuraPostgreSQL
internal import Testing

@Suite("What fails only at the commit")
struct CommitFailureTests {
    @Test("a constraint that is checked at the commit refuses the batch and leaves the connection usable")
    func deferredConstraint() async throws {
        let session = try await RawSession(LocalServer.shared.configuration(schema: "public"))
        let failure = try await session.run { connection throws(PostgreSQLFailure) in
            _ = try connection.run("CREATE TEMPORARY TABLE once (value integer UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            do throws(PostgreSQLFailure) {
                var batch = PostgreSQLBatch()
                batch.add("INSERT INTO once VALUES (1), (1)")
                try connection.send(batch)
                try connection.send(PostgreSQLBatch(selecting: 7))
                _ = try connection.receive()
                return PostgreSQLFailure?.none
            } catch {
                // The batch behind it is not touched by it.
                let answer = try connection.receive()[0].first?.int32(0)
                guard answer == 7 else { throw PostgreSQLFailure(kind: .unexpectedAnswer, text: "\(answer ?? 0)") }
                return error
            }
        }
        #expect(failure?.kind == .refused(.uniqueViolation))
        #expect(try await session.integer("SELECT count(*) FROM once") == 0)
        await session.session.close()
    }
}

extension PostgreSQLBatch {
    fileprivate init(selecting number: Int) {
        self.init()
        add("SELECT \(number)")
    }
}
#endif
