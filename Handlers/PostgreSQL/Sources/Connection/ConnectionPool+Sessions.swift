#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

extension ConnectionPool {
    /// Creates a pool of sessions as a configuration wants them.
    ///
    /// - Parameters:
    ///   - configuration: The database, and how long a caller waits and an idle connection is kept.
    ///   - context: Gives executors, time, random source and metrics.
    ///   - maximum: The most connections.
    ///   - name: What metrics call the pool.
    ///   - label: The executors'.
    ///   - errors: Makes the errors of callers that get no connection.
    convenience init<State: PostgreSQLSessionState>(
        _ configuration: PostgreSQLConfiguration,
        _ context: HandlerContext,
        maximum: Int,
        name: String,
        label: String,
        errors: HandlerErrors
    ) where Connection == PostgreSQLSession<State> {
        var pool = PoolConfiguration()
        pool.maximum = maximum
        pool.idleTime = configuration.idleTimeout
        pool.longestWait = configuration.waitTimeout
        let place = configuration.place(errors.effect, "connect")
        self.init(
            pool,
            errors: errors,
            time: context.time,
            random: context.random,
            metrics: context.metrics.pool(name)
        ) { () async throws(EffectError) in
            try await PostgreSQLSession.open(configuration, context, label: label, at: place)
        }
    }

    /// Runs `body`, which only reads, on a session; on another one where the connection turns out to be broken.
    ///
    /// After a restart of the server each idle connection turns out to be broken once.
    ///
    /// - Parameters:
    ///   - place: Where it is read.
    ///   - attempts: How often it is tried again: as many times as there may be connections.
    ///   - body: Reads; a cancellation ends its statement on the server.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, and what ``withConnection(in:deadline:_:)`` throws where there is no connection.
    func reading<State: PostgreSQLSessionState, Value: Sendable>(
        at place: PostgreSQLPlace,
        attempts: Int,
        _ body: @Sendable (State) throws(EffectError) -> Value
    ) async throws(EffectError) -> Value where Connection == PostgreSQLSession<State> {
        // A function and not a closure: it is called where the caller runs.
        func work(_ session: Connection) async throws(EffectError) -> Value {
            try await session.performInterruptibly(at: place, body)
        }
        for _ in 0..<attempts {
            do throws(EffectError) {
                return try await withConnection(in: place.operation, work)
            } catch {
                guard (error.cause as? PostgreSQLFailure)?.isGone == true, !Task.isCancelled else { throw error }
            }
        }
        return try await withConnection(in: place.operation, work)
    }
}

extension PostgreSQLFailure {
    /// Whether the connection is gone, so that another one may do better at once.
    fileprivate var isGone: Bool {
        switch kind {
        case .lost: true
        case .refused(let state): state.errorClass == "57" && breaksConnection
        default: false
        }
    }
}
#endif
