#if PostgreSQL
internal import Logging

/// What makes a receipt mean "synced".
extension PostgreSQLConnection {
    /// Has this session's commits wait for their sync, whatever the server or the role does by default.
    func requireSyncedCommits() throws(PostgreSQLFailure) {
        _ = try run(
            """
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
            """
        )
    }

    /// Warns of a server that syncs nothing.
    func warnWhereNothingIsSynced(_ logger: Logger, _ configuration: PostgreSQLConfiguration) throws(PostgreSQLFailure)
    {
        if try run("SELECT current_setting('fsync') = 'on'").first?.bool(0) == true { return }
        logger.warning(
            """
            \(configuration.displayName): the server runs with 'fsync' off; when its machine fails, what was acknowledged \
            may be lost. Turn it on.
            """
        )
    }
}
#endif
