internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Lets many in at once, or one alone: appends go through side by side, and none while a head is signed.
final class AppendGate: Sendable {
    private struct State {
        var insideCount = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let changes = ChangeSignal()
    private let errors: HandlerErrors

    init(errors: HandlerErrors) {
        self.errors = errors
    }

    /// Goes in; waits while somebody is alone.
    ///
    /// What went in must ``leave()``.
    ///
    /// - Parameter operation: The operation's name, for errors.
    /// - Throws: ``EffectError`` with `cancelled` where the task is cancelled while it waits.
    func enter(in operation: String) async throws(EffectError) {
        try await wait(in: operation) { state in
            if state.isClosed { return false }
            state.insideCount += 1
            return true
        }
    }

    /// Comes out again.
    func leave() {
        let isLast = state.withLock { state in
            state.insideCount -= 1
            return state.isClosed && state.insideCount == 0
        }
        if isLast { changes.notify() }
    }

    /// Lets nobody in any more, and waits until everybody is out; then ``open()`` must follow.
    ///
    /// - Parameter operation: The operation's name, for errors.
    /// - Throws: ``EffectError`` with `cancelled` where the task is cancelled while it waits.
    func close(in operation: String) async throws(EffectError) {
        try await wait(in: operation) { state in
            if state.isClosed { return false }
            state.isClosed = true
            return true
        }
        do throws(EffectError) {
            try await wait(in: operation) { $0.insideCount == 0 }
        } catch {
            open()
            throw error
        }
    }

    /// Lets everybody in again.
    func open() {
        state.withLock { $0.isClosed = false }
        changes.notify()
    }

    private func wait(
        in operation: String,
        until isDone: (inout State) -> Bool
    ) async throws(EffectError) {
        while true {
            let generation = changes.generation
            if state.withLock({ isDone(&$0) }) { return }
            do throws(EffectError) {
                try await changes.wait(beyond: generation)
            } catch {
                throw errors.cancelled(in: operation)
            }
        }
    }
}
