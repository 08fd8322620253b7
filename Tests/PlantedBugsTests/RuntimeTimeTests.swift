internal import AuraSimulation
internal import Foundation
internal import Glibc
internal import Testing

/// Clocks, sleeps and random numbers are the simulation's, whichever door they come through.
@Suite("runtime: time and random numbers") struct RuntimeTimeTests {
    private static let start = Date(timeIntervalSince1970: 1_700_000_000)
    private static let plain = SimulationConfiguration(stepCost: .nothing)

    @Test("every clock of the libraries shows virtual time")
    func clocks() async throws {
        let (elapsed, _) = try await probe(seeds: 1..<2, configuration: Self.plain) {
            let (continuous, suspending) = (ContinuousClock.now, SuspendingClock.now)
            let (dispatch, uptime) = (DispatchTime.now(), ProcessInfo.processInfo.systemUptime)
            try await Task.sleep(for: .seconds(60))
            try await Task.sleep(nanoseconds: 30_000_000_000)
            try await Task.sleep(until: .now + .seconds(5), tolerance: .seconds(1), clock: .suspending)
            try await ContinuousClock().sleep(until: .now + .seconds(5))
            return [
                continuous.duration(to: .now), suspending.duration(to: .now),
                .seconds(Date().timeIntervalSince(Self.start)), .seconds(time(nil) - 1_700_000_000),
                .nanoseconds(DispatchTime.now().uptimeNanoseconds - dispatch.uptimeNanoseconds),
                .seconds((ProcessInfo.processInfo.systemUptime - uptime).rounded()),
            ]
        }[0]
        #expect(elapsed == Array(repeating: .seconds(100), count: 6))
    }

    private static func block() {
        Thread.sleep(forTimeInterval: 1000)
        usleep(500_000)
        _ = sleep(2000)
        var request = timespec(tv_sec: 3000, tv_nsec: 500_000_000)
        nanosleep(&request, nil)
        clock_nanosleep(CLOCK_MONOTONIC, 0, &request, nil)
        var moment = timespec()
        clock_gettime(CLOCK_MONOTONIC, &moment)
        moment.tv_sec += 1000
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, nil)
    }

    @Test("a blocking sleep takes virtual time, and none of the test's")
    func blockingSleeps() async throws {
        let real = ContinuousClock.now
        let (elapsed, _) = try await probe(seeds: 1..<2, configuration: Self.plain) {
            let start = ContinuousClock.now
            Self.block()
            return start.duration(to: .now)
        }[0]
        #expect(elapsed == .milliseconds(10_001_500))
        #expect(real.duration(to: .now) < .seconds(60))
    }

    @Test("random numbers of every source follow from the seed")
    func randomNumbers() async throws {
        @Sendable func draw() -> [String] {
            var generator = SystemRandomNumberGenerator()
            return [
                "\(generator.next())", "\(Int.random(in: 0 ... .max))", "\((0..<20).shuffled())", "\(UUID())",
                "\(Double.random(in: 0..<1))", "\(arc4random())", "\(arc4random_uniform(1_000_000_000))",
                "\(Array("abcdefghijklmnopqrstuvwxyz").randomElement() ?? "-")\(UInt64.random(in: 0 ... .max))",
            ]
        }
        let first = try await probe(seeds: 0..<20) { draw() }.map(\.value)
        let second = try await probe(seeds: 0..<20) { draw() }.map(\.value)
        #expect(first == second)
        for place in first[0].indices { #expect(Set(first.map { $0[place] }).count == 20) }
    }

    @Test("a time-out fires while there is work")
    func timeoutDuringWork() async throws {
        var finished: Set<Bool> = []
        for (isFinished, _) in try await probe(
            configuration: .init(stepCost: .upTo(.microseconds(10))),
            {
                await withTaskGroup(of: Bool.self) { group in
                    group.addTask {
                        for _ in 0..<1_000 where !Task.isCancelled { await Task.yield() }
                        return true
                    }
                    group.addTask {
                        try? await Task.sleep(for: .milliseconds(.random(in: 1...10)))
                        return false
                    }
                    defer { group.cancelAll() }
                    return await group.next() ?? false
                }
            }
        ) {
            finished.insert(isFinished)
        }
        #expect(finished == [true, false])
    }
}
