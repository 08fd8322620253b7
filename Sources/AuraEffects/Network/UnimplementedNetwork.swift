struct UnimplementedNetwork: NetworkEffects {
    var capabilities: Capabilities { Capabilities() }
    var localPeer: PeerID { PeerID("unimplemented") }

    func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        throw .unimplemented(NetworkEffect.name, "send")
    }

    func request(_ envelope: Envelope, to peer: PeerID, timeout: Duration) async throws(EffectError) -> Envelope {
        throw .unimplemented(NetworkEffect.name, "request")
    }

    func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        throw .unimplemented(NetworkEffect.name, "reply")
    }

    func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> {
        NetworkSequence { () throws(EffectError) in throw .unimplemented(NetworkEffect.name, "incoming") }
    }

    func events() -> NetworkSequence<PeerEvent> {
        NetworkSequence { () throws(EffectError) in throw .unimplemented(NetworkEffect.name, "events") }
    }

    func peers() async throws(EffectError) -> [PeerID] {
        throw .unimplemented(NetworkEffect.name, "peers")
    }
}
