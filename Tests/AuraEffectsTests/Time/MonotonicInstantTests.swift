internal import AuraEffects
internal import Testing

@Suite("MonotonicInstant")
struct MonotonicInstantTests {
    @Test("moves by durations")
    func advances() {
        let instant = MonotonicInstant(nanoseconds: 10)
        #expect(instant.advanced(by: .nanoseconds(5)) == MonotonicInstant(nanoseconds: 15))
        #expect(instant.duration(to: MonotonicInstant(nanoseconds: 4)) == .nanoseconds(-6))
        #expect(instant < instant.advanced(by: .nanoseconds(1)))
    }

    @Test("stops at its limits instead of overflowing", arguments: [Duration.seconds(Int64.max), .seconds(1 << 33)])
    func limits(duration: Duration) {
        let late = MonotonicInstant(nanoseconds: .max - 1)
        #expect(late.advanced(by: duration) == MonotonicInstant(nanoseconds: .max))
        #expect(MonotonicInstant(nanoseconds: -1).advanced(by: .zero - duration) < late)
        let early = MonotonicInstant(nanoseconds: .min + 1)
        #expect(early.advanced(by: .zero - duration) == MonotonicInstant(nanoseconds: .min))
        #expect(early.duration(to: late) > .seconds(Int64.max / 1_000_000_000))
    }

    @Test("wall time before 1970 has no milliseconds")
    func wallTime() {
        #expect(WallTime(nanosecondsSinceEpoch: -5).millisecondsSinceEpoch == 0)
        #expect(WallTime(nanosecondsSinceEpoch: 1_999_999).millisecondsSinceEpoch == 1)
    }
}
