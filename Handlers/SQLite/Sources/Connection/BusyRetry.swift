#if SQLite
internal import AuraEffects
internal import AuraRuntime

extension LockRetry {
    /// Runs `body` until it no longer fails because of `SQLITE_BUSY`; SQLite's own busy handler is not used.
    ///
    /// - Throws: What `body` throws; that is `unavailable` after the time-out. `cancelled` when the task is cancelled while
    ///   it waits.
    func run<Result>(
        at place: SQLitePlace,
        _ body: () throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        try await run(
            isBusy: { ($0.cause as? SQLiteFailure)?.isBusy ?? false },
            cancelled: { place.error(.cancelled, "The task was cancelled while another process held the lock.") },
            body
        )
    }
}
#endif
