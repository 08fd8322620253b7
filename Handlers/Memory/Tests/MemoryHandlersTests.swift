internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import Logging
internal import Testing

@Suite("MemoryHandlers")
struct MemoryHandlersTests {
    private let budget = ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 1, ioQuota: .mebibytes(1))

    private func install(
        _ bundle: MemoryHandlers,
        _ effect: String,
        _ technology: String,
        _ settings: [String: HandlerSettings.Value] = [:],
        into system: inout EffectSystem
    ) async throws -> @Sendable () async -> Void {
        let declaration = try #require(
            HandlerRegistry { bundle }.declaration(effect: effect, technology: technology)
        )
        let context = HandlerContext(
            budget: budget,
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
        return try await declaration.install(HandlerSettings(settings), context, "", &system)
    }

    @Test("declares what its handlers then have")
    func capabilities() async throws {
        var system = EffectSystem()
        let bundle = MemoryHandlers()
        for declaration in bundle.declarations {
            _ = try await install(bundle, declaration.effect, declaration.technology, into: &system)
        }
        let made: [String: Capabilities] = [
            "journal": system.journal.capabilities,
            "storage": system.storage.capabilities,
            "network": system.network.capabilities,
            "time": system.time.capabilities,
            "random": system.random.capabilities,
            "objects": system.objects.capabilities,
            "keyValues": system.keyValues.capabilities,
            "queue": system.queue.capabilities,
            "topics": system.topics.capabilities,
            "functions": system.functions.capabilities,
            "http": system.http.capabilities,
        ]
        #expect(bundle.declarations.count == made.count)
        for declaration in bundle.declarations {
            #expect(declaration.capabilities(HandlerSettings([:]), budget) == made[declaration.effect])
        }
    }

    @Test("heeds its settings")
    func settings() async throws {
        var system = EffectSystem()
        let bundle = MemoryHandlers()
        _ = try await install(bundle, "time", "manual", ["start": .integer(5)], into: &system)
        #expect(system.time.now.millisecondsSinceEpoch == 5000)
        _ = try await install(bundle, "random", "seeded", ["seed": .integer(42)], into: &system)
        #expect(system.random.nextUInt64() == SeededRandomHandler(seed: 42).nextUInt64())
        _ = try await install(bundle, "network", "memory", ["peer": .string("north")], into: &system)
        #expect(system.network.localPeer == PeerID("north"))
        _ = try await install(bundle, "queue", "memory", ["deliveries": .integer(2)], into: &system)
        #expect(system.queue.capabilities.limit(.deliveries) == 2)
    }

    @Test("the network handlers of one bundle reach each other until they stop")
    func sharedNetwork() async throws {
        let bundle = MemoryHandlers()
        var north = EffectSystem()
        var south = EffectSystem()
        _ = try await install(bundle, "network", "memory", ["peer": .string("north")], into: &north)
        let stop = try await install(bundle, "network", "memory", ["peer": .string("south")], into: &south)
        #expect(try await north.network.peers() == [PeerID("south")])
        await stop()
        #expect(try await north.network.peers() == [])
    }
}
