internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import AuraSimulation
internal import Testing

private struct Wrong: Error {
    var message: String
}

@Suite("A journal over simulated key-values")
struct KeyValueJournalFaultTests {
    private static let yaml = """
        profile: node
        environment: embedded
        journal: { handler: keyValues, patience: 2s, over: { handler: simulated } }
        time:    { handler: system }
        random:  { handler: system }
        """

    private static let appendsPerNode = 15
    private static let trouble = "a call went wrong"

    /// Appends one entry under one id, until a receipt says that it is there.
    private static func append(_ number: Int, to stream: StreamName, _ effects: EffectSystem) async throws(EffectError)
    {
        let draft = JournalEntry.Draft(id: EntryID(effects), kind: "note/1", payload: [UInt8(number)])
        while true {
            do throws(EffectError) {
                try await effects.journal.append([draft], to: stream)
                return
            } catch {
                guard error.isRetryable || error.outcome == .unknown else { throw error }
                try await effects.time.sleep(for: .milliseconds(50))
            }
        }
    }

    private static func run(
        _ seed: UInt64,
        _ plan: String,
        counting trouble: any KeyPath<CloudCounters, Int> & Sendable
    ) async throws {
        let program = NodeProgram(profile: try Profile(yaml: yaml), handlers: HandlerRegistry { LayeredHandlers() })
        let faults = try FaultPlan(parsing: plan)
        try await withWorld(seed: seed) { world in
            let nodes = [try await world.addNode("a", program), try await world.addNode("b", program)]
            let injecting = Task { try await FaultInjector.run(faults, on: world, time: world.time) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, node) in nodes.enumerated() {
                    for task in 0..<3 {
                        group.addTask {
                            for number in 0..<appendsPerNode / 3 {
                                try await node.perform {
                                    try await append(number, to: StreamName("node \(index) task \(task)"), $0)
                                }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            injecting.cancel()
            _ = await injecting.result
            world.cloud.heal()
            for node in nodes {
                let entries = try await node.perform { try await $0.journal.readAll(after: .start, limit: 1000) }
                let report = try await node.perform { try await $0.journal.verify() }
                guard entries.count == 2 * appendsPerNode, Set(entries.map(\.id)).count == entries.count else {
                    throw Wrong(message: "\(entries.count) entries, of \(2 * appendsPerNode) that were appended")
                }
                guard report.problems.isEmpty else { throw Wrong(message: "\(report.problems)") }
                // Each task waited for a receipt before it appended the next.
                for stream in Set(entries.map(\.stream)) {
                    let payloads = entries.filter { $0.stream == stream }.map(\.payload)
                    let expected = (0..<appendsPerNode / 3).map { [UInt8($0)] as [UInt8]? }
                    guard payloads == expected else { throw Wrong(message: "\(stream): \(payloads)") }
                }
            }
            Simulation.sometimes(world.cloud.counters[keyPath: trouble] > 0, Self.trouble)
        }
    }

    private static func sweep(_ plan: String, counting trouble: any KeyPath<CloudCounters, Int> & Sendable) async {
        let report = await SeedSweep(seeds: 0..<10).run { seed in try await run(seed, plan, counting: trouble) }
        #expect(report.isClean, "\(report.explanation(replayedBy: nil))")
        // Where nobody says what was reached, nothing is left unreached either.
        #expect(report.reached[Self.trouble, default: 0] == 10)
    }

    @Test("appends of two nodes are there once and in order where answers get lost")
    func lostAnswers() async {
        await Self.sweep("at 0s for 1h on a,b: lost-answers 0.2", counting: \.lostAnswers)
    }

    @Test("appends of two nodes are there once and in order where calls are throttled")
    func throttled() async {
        await Self.sweep("at 0s for 1h on a,b: throttling 0.4", counting: \.throttled)
    }
}
