internal import Testing

@testable internal import AuraSystem

@Suite("The filter of a server's answers")
struct NTPFilterTests {
    private static let millisecond: Int64 = 1_000_000

    private func sample(_ offset: Int64, delay: Int64, at second: Int64) -> NTPSample {
        NTPSample(
            offset: offset * Self.millisecond,
            delay: delay * Self.millisecond,
            dispersion: 1000,
            received: second * 1000 * Self.millisecond
        )
    }

    @Test("the answer that was shortest under way counts, the later of two")
    func best() {
        var filter = NTPFilter()
        #expect(filter.best == nil)
        let samples = [sample(4, delay: 30, at: 0), sample(1, delay: 10, at: 2), sample(2, delay: 10, at: 4)]
        for sample in samples {
            let isJump = filter.add(sample)
            #expect(!isJump)
        }
        #expect(filter.best == samples[2])
        #expect(filter.isSettled)
    }

    @Test("of more than eight answers the oldest are forgotten")
    func eight() {
        var filter = NTPFilter()
        _ = filter.add(sample(0, delay: 1, at: 0))
        for second in 1...7 { _ = filter.add(sample(1, delay: 20, at: Int64(second))) }
        #expect(filter.best?.delay == Self.millisecond)
        _ = filter.add(sample(1, delay: 20, at: 8))
        #expect(filter.samples.count == 8)
        #expect(filter.best?.delay == 20 * Self.millisecond)
    }

    @Test("an answer that the delays do not explain is a jump, and forgets the earlier ones")
    func jump() {
        var filter = NTPFilter()
        for second in 0..<4 { _ = filter.add(sample(0, delay: 20, at: Int64(second))) }
        // 20 ms of delays and 10 ms of tolerance explain 29 ms, and not 90 s.
        var isJump = filter.add(sample(29, delay: 20, at: 5))
        #expect(!isJump)
        isJump = filter.add(sample(90_000, delay: 20, at: 6))
        #expect(isJump)
        #expect(filter.samples.count == 1)
        #expect(!filter.isSettled)
    }

    @Test("jitter is the root of the mean square of the differences from the best answer")
    func jitter() {
        var filter = NTPFilter()
        _ = filter.add(sample(0, delay: 1, at: 0))
        #expect(filter.jitter == 1000)
        _ = filter.add(sample(3, delay: 9, at: 1))
        _ = filter.add(sample(-4, delay: 9, at: 2))
        // √((9 + 16) / 2) ms
        #expect(abs(filter.jitter - 3_535_533) <= 1)
    }
}
