public import AuraEffects
internal import Synchronization

/// Ends the waits of all calls of an effect system that take too long: one task sleeps until the earliest of them.
///
/// The system that its policies belong to owns it: it calls ``run()`` in a task of its own, and ``stop()`` when its handlers
/// have been stopped. Only calls that are not answered at once come here.
public final class PolicyTimer: Sendable {
    /// Why a wait ends.
    package enum Cause: Sendable {
        /// Its time has come.
        case timeIsUp
        /// The timer was stopped.
        case stopped
    }

    private struct State {
        var entries = TimerHeap()
        /// What the sleeping task sleeps until.
        var wakeTime: MonotonicInstant?
        var sleeper: Task<Void, Never>?
        /// Waits for the first entry.
        var idle: CheckedContinuation<Void, Never>?
        var isStopped = false
    }

    private let time: any TimeEffects
    private let state = Mutex(State())

    /// Creates a timer.
    ///
    /// - Parameter time: The clock, which no policy may surround.
    public init(time: any TimeEffects) {
        self.time = time
    }

    /// How many waits are under way.
    package var count: Int { state.withLock { $0.entries.count } }

    /// Calls a function once, when a moment has come or the timer is stopped; at once where that has happened.
    ///
    /// - Returns: What takes it back.
    package func schedule(at deadline: MonotonicInstant, _ wake: @escaping @Sendable (Cause) -> Void) -> TimerEntry {
        let entry = TimerEntry(deadline, wake)
        let (isStopped, idle, sleeper) = state.withLock { state in
            guard !state.isStopped else {
                return (true, CheckedContinuation<Void, Never>?.none, Task<Void, Never>?.none)
            }
            state.entries.insert(entry)
            let idle = state.idle.take()
            guard let wakeTime = state.wakeTime, deadline < wakeTime else { return (false, idle, nil) }
            // Later entries between the two need not wake the sleeper again.
            state.wakeTime = deadline
            return (false, idle, state.sleeper)
        }
        if isStopped { wake(.stopped) }
        idle?.resume()
        sleeper?.cancel()
        return entry
    }

    /// Takes an entry back; does nothing where its function was called.
    package func cancel(_ entry: TimerEntry) {
        state.withLock { $0.entries.remove(entry) }
    }

    // MARK: Running

    /// Wakes what is due, until the timer is stopped or the task is cancelled.
    public func run() async {
        await withTaskCancellationHandler {
            while true {
                let due = state.withLock { $0.entries.removeAll(until: time.monotonicNow) }
                for entry in due { entry.wake(.timeIsUp) }
                guard let next = await next() else { return }
                await sleep(until: next)
            }
        } onCancel: {
            stop()
        }
    }

    /// Ends every wait, now and later, and lets ``run()`` return.
    public func stop() {
        let (entries, idle, sleeper) = state.withLock { state in
            state.isStopped = true
            return (state.entries.removeAll(until: .distantFuture), state.idle.take(), state.sleeper)
        }
        idle?.resume()
        sleeper?.cancel()
        for entry in entries { entry.wake(.stopped) }
    }

    /// Waits until there is something to wait for.
    ///
    /// - Returns: The earliest moment; `nil` once the timer is stopped.
    private func next() async -> MonotonicInstant? {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.isStopped || state.entries.first != nil { return true }
                state.idle = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { $0.isStopped ? nil : $0.entries.first?.deadline ?? .distantFuture }
    }

    private func sleep(until deadline: MonotonicInstant) async {
        // All entries were taken back meanwhile: nothing to sleep for.
        guard deadline < .distantFuture else { return }
        let sleeper = Task { [time] in
            // The only failure is the cancellation by an earlier entry or by the end.
            _ = try? await time.sleep(until: deadline)
        }
        let isCurrent = state.withLock { state in
            if state.isStopped || state.entries.first.map({ $0.deadline < deadline }) ?? false { return false }
            state.wakeTime = deadline
            state.sleeper = sleeper
            return true
        }
        if !isCurrent { sleeper.cancel() }
        await sleeper.value
        state.withLock { state in
            state.wakeTime = nil
            state.sleeper = nil
        }
    }
}

extension MonotonicInstant {
    /// Later than anything that happens: what limits a call that nothing limits.
    static let distantFuture = MonotonicInstant(nanoseconds: .max)
}
