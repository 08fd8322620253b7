internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import AuraSimulation
internal import AuraSystem
internal import Synchronization
internal import Testing

/// What is known of the increments of a counter.
private final class Increments: Sendable {
    private let counts = Mutex((done: 0, unknown: 0))

    func note(_ outcome: EffectError.Outcome?) {
        counts.withLock { counts in
            if outcome == nil { counts.done += 1 }
            if outcome == .unknown { counts.unknown += 1 }
        }
    }

    var all: (done: Int, unknown: Int) { counts.withLock { $0 } }
}

private struct Wrong: Error {
    var message: String
}

@Suite("Storage over a simulated bucket")
struct ObjectStorageFaultTests {
    private static let yaml = """
        profile: node
        environment: embedded
        storage: { handler: objects, over: { handler: simulated } }
        time:    { handler: system }
        random:  { handler: system }
        """

    /// Adds one by compare-and-swap, until it is done or nobody knows.
    private static func increment(_ effects: EffectSystem) async throws(EffectError) -> EffectError.Outcome? {
        while true {
            do throws(EffectError) {
                let value = try await effects.storage.read("counter")
                let condition = value.map { StoragePrecondition.matches($0.revision) } ?? .absent
                _ = try await effects.storage.write([(value?.bytes[0] ?? 0) + 1], to: "counter", if: condition)
                return nil
            } catch {
                if error.outcome == .unknown { return .unknown }
                guard error.isRetryable || error.code == .preconditionFailed else { throw error }
                try await effects.time.sleep(for: .milliseconds(50))
            }
        }
    }

    private static func count(_ seed: UInt64, _ plan: String) async throws -> Increments {
        let program = NodeProgram(profile: try Profile(yaml: yaml), handlers: HandlerRegistry { LayeredHandlers() })
        let faults = try FaultPlan(parsing: plan)
        let increments = Increments()
        try await withWorld(seed: seed) { world in
            let nodes = [try await world.addNode("a", program), try await world.addNode("b", program)]
            let injecting = Task { try await FaultInjector.run(faults, on: world, time: world.time) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for node in nodes {
                    group.addTask {
                        for _ in 0..<20 { increments.note(try await node.perform { try await increment($0) }) }
                    }
                }
                try await group.waitForAll()
            }
            injecting.cancel()
            _ = await injecting.result
            world.cloud.heal()
            let value = try await nodes[0].perform { try await $0.storage.read("counter") }
            let found = Int(value?.bytes[0] ?? 0)
            let (done, unknown) = increments.all
            guard (done...done + unknown).contains(found) else {
                throw Wrong(
                    message: "\(done) increments went through, of \(unknown) nobody knows, and there are \(found)"
                )
            }
            Simulation.sometimes(world.cloud.counters.lostAnswers > 0, "an answer was lost")
            Simulation.sometimes(unknown < world.cloud.counters.lostAnswers, "a lost answer was settled")
        }
        return increments
    }

    @Test("no increment is lost or doubled where answers get lost, and most of them are settled")
    func lostAnswers() async {
        let report = await SeedSweep(seeds: 0..<40)
            .run { seed in _ = try await Self.count(seed, "at 0s for 1h on a,b: lost-answers 0.2") }
        #expect(report.isClean, "\(report.explanation(replayedBy: nil))")
    }

    @Test("calls that are throttled are repeated with nothing lost or doubled")
    func throttled() async {
        var sweep = SeedSweep(seeds: 0..<20)
        sweep.shrinkingRuns = 0
        let report = await sweep.run { seed in
            let program = NodeProgram(
                profile: try Profile(yaml: Self.yaml),
                handlers: HandlerRegistry { LayeredHandlers() }
            )
            try await withWorld(seed: seed) { world in
                let node = try await world.addNode("a", program)
                world.cloud.conditions.throttled = 0.3
                for _ in 0..<20 {
                    let outcome = try await node.perform { try await Self.increment($0) }
                    guard outcome == nil else { throw Wrong(message: "throttled and unknown") }
                }
                let value = try await node.perform { effects in
                    world.cloud.conditions = .calm
                    return try await effects.storage.read("counter")
                }
                guard value?.bytes == [20] else { throw Wrong(message: "\(String(describing: value))") }
            }
        }
        #expect(report.isClean, "\(report.explanation(replayedBy: nil))")
    }
}
