internal import AuraEffects
internal import AuraFileSystem
internal import AuraMemory
internal import AuraRuntime
internal import AuraSimulation
internal import AuraSystem
internal import Synchronization
internal import Testing

@Suite struct WorldTests {
    private static let profile = """
        profile: node
        environment: embedded
        storage: { handler: filesystem, path: /data }
        network: { handler: simulated }
        time:    { handler: system }
        random:  { handler: system }
        """

    private static func program(
        _ run: @escaping @Sendable (EffectSystem, ApplicationContext) async throws -> Void = { _, _ in }
    ) throws -> NodeProgram {
        NodeProgram(
            profile: try Profile(yaml: profile),
            handlers: HandlerRegistry { FileSystemHandlers() },
            run: run
        )
    }

    @Test func aProfileWithTimeServersRunsOnTheWorldsClock() async throws {
        let yaml = Self.profile.replacing(
            "{ handler: system }",
            with: "{ handler: system, ntp: [a.example, b.example] }",
            maxReplacements: 1
        )
        let program = NodeProgram(
            profile: try Profile(yaml: yaml),
            handlers: HandlerRegistry {
                FileSystemHandlers()
                SystemHandlers()
            },
            run: { _, _ in }
        )
        let elapsed = try await Simulation(seed: 1)
            .run {
                try await withWorld(seed: 1) { world in
                    let node = try await world.addNode("a", program)
                    let start = try await node.perform { $0.time.now.nanosecondsSinceEpoch }
                    try await world.time.sleep(for: .seconds(3600))
                    let end = try await node.perform { $0.time.now.nanosecondsSinceEpoch }
                    return end - start
                }
            }
        #expect(elapsed >= 3_590_000_000_000)
    }

    @Test func whatStorageAcknowledgedSurvivesCrashes() async throws {
        let program = try Self.program()
        let report = await SeedSweep(seeds: 0..<40)
            .run { seed in
                try await withWorld(seed: seed) { world in
                    let node = try await world.addNode("a", program)
                    let acknowledged = Acknowledged()
                    for round in 0..<4 {
                        let writer = Task {
                            for number in 0..<20 {
                                let key = StorageKey("\(round)/\(number)")
                                _ = try await node.perform {
                                    try await $0.storage.write([UInt8](key.text.utf8), to: key)
                                }
                                acknowledged.add(key)
                            }
                        }
                        try await world.time.sleep(for: .microseconds(Int64.random(in: 0..<3_000)))
                        node.crash()
                        writer.cancel()
                        _ = await writer.result
                        try await node.start()
                        for key in acknowledged.keys {
                            let found = try await node.perform { try await $0.storage.read(key) }
                            guard found?.bytes == [UInt8](key.text.utf8) else { throw Lost(key: key) }
                        }
                        Simulation.sometimes(!acknowledged.keys.isEmpty, "something was acknowledged")
                    }
                }
            }
        #expect(report.isClean, "\(report.explanation(replayedBy: nil))")
    }

    @Test func nodesTalkOverTheNetwork() async throws {
        let greeting = try Self.program { effects, _ in
            for try await message in effects.network.incoming("greetings") {
                try await effects.network.reply(
                    Envelope(channel: "answers", payload: message.payload + [2]),
                    to: message
                )
            }
        }
        let silent = try Self.program()
        let answer = try await Simulation(seed: 5)
            .run {
                try await withWorld(seed: 5) { world in
                    try await world.addNode("b", greeting)
                    let node = try await world.addNode("a", silent)
                    return try await node.perform { effects in
                        let question = Envelope(channel: "greetings", payload: [1])
                        return try await effects.network.request(question, to: PeerID("b"), timeout: .seconds(5))
                            .payload
                    }
                }
            }
        #expect(answer == [1, 2])
    }

    @Test func aCrashAnswersWhoWaits() async throws {
        let program = try Self.program()
        let failure = await #expect(throws: NodeFailure.self) {
            try await Simulation(seed: 1)
                .run {
                    try await withWorld(seed: 1) { world in
                        let node = try await world.addNode("a", program)
                        async let answer: Void = node.perform { try await $0.time.sleep(for: .seconds(60)) }
                        try await world.time.sleep(for: .seconds(1))
                        node.crash()
                        try await answer
                    }
                }
        }
        #expect(failure?.reason == .crashed)
    }

    @Test func aPausedNodeStandsStill() async throws {
        let program = try Self.program()
        try await Simulation(seed: 2)
            .run {
                try await withWorld(seed: 2) { world in
                    let node = try await world.addNode("a", program)
                    node.pause()
                    let start = world.time.monotonicNow
                    async let end = node.perform { effects in
                        try await effects.time.sleep(for: .milliseconds(1))
                        return effects.time.monotonicNow
                    }
                    try await world.time.sleep(for: .seconds(30))
                    node.resume()
                    #expect(start.duration(to: try await end) >= .seconds(30))
                }
            }
    }

    @Test func whoVisitsAProcessThatNeverComesUpDoesNotWaitForTheNextOne() async throws {
        let program = try Self.program()
        let report = await SeedSweep(seeds: 0..<4)
            .run { seed in
                try await withWorld(seed: seed) { world in
                    var full = DiskConfiguration()
                    full.capacity = 0
                    await #expect(throws: (any Error).self) { try await world.addNode("a", program, disk: full) }
                    let node = try #require(world.node("a"))
                    for _ in 0..<100 {
                        await #expect(throws: (any Error).self) { try await node.start() }
                    }
                    try await world.time.sleep(for: .seconds(60))
                    node.disk.capacity = nil
                    try await node.start()
                    #expect(node.isUp)
                }
            }
        #expect(report.isClean, "\(report.explanation(replayedBy: nil))")
        // Visitors who look every millisecond whether the next process is up would take millions.
        #expect(report.steps < 100_000)
    }

    @Test func aProfileThatCannotBeMetIsAnErrorOfTheStart() async throws {
        let program = NodeProgram(
            profile: try Profile(yaml: "profile: node\nenvironment: embedded\nstorage: { handler: none }"),
            handlers: HandlerRegistry { MemoryHandlers() }
        )
        await #expect(throws: ProfileErrors.self) {
            try await Simulation(seed: 1)
                .run {
                    try await withWorld(seed: 1) { world in _ = try await world.addNode("a", program) }
                }
        }
    }
}

/// What storage has acknowledged, in the order of the acknowledgements.
private final class Acknowledged: Sendable {
    private let list = Mutex<[StorageKey]>([])

    var keys: [StorageKey] { list.withLock { $0 } }

    func add(_ key: StorageKey) {
        list.withLock { $0.append(key) }
    }
}

private struct Lost: Error {
    var key: StorageKey
}
