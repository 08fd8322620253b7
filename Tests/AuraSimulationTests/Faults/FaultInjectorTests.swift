internal import AuraEffects
internal import AuraMemory
internal import AuraSimulation
internal import Synchronization
internal import Testing

@Suite("Fault plans that are carried out", .timeLimit(.minutes(5)))
struct FaultInjectorTests {
    private let time = ManualTimeHandler()

    /// Writes down what is done to it, and when.
    private final class RecordingTarget: FaultTarget {
        private let time: ManualTimeHandler
        private let refused: PlannedFault?
        private let log = Mutex<[String]>([])

        init(_ time: ManualTimeHandler, refusing refused: PlannedFault? = nil) {
            self.time = time
            self.refused = refused
        }

        var steps: [String] { log.withLock { $0 } }

        func apply(_ fault: PlannedFault) async throws {
            if fault == refused { throw CancellationError() }
            record("+", fault)
        }

        func revert(_ fault: PlannedFault) async throws {
            record("-", fault)
        }

        private func record(_ sign: String, _ fault: PlannedFault) {
            let moment = time.monotonicNow.nanoseconds / 1_000_000_000
            log.withLock { $0.append("\(moment) \(sign)\(fault.fault) \(fault.nodes.joined())") }
        }
    }

    private let plan = FaultPlan([
        PlannedFault(at: .seconds(9), on: ["b"], .jump(.seconds(1))),
        PlannedFault(at: .seconds(5), for: .seconds(4), on: ["b"], .crash),
        PlannedFault(at: .seconds(5), for: .seconds(9), on: ["a"], .pause),
        PlannedFault(at: .seconds(9), for: nil, on: ["b"], .diskFull),
        PlannedFault(at: .seconds(9), for: .zero, on: ["a"], .latency(.seconds(1))),
    ])

    @Test("faults begin and end in their time; at one moment they end first, and then begin in the plan's order")
    func order() async throws {
        let target = RecordingTarget(time)
        time.advance(by: .seconds(100))
        let running = Task { [time, plan] in try await FaultInjector.run(plan, on: target, time: time) }
        for _ in 0..<3 {
            try await time.waitForSleepers(1)
            time.advance(to: try #require(time.nextDeadline))
        }
        try await running.value
        #expect(
            target.steps == [
                "105 +pause a", "105 +crash b", "109 -crash b", "109 +disk-full b", "109 +jump 1s b", "114 -pause a",
            ]
        )
    }

    @Test("a plan that is cancelled ends at once, and so does one whose target refuses a fault")
    func endings() async throws {
        let target = RecordingTarget(time)
        let running = Task { [time, plan] in try await FaultInjector.run(plan, on: target, time: time) }
        try await time.waitForSleepers(1)
        time.advance(by: .seconds(5))
        try await time.waitForSleepers(1)
        running.cancel()
        let error = await running.result
        #expect(throws: EffectError.self) { try error.get() }
        #expect(target.steps == ["5 +pause a", "5 +crash b"])

        let refusing = RecordingTarget(time, refusing: PlannedFault(at: .zero, for: .seconds(1), on: ["b"], .kill))
        let plan = FaultPlan([
            PlannedFault(at: .zero, for: .seconds(1), on: ["a"], .kill),
            PlannedFault(at: .zero, for: .seconds(1), on: ["b"], .kill),
        ])
        do {
            try await FaultInjector.run(plan, on: refusing, time: time)
            Issue.record("the target's refusal did not end the plan")
        } catch {
            #expect(error is CancellationError)
        }
        #expect(refusing.steps == ["5 +kill a"])
    }

    @Test("the network's faults are carried out on a network, and end with it as it was")
    func network() async throws {
        let stage = NetworkStage()
        let nodes = ["a", "b", "c"].map { stage.join($0) }
        let target = NetworkFaultTarget(stage.network, nodes: ["a", "b", "c"])
        let fault = { (fault: Fault) in PlannedFault(at: .zero, for: .seconds(60), on: ["a"], fault) }
        var delay = Duration.zero
        func measure(from: Int, to: Int) async throws {
            let sent = stage.now
            try await nodes[from].send(1, to: nodes[to], padding: 96)
            await stage.pass(.seconds(3))
            delay = try #require(stage.arrivals.last).moment - sent
        }

        target.apply(fault(.latency(.seconds(1))))
        target.apply(fault(.slowLink(BytesPerSecond(1000))))
        try await measure(from: 0, to: 1)
        #expect(delay == .milliseconds(1110))
        try await measure(from: 1, to: 2)
        #expect(delay == .milliseconds(10))
        target.revert(fault(.latency(.seconds(1))))
        try await measure(from: 1, to: 0)
        #expect(delay == .milliseconds(110))
        target.revert(fault(.slowLink(BytesPerSecond(1000))))

        target.apply(fault(.disconnect))
        #expect(stage.network.counters.disconnections == 2)
        await stage.pass(.seconds(1))

        target.apply(fault(.partition(.outgoing)))
        await stage.pass(.seconds(6))
        #expect(try await nodes[0].peers() == [])
        #expect(try await nodes[1].peers() == [nodes[2].localPeer])
        target.revert(fault(.partition(.outgoing)))
        try await measure(from: 0, to: 2)
        #expect(delay == .milliseconds(10))
        // Not the network's.
        target.apply(fault(.crash))
        target.revert(fault(.crash))
        #expect(try await nodes[1].peers().count == 2)
    }

    @Test("the clock's faults are carried out on a clock, and end with it as it was")
    func clock() {
        let clock = SimulatedTimeHandler(base: time, drift: 10)
        func ahead() -> Duration {
            .nanoseconds(clock.restarted().now.nanosecondsSinceEpoch - time.now.nanosecondsSinceEpoch)
        }
        clock.apply(.skew(.seconds(-2)))
        clock.apply(.drift(90))
        time.advance(by: .seconds(1000))
        #expect(ahead() == .milliseconds(-1900))
        clock.revert(.drift(90))
        clock.revert(.skew(.seconds(-2)))
        #expect(ahead() == .milliseconds(100))
        clock.apply(.jump(.seconds(7)))
        clock.apply(.pause)
        time.advance(by: .seconds(1000))
        #expect(ahead() == .milliseconds(7110))
    }
}
