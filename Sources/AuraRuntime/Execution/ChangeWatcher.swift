package import AuraEffects
internal import Synchronization

/// Tells subscribers of commits: those of this process at once, those of others by looking at the data while anybody
/// waits.
package final class ChangeWatcher: Sendable {
    private let changes = ChangeSignal()
    private let demand = ChangeSignal()
    private let waiting = Mutex(0)

    package init() {}

    /// Says that there was a commit.
    package func notify() {
        changes.notify()
    }

    /// Ends every wait, and the polling.
    package func finish() {
        changes.finish()
        demand.finish()
    }

    /// Looks with `look` until it finds something, and waits for a change in between.
    package func firstChange<Found>(
        _ look: () async throws(EffectError) -> Found?
    ) async throws(EffectError) -> Found {
        var isWaiting = false
        defer { if isWaiting { waiting.withLock { $0 -= 1 } } }
        while true {
            let generation = changes.generation
            if let found = try await look() { return found }
            if !isWaiting {
                isWaiting = true
                waiting.withLock { $0 += 1 }
                demand.notify()
                // Another process may have committed before the polling began: look once more.
                continue
            }
            try await changes.wait(beyond: generation)
        }
    }

    /// Suspends until anybody has begun to wait.
    package func waitForDemand() async throws(EffectError) {
        let generation = demand.generation
        if generation == 0 { try await demand.wait(beyond: generation) }
    }

    private func seen(_ version: () async throws(EffectError) -> Int64) async throws(EffectError) -> Int64? {
        do throws(EffectError) {
            return try await version()
        } catch {
            if error.code == .cancelled { throw error }
            return nil
        }
    }

    /// Polls while anybody waits, until cancelled or finished.
    ///
    /// - Parameters:
    ///   - time: Waits between two looks.
    ///   - interval: How long.
    ///   - longest: How long the wait becomes while nothing changes; by default it stays the same.
    ///   - version: A number that changes with every commit of another connection.
    package func run(
        time: any TimeEffects,
        every interval: Duration,
        backingOffTo longest: Duration? = nil,
        version: () async throws(EffectError) -> Int64
    ) async {
        var last: Int64?
        var pause = interval
        do throws(EffectError) {
            while true {
                let generation = demand.generation
                guard waiting.withLock({ $0 > 0 }) else {
                    try await demand.wait(beyond: generation)
                    continue
                }
                // Where the look fails, the subscribers look themselves and see why. The first look always tells them: another
                // process may have committed since they looked.
                let current = try await seen(version)
                let isChanged = current == nil || last != current
                if isChanged { changes.notify() }
                last = current
                pause = isChanged ? interval : max(interval, min(pause * 2, longest ?? interval))
                try await time.sleep(for: pause)
            }
        } catch {
            // Cancelled or stopped: there is nobody left to tell.
            changes.finish()
        }
    }
}
