internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Synchronization

/// A memory node of which some operations are replaced by broken ones.
struct BrokenNode: NetworkEffects {
    typealias Send = @Sendable (MemoryNetworkHandler, Envelope, PeerID) async throws(EffectError) -> Void
    typealias Request =
        @Sendable (MemoryNetworkHandler, Envelope, PeerID, Duration) async throws(EffectError) -> Envelope
    typealias Reply = @Sendable (MemoryNetworkHandler, Envelope, Envelope) async throws(EffectError) -> Void
    typealias Receive = @Sendable (MemoryNetworkHandler, ChannelName) async throws(EffectError) -> Envelope?

    let base: MemoryNetworkHandler
    let network: MemoryNetwork
    var send: Send = { base, envelope, peer throws(EffectError) in try await base.send(envelope, to: peer) }
    var request: Request = { base, envelope, peer, timeout throws(EffectError) in
        try await base.request(envelope, to: peer, timeout: timeout)
    }
    var reply: Reply = { base, response, request throws(EffectError) in try await base.reply(response, to: request) }
    var receive: Receive = { base, channel throws(EffectError) in try await base.receive(channel) }
    var observe: @Sendable (MemoryNetworkHandler) -> NetworkSequence<PeerEvent> = { $0.events() }
    var reachable: @Sendable ([PeerID]) -> [PeerID] = { $0 }

    init(_ name: String, in network: MemoryNetwork) throws {
        base = try network.join(PeerID(name), time: SystemTimeHandler())
        self.network = network
    }

    var capabilities: Capabilities { base.capabilities }
    var localPeer: PeerID { base.localPeer }

    func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        try await send(base, envelope, peer)
    }

    func request(_ envelope: Envelope, to peer: PeerID, timeout: Duration) async throws(EffectError) -> Envelope {
        try await request(base, envelope, peer, timeout)
    }

    func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        try await reply(base, response, request)
    }

    func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> {
        NetworkSequence { [receive, base] () throws(EffectError) in try await receive(base, channel) }
    }

    func events() -> NetworkSequence<PeerEvent> { observe(base) }

    func peers() async throws(EffectError) -> [PeerID] { reachable(try await base.peers()) }
}

extension MemoryNetworkHandler {
    /// The next message of a channel.
    func receive(_ channel: ChannelName) async throws(EffectError) -> Envelope? {
        var iterator = incoming(channel).makeAsyncIterator()
        return try await iterator.next()
    }

    /// Whether the node was stopped: no law cuts it off from all others.
    var isStopped: Bool {
        get async { (try? await peers())?.isEmpty ?? false }
    }
}

extension [BrokenNode] {
    mutating func breakEach(_ change: (inout BrokenNode) -> Void) {
        for index in indices { change(&self[index]) }
    }
}

/// Makes networks that are all broken in the same way.
final class BrokenNetworkHarness: NetworkHarness {
    private let change: @Sendable (inout [BrokenNode]) -> Void
    private let made = Mutex<[MemoryNetworkHandler]>([])

    init(_ change: @escaping @Sendable (inout [BrokenNode]) -> Void) {
        self.change = change
    }

    var capabilities: Capabilities { MemoryNetworkHandler.capabilities }

    func make() async throws -> [any NetworkEffects] {
        let network = MemoryNetwork(mailboxCapacity: 8)
        var nodes = try ["carol", "alice", "bob"].map { try BrokenNode($0, in: network) }
        change(&nodes)
        let handlers = nodes.map(\.base)
        made.withLock { $0 += handlers }
        return nodes
    }

    func finish() async {
        for handler in made.withLock({ $0 }) { handler.stop() }
    }
}

/// Makes broken networks whose connections break and whose nodes stop; that may be broken too.
final class BrokenLinksHarness: DisconnectingHarness, StoppingHarness {
    /// What goes on when a connection begins or ends.
    typealias Change = @Sendable (_ first: BrokenNode, _ second: BrokenNode) async throws -> Void

    private let networks: BrokenNetworkHarness
    private let disconnected: Change
    private let reconnected: Change

    init(
        _ change: @escaping @Sendable (inout [BrokenNode]) -> Void = { _ in },
        disconnected: @escaping Change = { _, _ in },
        reconnected: @escaping Change = { _, _ in }
    ) {
        networks = BrokenNetworkHarness(change)
        self.disconnected = disconnected
        self.reconnected = reconnected
    }

    var capabilities: Capabilities { networks.capabilities }

    func make() async throws -> [any NetworkEffects] { try await networks.make() }

    func disconnect(_ first: any NetworkEffects, from second: any NetworkEffects) async throws {
        let (first, second) = (broken(first), broken(second))
        first.network.disconnect(first.localPeer, second.localPeer)
        try await disconnected(first, second)
    }

    func reconnect(_ first: any NetworkEffects, with second: any NetworkEffects) async throws {
        let (first, second) = (broken(first), broken(second))
        first.network.connect(first.localPeer, second.localPeer)
        try await reconnected(first, second)
    }

    func stop(_ node: any NetworkEffects) async throws {
        broken(node).base.stop()
    }

    func finish() async { await networks.finish() }

    private func broken(_ node: any NetworkEffects) -> BrokenNode {
        guard let node = node as? BrokenNode else { preconditionFailure("A node of another harness.") }
        return node
    }
}

typealias NetworkDefect = Defect<[any NetworkEffects]>

extension NetworkDefect {
    /// Nodes that are broken before their connections are.
    init(
        _ description: String,
        breaks law: String,
        hangs: Bool = false,
        _ change: @escaping @Sendable (inout [BrokenNode]) -> Void
    ) {
        self.init(description: description, law: law, hangs: hangs) { BrokenNetworkHarness(change) }
    }

    /// Nodes that show that they are broken once a connection ends or a node stops.
    init(_ description: String, breaks law: String, on harness: @escaping @Sendable () -> BrokenLinksHarness) {
        self.init(description: description, law: law) { harness() }
    }

    static var all: [NetworkDefect] {
        messages + requests + buffers + refusals + cancellation + disconnections + observers + stopping
    }
}
