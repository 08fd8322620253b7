#if os(Linux)
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Synchronization

/// Several nodes in one simulation: their network, their disks, their clocks, and a cloud.
///
/// ```swift
/// try await Simulation(seed: 7).run {
///     try await withWorld(seed: 7) { world in
///         let node = try await world.addNode("a", program)
///         try await node.perform { effects in try await effects.journal.append(…) }
///         node.crash()
///         try await node.start()
///     }
/// }
/// ```
public final class World: Sendable {
    /// What the network, the disks, the clocks and the nodes' random numbers follow from.
    public let seed: UInt64
    /// The true time.
    public let time: VirtualTimeHandler
    /// The network between the nodes.
    public let network: SimulatedNetwork
    /// The cloud that the nodes use, which no crash of a node concerns.
    public let cloud: SimulatedCloud

    private let scheduler: Scheduler
    private let state = Mutex(State())

    private struct State: Sendable {
        var nodes: [Node] = []
        /// What the faults of the network that are under way have begun.
        var disturbances: [(fault: PlannedFault, disturbance: NetworkDisturbance)] = []
        /// What the faults of the cloud that are under way have begun.
        var cloudDisturbances: [(fault: PlannedFault, disturbance: CloudDisturbance)] = []
    }

    init(seed: UInt64, conditions: LinkConditions) {
        let scheduler = Scheduler.running
        self.seed = seed
        self.scheduler = scheduler
        time = VirtualTimeHandler(scheduler)
        network = SimulatedNetwork(time: time, seed: seed &+ 1, conditions: conditions)
        // Mixed into the seed, so that no other part of the world has the same one.
        cloud = SimulatedCloud(time: time, seed: seed ^ 0x636c_6f75_6400_0000) { make in scheduler.asNode(0, make) }
    }

    /// The nodes in the order in which they came.
    public var nodes: [Node] { state.withLock { $0.nodes } }

    /// The node of a name.
    public func node(_ name: String) -> Node? {
        nodes.first { $0.name == name }
    }

    /// Adds a node and starts it.
    ///
    /// - Parameters:
    ///   - name: Its name, which no other node has.
    ///   - program: What runs on it.
    ///   - disk: What its disk is like.
    /// - Returns: The node, which is up.
    /// - Throws: What ``Node/start()`` throws.
    @discardableResult
    public func addNode(
        _ name: String,
        _ program: NodeProgram,
        disk: DiskConfiguration = DiskConfiguration()
    ) async throws -> Node {
        precondition(node(name) == nil, "There is a node '\(name)' already.")
        let seeds = SeedSource(seed &+ UInt64(nodes.count + 2))
        let node = Node(
            name,
            program,
            disk: disk,
            clock: SimulatedTimeHandler(base: time),
            NodePlace(scheduler: scheduler, network: network, cloud: cloud, time: time, seeds: seeds)
        )
        state.withLock { $0.nodes.append(node) }
        try await node.start()
        return node
    }

    func begin(_ fault: PlannedFault, _ disturbance: NetworkDisturbance) {
        state.withLock { $0.disturbances.append((fault, disturbance)) }
    }

    func endDisturbance(of fault: PlannedFault) {
        let ended = state.withLock { state -> NetworkDisturbance? in
            guard let index = state.disturbances.firstIndex(where: { $0.fault == fault }) else { return nil }
            return state.disturbances.remove(at: index).disturbance
        }
        if let ended { network.end(ended) }
    }

    func begin(_ fault: PlannedFault, _ disturbance: CloudDisturbance) {
        state.withLock { $0.cloudDisturbances.append((fault, disturbance)) }
    }

    func endCloudDisturbance(of fault: PlannedFault) {
        let ended = state.withLock { state -> CloudDisturbance? in
            guard let index = state.cloudDisturbances.firstIndex(where: { $0.fault == fault }) else { return nil }
            return state.cloudDisturbances.remove(at: index).disturbance
        }
        if let ended { cloud.end(ended) }
    }

    func stop() async {
        for node in nodes { await node.stop() }
        await cloud.stop()
    }
}

/// Makes a world, gives it to `body`, and stops its nodes.
///
/// - Parameters:
///   - seed: What the network, the disks, the clocks and the nodes' random numbers follow from.
///   - conditions: What every link of the network is like at first.
///   - body: What happens in it.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
public func withWorld<Result: Sendable>(
    seed: UInt64,
    conditions: LinkConditions = .calm,
    _ body: (World) async throws -> Result
) async throws -> Result {
    let world = World(seed: seed, conditions: conditions)
    let deliveries = Task { await world.network.run() }
    defer { deliveries.cancel() }
    let result = try await body(world)
    await world.stop()
    return result
}

/// What a node has of its world.
struct NodePlace: Sendable {
    let scheduler: Scheduler
    let network: SimulatedNetwork
    let cloud: SimulatedCloud
    let time: VirtualTimeHandler
    let seeds: SeedSource

    /// A disk whose delays are virtual time.
    func makeDisk(_ configuration: DiskConfiguration) -> SimulatedDisk {
        SimulatedDisk(seed: seeds.next(), configuration: configuration) { [scheduler] in scheduler.passTime($0) }
    }
}

/// Seeds for the parts of a world, one after the other.
final class SeedSource: Sendable {
    private let generator: Mutex<Xoshiro256StarStar>

    init(_ seed: UInt64) {
        generator = Mutex(Xoshiro256StarStar(seed: seed))
    }

    func next() -> UInt64 { generator.withLock { $0.next() } }
}
#endif
