#if TLSNetwork
public import AuraEffects
internal import AuraRuntime

extension TLSNetworkHandler {
    /// The messages that arrive on a channel.
    public func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> {
        NetworkSequence { [core] () throws(EffectError) in
            try NetworkErrors.errors.checkCancellation(in: "incoming")
            var arrival: IncomingMailbox.Arrival?
            let (envelope, wake) = core.withState { state -> (Envelope?, Connection?) in
                guard !state.isStopping else { return (nil, nil) }
                return state.take(channel) {
                    let waiting = IncomingMailbox.Arrival()
                    arrival = waiting
                    return waiting
                }
            }
            wake?.wake()
            guard let arrival else { return envelope }
            let result = await arrival.value(orWhenCancelled: .failure(NetworkErrors.errors.cancelled(in: "incoming")))
            if case .failure = result { core.withState { $0.withdraw(arrival, from: channel) } }
            return try result.get()
        }
    }

    /// Connections that begin and end, from now on.
    public func events() -> NetworkSequence<PeerEvent> {
        let queue = PeerEventQueue()
        core.withState { $0.add(queue) }
        return NetworkSequence { () throws(EffectError) in
            try await queue.next(cancelled: NetworkErrors.errors.cancelled(in: "events"))
        }
    }

    /// The peers that can be reached now, in the order of their names.
    public func peers() async throws(EffectError) -> [PeerID] {
        try NetworkErrors.errors.checkCancellation(in: "peers")
        return core.withState { $0.links.keys.sorted() }
    }
}
#endif
