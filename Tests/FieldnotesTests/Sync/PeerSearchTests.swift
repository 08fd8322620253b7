internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Synchronization
internal import Testing

@testable internal import Fieldnotes

@Suite("Which peer a user means")
struct PeerSearchTests {
    private static let peer = PeerID("the peer")
    private static let stranger = PeerID("a stranger")

    @Test("an address without a name means who answers there, not who connects first")
    func address() async throws {
        let network = AddressBook(
            arriving: [[], [Self.stranger], [Self.stranger, Self.peer]],
            at: "host:1",
            Self.peer
        )
        #expect(try await find("host:1", in: network) == Self.peer)
    }

    @Test("an address leads to a peer that is connected already")
    func connectedBefore() async throws {
        let network = AddressBook(arriving: [[Self.peer]], at: "host:1", Self.peer)
        #expect(try await find("host:1", in: network) == Self.peer)
    }

    @Test("where nobody answers at an address, no other peer is taken for it")
    func nobody() async throws {
        let network = AddressBook(arriving: [[Self.stranger]], at: "host:1", Self.peer)
        let error = await #expect(throws: EffectError.self) {
            try await find("host:1", in: network, patience: .milliseconds(500))
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("reached: a stranger") == true)
    }

    private func find(
        _ text: String,
        in network: AddressBook,
        patience: Duration = .seconds(60)
    ) async throws -> PeerID {
        var effects = EffectSystem()
        effects.network = network
        effects.time = SystemTimeHandler()
        return try await PeerSearch(effects: effects, patience: patience).find(text)
    }
}

/// A network of which nothing works but finding peers: who is connected changes with each look.
private final class AddressBook: AddressedNetwork {
    private let base = UnimplementedNetworkEffects()
    private let looks: Mutex<[[PeerID]]>
    private let address: String
    private let meant: PeerID

    /// - Parameters:
    ///   - looks: Who is connected at each look; at the last one and ever after the peer at the address has answered.
    ///   - address: Where `peer` answers.
    ///   - peer: The peer that is meant.
    init(arriving looks: [[PeerID]], at address: String, _ peer: PeerID) {
        self.looks = Mutex(looks)
        self.address = address
        meant = peer
    }

    func peers() async throws(EffectError) -> [PeerID] {
        looks.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }

    func peers(named name: String) -> Set<PeerID> { [] }
    func dial(_ address: String) throws(EffectError) -> Set<PeerID>? { nil }

    func peer(at address: String) -> PeerID? {
        address == self.address && looks.withLock { $0[0].contains(meant) } ? meant : nil
    }

    var capabilities: Capabilities { base.capabilities }
    var localPeer: PeerID { base.localPeer }
    func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> { base.incoming(channel) }
    func events() -> NetworkSequence<PeerEvent> { base.events() }

    func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        try await base.send(envelope, to: peer)
    }

    func request(_ envelope: Envelope, to peer: PeerID, timeout: Duration) async throws(EffectError) -> Envelope {
        try await base.request(envelope, to: peer, timeout: timeout)
    }

    func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        try await base.reply(response, to: request)
    }
}
