// Generated from NetworkEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``NetworkEffects``.
public enum NetworkEffectsOperations {
    /// `network.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "network",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `network.localPeer`.
    public static let localPeer = EffectOperation(effect: "network", name: "localPeer", index: 1, kind: .synchronous)
    /// `network.send`.
    public static let send = EffectOperation(effect: "network", name: "send", index: 2, resource: "peer")
    /// `network.request`.
    public static let request = EffectOperation(effect: "network", name: "request", index: 3, resource: "peer")
    /// `network.reply`.
    public static let reply = EffectOperation(effect: "network", name: "reply", index: 4, resource: "request")
    /// `network.incoming`.
    public static let incoming = EffectOperation(
        effect: "network",
        name: "incoming",
        index: 5,
        kind: .synchronous,
        resource: "channel"
    )
    /// `network.events`.
    public static let events = EffectOperation(effect: "network", name: "events", index: 6, kind: .synchronous)
    /// `network.peers`.
    public static let peers = EffectOperation(effect: "network", name: "peers", index: 7, idempotency: .always)
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, localPeer, send, request, reply, incoming, events, peers]
}

/// A ``NetworkEffects`` handler with interceptors around every operation.
public struct InterceptedNetworkEffects: NetworkEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any NetworkEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any NetworkEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `network.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(NetworkEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `network.localPeer`.
    public var localPeer: PeerID {
        interceptors.synchronous(interceptors.call(NetworkEffectsOperations.localPeer), base.localPeer)
    }

    /// `network.send`.
    @inline(__always)
    public func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        let call = interceptors.call(
            NetworkEffectsOperations.send,
            resource: peer.effectResource,
            arguments: [EffectArgument("envelope", envelope), EffectArgument("peer", peer)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.send(envelope, to: peer))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.send(envelope, to: peer)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `network.request`.
    @inline(__always)
    public func request(
        _ envelope: Envelope,
        to peer: PeerID,
        timeout: Duration
    ) async throws(EffectError) -> Envelope {
        let call = interceptors.call(
            NetworkEffectsOperations.request,
            resource: peer.effectResource,
            arguments: [
                EffectArgument("envelope", envelope),
                EffectArgument("peer", peer),
                EffectArgument("timeout", timeout),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.request(envelope, to: peer, timeout: timeout))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.request(envelope, to: peer, timeout: timeout)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `network.reply`.
    @inline(__always)
    public func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        let call = interceptors.call(
            NetworkEffectsOperations.reply,
            resource: request.effectResource,
            arguments: [EffectArgument("response", response), EffectArgument("request", request)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.reply(response, to: request))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.reply(response, to: request)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `network.incoming`.
    public func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> {
        interceptors.synchronous(
            interceptors.call(
                NetworkEffectsOperations.incoming,
                resource: channel.effectResource,
                arguments: [EffectArgument("channel", channel)]
            ),
            base.incoming(channel)
        )
    }

    /// `network.events`.
    public func events() -> NetworkSequence<PeerEvent> {
        interceptors.synchronous(interceptors.call(NetworkEffectsOperations.events), base.events())
    }

    /// `network.peers`.
    @inline(__always)
    public func peers() async throws(EffectError) -> [PeerID] {
        let call = interceptors.call(NetworkEffectsOperations.peers, isIdempotent: true)
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.peers())
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.peers()
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``NetworkEffects`` handler that fails by name.
public struct UnimplementedNetworkEffects: NetworkEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public var localPeer: PeerID {
        NetworkEffectsOperations.localPeer.unimplemented()
    }

    /// Fails.
    public func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        throw .unimplemented("network", "send")
    }

    /// Fails.
    public func request(
        _ envelope: Envelope,
        to peer: PeerID,
        timeout: Duration
    ) async throws(EffectError) -> Envelope {
        throw .unimplemented("network", "request")
    }

    /// Fails.
    public func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        throw .unimplemented("network", "reply")
    }

    /// Fails.
    public func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> {
        NetworkEffectsOperations.incoming.unimplemented()
    }

    /// Fails.
    public func events() -> NetworkSequence<PeerEvent> {
        NetworkEffectsOperations.events.unimplemented()
    }

    /// Fails.
    public func peers() async throws(EffectError) -> [PeerID] {
        throw .unimplemented("network", "peers")
    }
}
