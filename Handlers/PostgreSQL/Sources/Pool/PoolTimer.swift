#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Waits for a moment that may move meanwhile.
final class PoolTimer: Sendable {
    private let time: any TimeEffects
    private let changes = ChangeSignal()

    init(time: any TimeEffects) {
        self.time = time
    }

    /// Says that the moment has moved.
    func notify() {
        changes.notify()
    }

    /// Calls `fire` each time the moment has come, until cancelled.
    ///
    /// - Parameters:
    ///   - moment: When to fire next; `nil` for not before the moment has moved.
    ///   - fire: What to do then; it moves the moment.
    func run(_ moment: @Sendable () -> MonotonicInstant?, fire: @Sendable () -> Void) async {
        var isRunning = true
        while isRunning {
            let generation = changes.generation
            if let moment = moment() {
                if moment <= time.monotonicNow {
                    fire()
                } else {
                    isRunning = await sleep(until: moment, orChangeBeyond: generation)
                }
            } else {
                isRunning = await change(beyond: generation)
            }
        }
    }

    private func change(beyond generation: UInt64) async -> Bool {
        do throws(EffectError) {
            try await changes.wait(beyond: generation)
            return true
        } catch {
            return false
        }
    }

    /// Waits for whichever comes first; `false` where the task is cancelled.
    private func sleep(until moment: MonotonicInstant, orChangeBeyond generation: UInt64) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.change(beyond: generation) }
            group.addTask { [time] in
                do throws(EffectError) {
                    try await time.sleep(until: moment)
                    return true
                } catch {
                    return false
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}
#endif
