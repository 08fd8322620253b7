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
}
#endif
