public import AuraEffects
internal import Synchronization

/// Wakes tasks that wait for something to change, such as subscribers of a journal.
///
/// A waiter first takes the ``generation``, then looks at the state, then waits for the generation to pass: a change in
/// between is not missed.
public final class ChangeSignal: Sendable {
    private struct State {
        var generation: UInt64 = 0
        var isFinished = false
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Creates a signal.
    public init() {}

    /// How many changes there were.
    public var generation: UInt64 {
        state.withLock { $0.generation }
    }

    /// Says that something changed: wakes every waiter.
    public func notify() {
        let waiters = state.withLock { state in
            state.generation += 1
            defer { state.waiters.removeAll(keepingCapacity: true) }
            return state.waiters
        }
        Self.resume(waiters)
    }

    /// Ends every wait, now and later, with `unavailable`.
    public func finish() {
        let waiters = state.withLock { state in
            state.isFinished = true
            defer { state.waiters.removeAll() }
            return state.waiters
        }
        Self.resume(waiters)
    }

    /// Resumes waiters in the order of their coming.
    private static func resume(_ waiters: [UInt64: CheckedContinuation<Bool, Never>]) {
        for (_, waiter) in waiters.sorted(by: { $0.key < $1.key }) { waiter.resume(returning: true) }
    }

    /// Suspends until there is a change after `generation`.
    ///
    /// - Parameter generation: The generation that the caller has seen.
    /// - Throws: ``EffectError`` with `cancelled` when the task is cancelled, `unavailable` once finished.
    public func wait(beyond generation: UInt64) async throws(EffectError) {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let isChange = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation before this point finds no waiter to resume, so it is looked at here, inside the lock.
                let now: Bool? = state.withLock { state in
                    if state.generation > generation || state.isFinished { return true }
                    if Task.isCancelled { return false }
                    state.waiters[waiter] = continuation
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(returning: false)
        }
        guard isChange else { throw EffectError(.cancelled, "The task was cancelled while it waited for a change.") }
        if state.withLock({ $0.isFinished }) {
            throw EffectError(.unavailable, "The handler was stopped.", isRetryable: false)
        }
    }
}
