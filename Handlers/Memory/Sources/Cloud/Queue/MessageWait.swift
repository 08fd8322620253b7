package import AuraEffects
package import AuraRuntime

/// Waits for messages to come, or to be visible again.
package struct MessageWait: Sendable {
    let time: any TimeEffects
    let changes: ChangeSignal
    let errors: HandlerErrors

    /// Creates a wait.
    ///
    /// - Parameters:
    ///   - time: The clock.
    ///   - changes: What wakes it.
    ///   - errors: Makes the handler's errors.
    package init(time: any TimeEffects, changes: ChangeSignal, errors: HandlerErrors) {
        self.time = time
        self.changes = changes
        self.errors = errors
    }

    /// Takes messages, and waits while there are none.
    ///
    /// - Parameters:
    ///   - wait: How long to wait.
    ///   - operation: The operation's name.
    ///   - take: Takes messages; where there are none it says when one that is hidden now is not any more.
    /// - Returns: The messages; none where there was none in time.
    /// - Throws: ``EffectError`` with `cancelled`, or `unavailable` once the handler is stopped.
    package func messages(
        within wait: Duration,
        in operation: String,
        take: (MonotonicInstant) throws(EffectError) -> (messages: [ReceivedMessage], nextVisible: MonotonicInstant?)
    ) async throws(EffectError) -> [ReceivedMessage] {
        let end = time.monotonicNow.advanced(by: wait)
        while true {
            let generation = changes.generation
            let now = time.monotonicNow
            let taken = try take(now)
            if !taken.messages.isEmpty || now >= end { return taken.messages }
            do throws(EffectError) {
                try await waitForChange(beyond: generation, until: min(end, taken.nextVisible ?? end))
            } catch {
                throw error.code == .cancelled ? errors.cancelled(in: operation) : errors.stopped(in: operation)
            }
        }
    }

    /// Suspends until something changes, or a moment comes.
    func waitForChange(
        beyond generation: UInt64,
        until deadline: MonotonicInstant
    ) async throws(EffectError) {
        let time = time
        let changes = changes
        let result = await withTaskGroup(of: Result<Void, EffectError>.self) { group in
            group.addTask {
                do throws(EffectError) {
                    return .success(try await time.sleep(until: deadline))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                do throws(EffectError) {
                    return .success(try await changes.wait(beyond: generation))
                } catch {
                    return .failure(error)
                }
            }
            let first = await group.next() ?? .success(())
            group.cancelAll()
            return first
        }
        try result.get()
    }
}
