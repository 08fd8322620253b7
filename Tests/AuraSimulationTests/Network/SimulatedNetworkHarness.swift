internal import AuraConformance
internal import AuraEffects
internal import AuraSimulation
internal import AuraSystem
internal import Synchronization
internal import Testing

/// Makes simulated networks for the laws, on the machine's clock: the laws wait in real time.
final class SimulatedNetworkHarness: DisconnectingHarness, StoppingHarness, CustomStringConvertible {
    private struct Member {
        var node: SimulatedNetworkHandler
        var network: SimulatedNetwork
    }

    private struct State {
        var members: [Member] = []
        var deliveries: [Task<Void, Never>] = []
        var partitions: [Set<PeerID>: NetworkDisturbance] = [:]
    }

    let description: String
    private let seed: UInt64
    private let conditions: LinkConditions
    private let state = Mutex(State())

    init(_ description: String, seed: UInt64, _ conditions: LinkConditions) {
        self.description = description
        self.seed = seed
        self.conditions = conditions
    }

    var capabilities: Capabilities { SimulatedNetworkHandler.capabilities }

    func make() async throws -> [any NetworkEffects] {
        let network = SimulatedNetwork(
            time: SystemTimeHandler(),
            seed: seed,
            conditions: conditions,
            settings: ConnectionSettings(
                mailboxCapacity: 8,
                detectionDelay: .milliseconds(30),
                reconnectDelay: .milliseconds(5)
            )
        )
        let nodes = ["carol", "alice", "bob"].map { network.handler(for: PeerID($0)) }
        let delivery = Task { await network.run() }
        state.withLock { state in
            state.members += nodes.map { Member(node: $0, network: network) }
            state.deliveries.append(delivery)
        }
        return nodes
    }

    func disconnect(_ first: any NetworkEffects, from second: any NetworkEffects) async throws {
        let network = try member(first).network
        let partition = network.partition([first.localPeer], from: [second.localPeer])
        state.withLock { $0.partitions[[first.localPeer, second.localPeer]] = partition }
        network.disconnect(first.localPeer, second.localPeer)
    }

    func reconnect(_ first: any NetworkEffects, with second: any NetworkEffects) async throws {
        let partition = state.withLock { $0.partitions.removeValue(forKey: [first.localPeer, second.localPeer]) }
        try member(first).network.end(#require(partition))
    }

    func stop(_ node: any NetworkEffects) async throws {
        try member(node).node.stop()
    }

    func finish() async {
        let (members, deliveries) = state.withLock { ($0.members, $0.deliveries) }
        for member in members { member.node.stop() }
        for delivery in deliveries {
            delivery.cancel()
            await delivery.value
        }
    }

    private func member(_ node: any NetworkEffects) throws -> Member {
        let node = try #require(node as? SimulatedNetworkHandler)
        return try #require(state.withLock { $0.members.first { $0.node === node } })
    }
}
