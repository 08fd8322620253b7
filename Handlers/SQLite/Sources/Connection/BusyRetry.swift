#if SQLite
internal import AuraEffects

/// Tries calls of SQLite again while another connection is in their way.
///
/// SQLite's own busy handler would hold the thread and could not be cancelled or simulated, so it is not used.
struct BusyRetry: Sendable {
    let time: any TimeEffects
    let random: any RandomEffects
    let timeout: Duration

    private static let firstPause = Duration.microseconds(500)
    private static let longestPause = Duration.milliseconds(20)

    /// Runs `body` until it no longer fails because of `SQLITE_BUSY`.
    ///
    /// - Throws: What `body` throws; that is `unavailable` after the time-out. `cancelled` when the task is cancelled while
    ///   it waits.
    func run<Result>(
        at place: SQLitePlace,
        _ body: () throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let deadline = time.monotonicNow.advanced(by: timeout)
        var pause = Self.firstPause
        while true {
            do throws(EffectError) {
                return try body()
            } catch {
                let isBusy = (error.cause as? SQLiteFailure)?.isBusy ?? false
                guard isBusy, time.monotonicNow < deadline else { throw error }
            }
            // Jitter keeps two waiting processes from meeting again at each attempt.
            let jitter = Double(random.nextUInt64() % 1024) / 1024
            do throws(EffectError) {
                try await time.sleep(for: pause * (0.5 + jitter))
            } catch {
                throw place.error(.cancelled, "The task was cancelled while another process held the lock.")
            }
            pause = min(pause * 2, Self.longestPause)
        }
    }
}
#endif
