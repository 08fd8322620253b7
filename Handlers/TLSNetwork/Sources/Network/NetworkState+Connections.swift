#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime

/// What is done with a connection whose peer is known.
enum Greeting {
    /// Say hello over it.
    case hello(Hello)
    /// Say goodbye over it.
    case goodbye(GoodbyeReason)
}

// Of two nodes that dial each other at once the one with the smaller address wins: it refuses the other's hello from the
// moment that it has said its own until that connection ends, and the other gives up its own as soon as it hears the winner's.
// No message goes over a connection before both sides have said hello, so none is lost when one is given up.
extension NetworkState {
    /// This side has dialled a peer and knows now who it is.
    mutating func greet(_ peer: PeerID, over connection: Connection) -> Greeting {
        if isStopping { return .goodbye(.stopping) }
        guard peer != localPeer, links[peer] == nil, greetings[peer] == nil else { return .goodbye(.duplicate) }
        greetings[peer] = connection
        return .hello(nextHello())
    }

    /// A peer that dialled this side has said hello.
    ///
    /// - Returns: The answer; a connection that is given up for this one.
    mutating func answer(_ hello: Hello, of peer: PeerID, over connection: Connection) -> (Greeting, Connection?) {
        if isStopping { return (.goodbye(.stopping), nil) }
        guard peer != localPeer else { return (.goodbye(.duplicate), nil) }
        if let link = links[peer] {
            // A hello that was said before that of the connection that serves: the peer has given this one up already.
            if link.hello.instance == hello.instance, hello.serial < link.hello.serial {
                return (.goodbye(.duplicate), nil)
            }
            // The peer has lost the connection that serves, and this side has not noticed yet.
            end(link.connection, peer)
            serve(connection, peer, hello)
            return (.hello(nextHello()), link.connection)
        }
        if let own = greetings[peer] {
            guard peer < localPeer else { return (.goodbye(.duplicate), nil) }
            greetings[peer] = nil
            serve(connection, peer, hello)
            return (.hello(nextHello()), own)
        }
        serve(connection, peer, hello)
        return (.hello(nextHello()), nil)
    }

    /// A peer that was dialled has answered the hello.
    ///
    /// - Returns: Whether the connection serves now; otherwise another does.
    mutating func settle(_ hello: Hello, of peer: PeerID, over connection: Connection) -> Bool {
        guard greetings[peer] === connection else { return false }
        greetings[peer] = nil
        guard !isStopping else { return false }
        serve(connection, peer, hello)
        return true
    }

    /// A connection must serve no more, but what was taken for it is still to be sent.
    ///
    /// - Returns: What is still to be sent.
    mutating func farewell(_ connection: Connection, _ peer: PeerID) -> [OutgoingFrame] {
        var rest: [OutgoingFrame] = []
        if links[peer]?.connection === connection { rest = links[peer]?.takeRest() ?? [] }
        end(connection, peer)
        return rest
    }

    /// A connection has ended, or must serve no more.
    mutating func end(_ connection: Connection, _ peer: PeerID?) {
        guard let peer else { return }
        if greetings[peer] === connection { greetings[peer] = nil }
        guard let link = links[peer], link.connection === connection else { return }
        links[peer] = nil
        for token in link.openRequests.tokens { openRequests[token] = nil }
        link.fail(NetworkErrors.ended)
        notify(.disconnected(peer))
        for ending in endings.removeValue(forKey: peer) ?? [] { ending.resolve(()) }
    }

    private mutating func serve(_ connection: Connection, _ peer: PeerID, _ hello: Hello) {
        trimBacklog(of: peer)
        let (window, outbox) = (configuration.window.bytes, configuration.outbox.bytes)
        links[peer] = Link(connection, hello, window: window, outboxLimit: outbox)
        notify(.connected(peer))
    }

    private mutating func nextHello() -> Hello {
        lastHello += 1
        return Hello(
            instance: instance,
            serial: lastHello,
            payloadLimit: UInt32(clamping: configuration.envelope.bytes),
            window: UInt32(clamping: configuration.window.bytes),
            channelLimit: UInt32(clamping: configuration.channelLimit)
        )
    }
}
#endif
