internal import Testing

@testable internal import AuraSystem

@Suite("When to ask a time server")
struct NTPScheduleTests {
    private static let second: Int64 = 1_000_000_000
    private var schedule = NTPSchedule(NTPSchedule.Intervals(poll: 64 * second), now: 0)

    /// The pauses, in seconds, between questions that are all dealt with in one way.
    private mutating func pauses(_ count: Int, _ deal: (inout NTPSchedule, Int64) -> Void) -> [Int64] {
        (0..<count)
            .map { _ in
                let now = schedule.next
                deal(&schedule, now)
                return (schedule.next - now) / Self.second
            }
    }

    @Test("four questions in a row, then one in each interval")
    mutating func start() {
        #expect(schedule.next == 0)
        #expect(pauses(6) { $0.answered(at: $1, isNews: false) } == [2, 2, 2, 64, 64, 64])
        #expect(schedule.reach == 0b11_1111)
    }

    @Test("a server that is silent is asked less and less often, and in a row once it is back")
    mutating func silence() {
        #expect(pauses(10) { $0.missed(at: $1) } == [2, 2, 2, 64, 128, 256, 512, 1024, 1024, 1024])
        #expect(schedule.reach == 0)
        #expect(pauses(4) { $0.answered(at: $1, isNews: false) } == [2, 2, 2, 64])
    }

    @Test("a server whose clock jumped is asked in a row")
    mutating func jump() {
        _ = pauses(5) { $0.answered(at: $1, isNews: false) }
        #expect(pauses(1) { $0.answered(at: $1, isNews: true) } == [2])
    }

    @Test("a server that is asked too often is asked half as often from then on, and never in a row")
    mutating func slower() {
        #expect(pauses(2) { $0.slowDown(at: $1) } == [128, 256])
        #expect(pauses(2) { $0.answered(at: $1, isNews: true) } == [256, 256])
        #expect(pauses(40) { $0.slowDown(at: $1) }.last == 131_072)
    }
}
