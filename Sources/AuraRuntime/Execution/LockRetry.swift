package import AuraEffects

/// Tries a call again while another process or connection holds the lock that it needs.
///
/// A call that waits for the lock itself would hold its thread and could not be cancelled or simulated.
package struct LockRetry: Sendable {
    private let time: any TimeEffects
    private let random: any RandomEffects
    private let timeout: Duration

    private static let firstPause = Duration.microseconds(500)
    private static let longestPause = Duration.milliseconds(20)

    /// Creates a retry.
    ///
    /// - Parameters:
    ///   - time: What the pauses are taken from.
    ///   - random: Varies the pauses.
    ///   - timeout: How long to try.
    package init(time: any TimeEffects, random: any RandomEffects, timeout: Duration) {
        self.time = time
        self.random = random
        self.timeout = timeout
    }

    /// Runs `body` until it no longer fails with an error that `isBusy` recognizes.
    ///
    /// - Throws: What `body` throws; that is the busy error after the time-out. What `cancelled` makes when the task is
    ///   cancelled while it waits.
    package func run<Result>(
        isBusy: (EffectError) -> Bool,
        cancelled: () -> EffectError,
        _ body: () throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let deadline = time.monotonicNow.advanced(by: timeout)
        var pause = Self.firstPause
        while true {
            do throws(EffectError) {
                return try body()
            } catch {
                guard isBusy(error), time.monotonicNow < deadline else { throw error }
            }
            // Jitter keeps two waiting processes from meeting again at each attempt.
            let jitter = Double(random.nextUInt64() % 1024) / 1024
            do throws(EffectError) {
                try await time.sleep(for: pause * (0.5 + jitter))
            } catch {
                throw cancelled()
            }
            pause = min(pause * 2, Self.longestPause)
        }
    }
}
