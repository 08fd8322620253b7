internal import Synchronization

/// A value that is set once and waited for by one task.
package final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Value, Never>)
        case resolved(Value)
    }

    private let state = Mutex(State.empty)

    package init() {}

    /// Sets the value; `false` where it was set before.
    @discardableResult
    package func resolve(_ value: Value) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Value, Never>?) in
            switch state {
            case .empty:
                state = .resolved(value)
                return (true, nil)
            case .waiting(let waiter):
                state = .resolved(value)
                return (true, waiter)
            case .resolved:
                return (false, nil)
            }
        }
        waiter?.resume(returning: value)
        return isFirst
    }

    /// Waits for the value, which becomes `cancellationValue` when the task is cancelled first.
    package func value(orWhenCancelled cancellationValue: Value) async -> Value {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resolved = state.withLock { state -> Value? in
                    if case .resolved(let value) = state { return value }
                    state = .waiting(continuation)
                    return nil
                }
                if let resolved { continuation.resume(returning: resolved) }
            }
        } onCancel: {
            resolve(cancellationValue)
        }
    }
}
