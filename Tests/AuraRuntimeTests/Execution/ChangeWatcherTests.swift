internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import AuraRuntime

@Suite("Looking for changes of others")
struct ChangeWatcherTests {
    /// What is looked at, and when it was.
    private final class Looks: Sendable {
        private let state = Mutex<(version: Int64, moments: [MonotonicInstant])>((1, []))

        var count: Int { state.withLock { $0.moments.count } }

        func look(at moment: MonotonicInstant) -> Int64 {
            state.withLock { state in
                state.moments.append(moment)
                return state.version
            }
        }

        func change() {
            state.withLock { $0.version += 1 }
        }

        /// The last pauses between looks.
        func pauses(_ count: Int) -> [Duration] {
            let moments = state.withLock { $0.moments.suffix(count + 1) }
            return zip(moments, moments.dropFirst()).map { $0.duration(to: $1) }
        }
    }

    /// Lets time pass until there were so many more looks, and says what lay between them.
    private func pauses(_ count: Int, of looks: Looks, _ time: ManualTimeHandler) async throws -> [Duration] {
        let wanted = looks.count + count
        while looks.count < wanted {
            try await time.waitForSleepers(1)
            time.advance(by: .milliseconds(20))
        }
        return looks.pauses(count)
    }

    @Test("looks become rarer while nothing changes, up to the longest wait, and frequent again with a change")
    func backingOff() async throws {
        let (time, watcher, looks) = (ManualTimeHandler(), ChangeWatcher(), Looks())
        let polling = Task {
            await watcher.run(time: time, every: .milliseconds(20), backingOffTo: .milliseconds(160)) {
                looks.look(at: time.monotonicNow)
            }
        }
        let waiting = Task { try await watcher.firstChange { () throws(EffectError) -> Int? in nil } }
        try await time.waitForSleepers(1)
        let longer = [20, 40, 80, 160, 160].map { Duration.milliseconds($0) }
        #expect(try await pauses(5, of: looks, time) == longer)
        looks.change()
        // The change is found at the end of a long pause; what follows is as at the beginning.
        #expect(try await pauses(4, of: looks, time) == [.milliseconds(160)] + longer.prefix(3))
        polling.cancel()
        await polling.value
        _ = await waiting.result
    }
}
