internal import Testing

@testable internal import AuraSystem

@Suite("DisciplinedClock")
struct DisciplinedClockTests {
    private static let second: Int64 = 1_000_000_000
    private static let millisecond: Int64 = 1_000_000

    private func correction(_ offset: Int64, distance: Int64 = 5, at moment: Int64 = 0) -> DisciplinedClock.Correction {
        DisciplinedClock.Correction(offset: offset, distance: distance, moment: moment)
    }

    @Test("shows the system's clock without knowing how far off it is, until it is corrected")
    func uncorrected() {
        var clock = DisciplinedClock()
        let (wall, uncertainty) = clock.read(system: 100, monotonic: 7)
        #expect(wall == 100)
        #expect(uncertainty == nil)
    }

    @Test("a great correction forward is made at once, and a system's clock that steps is not heeded then")
    func forward() {
        var clock = DisciplinedClock()
        _ = clock.read(system: 0, monotonic: 0)
        clock.correct(by: correction(90 * Self.second), system: 0, monotonic: 0)
        #expect(clock.read(system: 0, monotonic: 0) == (90 * Self.second, 5))
        for system: Int64 in [-5000, 1, 7000] {
            #expect(clock.read(system: system * Self.second, monotonic: Self.second).wall == 91 * Self.second)
        }
    }

    @Test("a small correction forward is made up for at a tenth of the time, and counts as uncertainty meanwhile")
    func slew() {
        var clock = DisciplinedClock()
        _ = clock.read(system: 0, monotonic: 0)
        clock.correct(by: correction(100 * Self.millisecond), system: 0, monotonic: 0)
        var (wall, uncertainty) = clock.read(system: 0, monotonic: 0)
        #expect(wall == 0)
        #expect(uncertainty == 100 * Self.millisecond + 5)
        (wall, uncertainty) = clock.read(system: 0, monotonic: Self.second / 2)
        #expect(wall == 550 * Self.millisecond)
        #expect(uncertainty == 50 * Self.millisecond + 5 + 7500)
        (wall, uncertainty) = clock.read(system: 0, monotonic: Self.second)
        #expect(wall == 1100 * Self.millisecond)
        #expect(uncertainty == 15_005)
    }

    @Test("a correction backward slows the clock down to nine tenths and never turns it back")
    func backward() {
        var clock = DisciplinedClock()
        _ = clock.read(system: 1000 * Self.second, monotonic: 0)
        clock.correct(by: correction(990 * Self.second), system: 1000 * Self.second, monotonic: 0)
        for seconds in Int64(1)...99 {
            let (wall, uncertainty) = clock.read(system: 0, monotonic: seconds * Self.second)
            #expect(wall == 1000 * Self.second + seconds * Self.second / 10 * 9)
            #expect(uncertainty == 10 * Self.second - seconds * Self.second / 10 + 5 + seconds * 15_000)
        }
        #expect(clock.read(system: 0, monotonic: 101 * Self.second).wall == 1091 * Self.second)
    }

    @Test("without new corrections it grows less certain by 15 ppm")
    func drift() {
        var clock = DisciplinedClock()
        clock.correct(by: correction(90 * Self.second), system: 0, monotonic: 0)
        let day = 86_400 * Self.second
        #expect(clock.read(system: 0, monotonic: day).uncertainty == 5 + day / 1_000_000 * 15)
    }

    @Test("once it is left to the system's clock again it does not go back either")
    func released() {
        var clock = DisciplinedClock()
        _ = clock.read(system: 0, monotonic: 0)
        clock.correct(by: correction(10 * Self.second), system: 0, monotonic: 0)
        #expect(clock.read(system: 0, monotonic: 0).wall == 10 * Self.second)
        clock.correct(by: nil, system: 0, monotonic: 0)
        let (wall, uncertainty) = clock.read(system: Self.second, monotonic: Self.second)
        #expect(wall == 10 * Self.second + Self.second / 10 * 9)
        #expect(uncertainty == nil)
    }

    @Test("never goes back over many random corrections, and the truth lies within its uncertainty")
    func randomCorrections() {
        var generator = SeededGenerator(state: 5)
        var clock = DisciplinedClock()
        var monotonic: Int64 = 0
        var last = Int64.min
        let truth = 1_000_000 * Self.second
        for _ in 0..<20_000 {
            monotonic += Int64.random(in: 0...Self.second, using: &generator)
            let system = monotonic + Int64.random(in: 0...2_000_000, using: &generator) * Self.second
            if Int.random(in: 0..<10, using: &generator) == 0 {
                let error = Int64.random(in: -200...200, using: &generator) * Self.millisecond
                let found = correction(truth + error, distance: abs(error) + 1, at: monotonic)
                clock.correct(by: found, system: system, monotonic: monotonic)
            }
            let (wall, uncertainty) = clock.read(system: system, monotonic: monotonic)
            #expect(wall >= last)
            if let uncertainty { #expect(abs(wall - (monotonic + truth)) <= uncertainty) }
            last = wall
        }
    }
}
