internal import AuraEffects
internal import AuraMemory
internal import Synchronization

@testable internal import AuraReplication

/// A network that counts the entries which arrive, and lets a test look at every reply, or change it.
final class WatchedNetwork: NetworkEffects {
    /// Looks at a reply that arrives from a peer, and may change or refuse it.
    typealias ReplyHook =
        @Sendable (_ request: Envelope, _ reply: Envelope, PeerID) async throws(EffectError) -> Envelope

    private struct State {
        var arrived: [EntryName: Int] = [:]
        var requestCount = 0
        var pushedCount = 0
        var choiceCount = 0
        var hook: ReplyHook?
    }

    /// An entry, the same in every journal.
    struct EntryName: Hashable {
        var origin: OriginID
        var sequence: UInt64
    }

    private let base: MemoryNetworkHandler
    private let messageBytes: Int
    private let state = Mutex(State())

    init(_ base: MemoryNetworkHandler, messageBytes: Int) {
        self.base = base
        self.messageBytes = messageBytes
    }

    /// How often each entry arrived here.
    var arrivals: [EntryName: Int] { state.withLock { $0.arrived } }

    /// How many entries arrived here.
    var arrivedCount: Int { arrivals.values.reduce(0, +) }

    /// How many requests this peer made.
    var requestCount: Int { state.withLock { $0.requestCount } }

    /// How many entries this peer pushed.
    var pushedCount: Int { state.withLock { $0.pushedCount } }

    /// How often this peer asked who can be reached, and was told.
    var choiceCount: Int { state.withLock { $0.choiceCount } }

    func onReply(_ hook: @escaping ReplyHook) {
        state.withLock { $0.hook = hook }
    }

    /// Leaves the network.
    func stop() {
        base.stop()
    }

    var localPeer: PeerID { base.localPeer }

    var capabilities: Capabilities {
        var capabilities = base.capabilities
        capabilities.limits[.envelopeBytes] = messageBytes
        return capabilities
    }

    func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        try await base.send(envelope, to: peer)
    }

    func request(_ envelope: Envelope, to peer: PeerID, timeout: Duration) async throws(EffectError) -> Envelope {
        try check(envelope)
        let hook = state.withLock { state in
            state.requestCount += 1
            if case .push(_, let batch)? = try? ReplicationRequest(envelope.payload) {
                state.pushedCount += batch.entries.count
            }
            return state.hook
        }
        var reply = try await base.request(envelope, to: peer, timeout: timeout)
        if let hook { reply = try await hook(envelope, reply, peer) }
        if case .batch(let batch)? = try? ReplicationReply(reply.payload) {
            state.withLock { state in
                for entry in batch.entries {
                    state.arrived[EntryName(origin: entry.origin, sequence: entry.sequence), default: 0] += 1
                }
            }
        }
        return reply
    }

    func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        try check(response)
        try await base.reply(response, to: request)
    }

    func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> { base.incoming(channel) }

    func events() -> NetworkSequence<PeerEvent> { base.events() }

    func peers() async throws(EffectError) -> [PeerID] {
        let peers = try await base.peers()
        state.withLock { $0.choiceCount += 1 }
        return peers
    }

    private func check(_ envelope: Envelope) throws(EffectError) {
        guard envelope.payload.count > messageBytes else { return }
        throw EffectError(.invalidArgument, "The payload has \(envelope.payload.count) bytes.")
    }
}
