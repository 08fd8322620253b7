#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
@testable internal import AuraPostgreSQL

/// A session that keeps nothing beside its connection.
final class RawState: PostgreSQLSessionState {
    let connection: PostgreSQLConnection

    init(_ connection: PostgreSQLConnection, _ configuration: PostgreSQLConfiguration) {
        self.connection = connection
    }
}

/// A session to run statements on, and the failure of the last one that was refused.
struct RawSession {
    let session: PostgreSQLSession<RawState>
    private let place = PostgreSQLPlace(effect: "test", operation: "run", database: "database 'test'")

    init(_ configuration: PostgreSQLConfiguration) async throws(EffectError) {
        session = try await PostgreSQLSession.open(configuration, .test(), label: "test", at: place)
    }

    /// Runs `body` on the connection.
    func run<Value: Sendable>(
        _ body: @Sendable (PostgreSQLConnection) throws(PostgreSQLFailure) -> Value
    ) async throws(EffectError) -> Value {
        try await session.perform(at: place) { state throws(EffectError) in
            try place.mapping { () throws(PostgreSQLFailure) in try body(state.connection) }
        }
    }

    /// Runs `body`, which a cancellation ends, on the connection.
    func read<Value: Sendable>(
        _ body: @Sendable (PostgreSQLConnection) throws(PostgreSQLFailure) -> Value
    ) async throws(EffectError) -> Value {
        try await session.performInterruptibly(at: place) { state throws(EffectError) in
            try place.mapping { () throws(PostgreSQLFailure) in try body(state.connection) }
        }
    }

    /// The number that a statement yields.
    func integer(_ sql: String) async throws(EffectError) -> Int64? {
        try await run { connection throws(PostgreSQLFailure) in try connection.run(sql).first?.int64(0) }
    }
}

extension EffectError {
    /// What libpq or the server said.
    var failure: PostgreSQLFailure? { cause as? PostgreSQLFailure }
}
#endif
