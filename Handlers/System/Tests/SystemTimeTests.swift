internal import AuraEffects
internal import AuraSystem
internal import Testing

@Suite("SystemTimeHandler")
struct SystemTimeTests {
    private let time = SystemTimeHandler()

    @Test("the wall clock shows the present")
    func wall() {
        // 2025 to 2100.
        #expect((1_735_689_600_000...4_102_444_800_000).contains(time.now.millisecondsSinceEpoch))
        #expect(time.now.uncertainty == nil)
    }

    @Test("neither clock goes back over many readings")
    func monotonic() {
        var lastWall = time.now.nanosecondsSinceEpoch
        var last = time.monotonicNow
        for _ in 0..<10_000 {
            let wall = time.now.nanosecondsSinceEpoch
            let monotonic = time.monotonicNow
            #expect(wall >= lastWall)
            #expect(monotonic >= last)
            (lastWall, last) = (wall, monotonic)
        }
    }

    @Test("both clocks advance by as much as a sleep takes")
    func sleeps() async throws {
        let wall = time.now.nanosecondsSinceEpoch
        let start = time.monotonicNow
        try await time.sleep(until: start.advanced(by: .milliseconds(30)))
        #expect(time.monotonicNow >= start.advanced(by: .milliseconds(30)))
        // The wall clock may be slewed, never by more than a tenth.
        #expect(time.now.nanosecondsSinceEpoch - wall >= 26_000_000)
    }

    @Test("a deadline that is past returns at once")
    func past() async throws {
        let start = time.monotonicNow
        try await time.sleep(until: start)
        try await time.sleep(until: MonotonicInstant(nanoseconds: .min))
        #expect(start.duration(to: time.monotonicNow) < .seconds(30))
    }

    @Test("cancellation ends the longest of sleeps", .timeLimit(.minutes(5)))
    func cancellation() async {
        let task = Task { () async -> EffectError? in
            do throws(EffectError) {
                try await time.sleep(until: MonotonicInstant(nanoseconds: .max))
                return nil
            } catch {
                return error
            }
        }
        try? await time.sleep(for: .milliseconds(20))
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.effect == "time")
        #expect(error?.handler == "system")
    }

    @Test("a task that was cancelled does not sleep, not even until the past")
    func cancelledBefore() async {
        let task = Task { () async -> EffectError.Code? in
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            do throws(EffectError) {
                try await time.sleep(until: MonotonicInstant(nanoseconds: 0))
                return nil
            } catch {
                return error.code
            }
        }
        #expect(await task.value == .cancelled)
    }
}
