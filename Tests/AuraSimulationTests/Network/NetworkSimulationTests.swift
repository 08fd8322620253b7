#if os(Linux)
internal import AuraEffects
internal import AuraMemory
internal import AuraSimulation
internal import AuraSystem
internal import Synchronization
internal import Testing

@Suite("The simulated network in a simulation", .timeLimit(.minutes(2)))
struct NetworkSimulationTests {
    private struct Outcome: Equatable, Sendable {
        var answers: [String]
        var counters: NetworkCounters
    }

    @Test("the same seeds give the same answers at the same moments, under faults", arguments: [1, 2, 3] as [UInt64])
    func determinism(_ seed: UInt64) async throws {
        let (first, second) = (try await gossip(seed), try await gossip(seed))
        #expect(first == second)
        #expect(first.answers.count { $0.hasSuffix("answered") } > 200)
        #expect(Set(first.answers.map { $0.split(separator: " ").last }).count > 1, "no request failed")
        #expect(first.counters.disconnections > 0)
        let other = try await gossip(seed + 10)
        #expect(first != other)
    }

    /// Five peers, each of which asks another every 30 seconds for an hour, while a plan's faults come and go.
    private func gossip(_ seed: UInt64) async throws -> Outcome {
        try await Simulation(seed: seed)
            .run {
                let time = SystemTimeHandler()
                let network = SimulatedNetwork(time: time, seed: seed, conditions: .rough)
                let names = ["a", "b", "c", "d", "e"]
                let peers = names.map { network.handler(for: PeerID($0)) }
                let drawn = FaultPlan.drawn(
                    seed: seed,
                    over: .seconds(3000),
                    nodes: names,
                    kinds: try Set(parsing: "network")
                )
                let partition = PlannedFault(at: .seconds(600), for: .seconds(120), on: ["a", "b"], .partition(.both))
                let plan = FaultPlan(drawn.faults + [partition])
                let log = AnswerLog()
                try await withThrowingTaskGroup { group in
                    group.addTask { await network.run() }
                    group.addTask {
                        try await FaultInjector.run(plan, on: NetworkFaultTarget(network, nodes: names), time: time)
                    }
                    for peer in peers { group.addTask { try await Self.answer(peer) } }
                    let asking = peers.indices.map { index in
                        Task { try await Self.ask(peers, index, SplitMix64(state: seed &+ UInt64(index)), time, log) }
                    }
                    for task in asking { try await task.value }
                    group.cancelAll()
                    while let result = await group.nextResult() { _ = result }
                }
                return Outcome(answers: log.lines, counters: network.counters)
            }
    }

    private static func answer(_ peer: SimulatedNetworkHandler) async throws {
        for try await request in peer.incoming("numbers") {
            // The connection may have ended meanwhile.
            _ = await failure { () throws(EffectError) in try await peer.reply(.numbered(1), to: request) }
        }
    }

    private static func ask(
        _ peers: [SimulatedNetworkHandler],
        _ index: Int,
        _ generator: SplitMix64,
        _ time: some TimeEffects,
        _ log: AnswerLog
    ) async throws {
        var generator = generator
        for round in 0..<120 {
            let other = peers[(index + Int.random(in: 1..<5, using: &generator)) % 5].localPeer
            let error = await failure { () throws(EffectError) in
                try await peers[index].request(.numbered(round), to: other, timeout: .seconds(20))
            }
            let result = error.map { "\($0.code)" } ?? "answered"
            log.add("\(time.monotonicNow.nanoseconds) \(peers[index].localPeer) \(result)")
            try await time.sleep(for: .seconds(30))
        }
    }
}

private final class AnswerLog: Sendable {
    private let state = Mutex<[String]>([])

    var lines: [String] { state.withLock { $0 } }

    func add(_ line: String) {
        state.withLock { $0.append(line) }
    }
}
#endif
