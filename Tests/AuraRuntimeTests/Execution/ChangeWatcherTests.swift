internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import AuraRuntime

@Suite("Looking for changes of others")
struct ChangeWatcherTests {
    /// What is looked at, and when it was.
    private struct Looks {
        var version: Int64 = 1
        var moments: [MonotonicInstant] = []
    }

    @Test("looks become rarer while nothing changes, up to the longest wait, and frequent again with a change")
    func backingOff() async throws {
        let time = ManualTimeHandler()
        let watcher = ChangeWatcher()
        let looks = Mutex(Looks())
        let polling = Task {
            await watcher.run(time: time, every: .milliseconds(20), backingOffTo: .milliseconds(160)) {
                looks.withLock { looks in
                    looks.moments.append(time.monotonicNow)
                    return looks.version
                }
            }
        }
        let waiting = Task { try await watcher.firstChange { () throws(EffectError) -> Int? in nil } }
        func pauses(_ count: Int) async throws -> [Duration] {
            let before = looks.withLock { $0.moments.count }
            while looks.withLock({ $0.moments.count }) < before + count {
                try await time.waitForSleepers(1)
                time.advance(by: .milliseconds(20))
            }
            let moments = looks.withLock { $0.moments.suffix(count + 1) }
            return zip(moments, moments.dropFirst()).map { $0.duration(to: $1) }
        }
        try await time.waitForSleepers(1)
        let milliseconds = [20, 40, 80, 160, 160].map { Duration.milliseconds($0) }
        #expect(try await pauses(5) == milliseconds)
        looks.withLock { $0.version = 2 }
        // The change is found at the end of a long wait; what follows is as at the beginning.
        #expect(try await pauses(4) == [.milliseconds(160)] + milliseconds.prefix(3))
        polling.cancel()
        await polling.value
        _ = await waiting.result
    }
}
