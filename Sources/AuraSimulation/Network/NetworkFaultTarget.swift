internal import AuraEffects
internal import Synchronization

/// Carries the faults of the network out on a ``SimulatedNetwork``; faults of other families do nothing to it.
///
/// A fault lies between the nodes that it names and all others; what goes on among those that it names is as before.
public final class NetworkFaultTarget: FaultTarget {
    private let network: SimulatedNetwork
    private let peers: Set<PeerID>
    private let underWay = Mutex<[PlannedFault: NetworkDisturbance]>([:])

    /// Creates a target.
    ///
    /// - Parameters:
    ///   - network: The network.
    ///   - nodes: The names of all nodes, which are their addresses.
    public init(_ network: SimulatedNetwork, nodes: [String]) {
        self.network = network
        peers = Set(nodes.map { PeerID($0) })
    }

    /// Lets a fault of the network begin.
    public func apply(_ fault: PlannedFault) {
        let group = Set(fault.nodes.map { PeerID($0) })
        let others = peers.subtracting(group)
        let disturbance: NetworkDisturbance
        switch fault.fault {
        case .latency(let added):
            disturbance = network.degrade(group, and: others, by: LinkDegradation(addedLatency: added))
        case .slowLink(let bandwidth):
            disturbance = network.degrade(group, and: others, by: LinkDegradation(bandwidth: bandwidth))
        case .partition(let direction):
            disturbance = network.partition(group, from: others, direction)
        case .disconnect:
            for peer in group.sorted() {
                for other in others.sorted() { network.disconnect(peer, other) }
            }
            return
        default:
            return
        }
        underWay.withLock { $0[fault] = disturbance }
    }

    /// Ends a fault of the network.
    public func revert(_ fault: PlannedFault) {
        guard let disturbance = underWay.withLock({ $0.removeValue(forKey: fault) }) else { return }
        network.end(disturbance)
    }
}
