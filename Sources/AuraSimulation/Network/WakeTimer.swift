internal import AuraEffects
internal import Synchronization

/// Calls a function at the moments that it is asked for.
///
/// A moment needs a task that sleeps until it only where no other wakes before. So few tasks do for any number of
/// moments, no sleep is ever cut short, and where nothing is asked for none sleeps.
final class WakeTimer: Sendable {
    private struct State {
        /// What the tasks sleep until, the earliest last.
        var wakes: [MonotonicInstant] = []
        /// Tasks that have nothing to sleep for.
        var idle: [CheckedContinuation<MonotonicInstant?, Never>] = []
        /// The moments that new tasks are to sleep until.
        var wanted: [MonotonicInstant] = []
        /// Waits for a moment that needs a new task.
        var starter: CheckedContinuation<Void, Never>?
        var isStopped = false

        /// Whether no task wakes at a moment or before.
        func isUncovered(_ moment: MonotonicInstant) -> Bool {
            guard let earliest = wakes.last else { return true }
            return moment < earliest
        }
    }

    private let time: any TimeEffects
    private let state = Mutex(State())

    init(time: any TimeEffects) {
        self.time = time
    }

    /// Sees to it that the function is called at a moment, or as soon as it runs where that is past.
    func wake(at moment: MonotonicInstant) {
        let (sleeper, starter) = state.withLock { state in
            var waiting: (CheckedContinuation<MonotonicInstant?, Never>?, CheckedContinuation<Void, Never>?)
            guard state.isUncovered(moment) else { return waiting }
            state.wakes.append(moment)
            waiting.0 = state.idle.popLast()
            if waiting.0 == nil {
                state.wanted.append(moment)
                waiting.1 = state.starter.take()
            }
            return waiting
        }
        sleeper?.resume(returning: moment)
        starter?.resume()
    }

    /// Calls a function at every moment that was asked for, until the task is cancelled.
    ///
    /// - Parameter ring: Returns the next moment that it is to be called at.
    func run(_ ring: @escaping @Sendable (_ now: MonotonicInstant) -> MonotonicInstant?) async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                while let moment = await nextWanted() {
                    group.addTask { await self.sleep(from: moment, ring) }
                }
                group.cancelAll()
            }
        } onCancel: {
            stop()
        }
    }

    private func sleep(
        from first: MonotonicInstant,
        _ ring: @Sendable (_ now: MonotonicInstant) -> MonotonicInstant?
    ) async {
        var deadline: MonotonicInstant? = first
        while let moment = deadline {
            do throws(EffectError) {
                try await time.sleep(until: moment)
            } catch {
                // The only failure is the cancellation by the end.
                return
            }
            // Not asleep any more: what is asked for from now on needs a task of its own.
            state.withLock { state in state.wakes.removeAll { $0 == moment } }
            deadline = ring(time.monotonicNow)
            if let next = deadline {
                let isNeeded = state.withLock { state in
                    guard state.isUncovered(next) else { return false }
                    state.wakes.append(next)
                    return true
                }
                if isNeeded { continue }
            }
            deadline = await nextAssignment()
        }
    }

    private func nextAssignment() async -> MonotonicInstant? {
        await withCheckedContinuation { continuation in
            let isStopped = state.withLock { state in
                if !state.isStopped { state.idle.append(continuation) }
                return state.isStopped
            }
            if isStopped { continuation.resume(returning: nil) }
        }
    }

    private func nextWanted() async -> MonotonicInstant? {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.isStopped || !state.wanted.isEmpty { return true }
                state.starter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { $0.isStopped ? nil : $0.wanted.removeFirst() }
    }

    private func stop() {
        let (idle, starter) = state.withLock { state in
            state.isStopped = true
            let idle = state.idle
            state.idle = []
            return (idle, state.starter.take())
        }
        for sleeper in idle { sleeper.resume(returning: nil) }
        starter?.resume()
    }
}
