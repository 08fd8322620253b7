#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime

/// What all connections and callers of a node share, inside one lock.
struct NetworkState {
    /// A request that came and has not been answered.
    struct OpenRequest {
        var peer: PeerID
        var connection: UInt64
        /// The peer's number of it.
        var number: UInt64
        /// When its sender stops waiting.
        var deadline: MonotonicInstant
    }

    /// A sequence that nobody holds any more collects no events.
    private struct WeakEventQueue {
        weak var queue: PeerEventQueue?
    }

    let localPeer: PeerID
    let configuration: TLSNetworkConfiguration
    /// Drawn at random: tells this run of the node from others.
    let instance: UInt64
    /// The connections that serve.
    var links: [PeerID: Link] = [:]
    /// Every connection that exists, also those that are being made.
    var connections: [UInt64: Connection] = [:]
    /// The numbers of the connections that came from elsewhere and are being made.
    var arriving: Set<UInt64> = []
    /// The connection to each peer over which this side has said hello and waits for the peer's.
    var greetings: [PeerID: Connection] = [:]
    var lastHello: UInt64 = 0
    var mailboxes: [ChannelName: IncomingMailbox] = [:]
    /// What the messages of each peer cost that wait in mailboxes, whichever connections brought them.
    private(set) var backlogs: [PeerID: Int] = [:]
    /// Who has answered at the addresses that are dialled, when each was last dialled.
    var answering: [PeerAddress: PeerID] = [:]
    var openRequests: [UInt64: OpenRequest] = [:]
    var lastNumber: UInt64 = 0
    /// Those who wait until the connection to a peer has ended.
    var endings: [PeerID: [OneShot<Void>]] = [:]
    /// Whether the node takes nothing more.
    var isStopping = false
    /// Resolved once the last connection has ended.
    var drained: OneShot<Void>?
    private var eventQueues: [WeakEventQueue] = []
    private var eventsHaveEnded = false

    init(localPeer: PeerID, _ configuration: TLSNetworkConfiguration, instance: UInt64) {
        self.localPeer = localPeer
        self.configuration = configuration
        self.instance = instance
    }

    /// A number that was not used before.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// Counts a connection that came from elsewhere and is being made.
    ///
    /// - Returns: The oldest of them where there are too many, to be ended: it has had the most time.
    mutating func arrive(_ connection: Connection) -> Connection? {
        arriving.insert(connection.number)
        guard arriving.count > configuration.handshakeLimit, let oldest = arriving.min() else { return nil }
        arriving.remove(oldest)
        return connections[oldest]
    }
}

// Events.
extension NetworkState {
    mutating func notify(_ event: PeerEvent) {
        eventQueues.removeAll { $0.queue == nil }
        for entry in eventQueues { entry.queue?.add(event) }
    }

    mutating func add(_ queue: PeerEventQueue) {
        eventsHaveEnded ? queue.finish() : eventQueues.append(WeakEventQueue(queue: queue))
    }

    mutating func finishEvents() {
        eventsHaveEnded = true
        for entry in eventQueues { entry.queue?.finish() }
        eventQueues = []
    }
}

// Messages that came.
extension NetworkState {
    /// Takes in what a connection brought.
    ///
    /// - Returns: From the first message on that there is no room for; whether the event loop has something to send now.
    /// - Throws: ``FrameViolation`` where the peer breaks a rule.
    mutating func deliver(
        _ frames: ArraySlice<Frame>,
        from peer: PeerID,
        over connection: Connection,
        at now: MonotonicInstant
    ) throws(FrameViolation) -> (rest: ArraySlice<Frame>, hasOutput: Bool) {
        guard links[peer]?.connection === connection else { return ([], false) }
        var rest = frames
        while let frame = rest.first, !frame.isMessage || hasRoom(for: peer) {
            rest = rest.dropFirst()
            switch frame {
            case .message(let envelope):
                try receive(envelope, token: nil, FrameLayout.cost(of: envelope), from: peer, over: connection)
            case .request(let number, let timeout, let envelope):
                let token = open(number, from: peer, over: connection, until: now.advanced(by: timeout))
                try receive(envelope, token: token, FrameLayout.cost(of: envelope), from: peer, over: connection)
            case .reply(let number, var envelope):
                envelope.sender = peer
                // A reply that comes too late meets nobody.
                links[peer]?.answers.removeValue(forKey: number)?.resolve(.success(envelope))
            case .credit(let channel, let bytes):
                try links[peer]?.addCredit(bytes, for: channel)
            case .hello, .heartbeat, .goodbye:
                break
            }
        }
        links[peer]?.isPaused = !rest.isEmpty
        return (rest, links[peer]?.beginFlush() ?? false)
    }

    private func hasRoom(for peer: PeerID) -> Bool {
        backlogs[peer, default: 0] < configuration.backlog.bytes
    }

    /// Counts what waits in mailboxes, or does not any more.
    private mutating func addToBacklog(_ cost: Int, of peer: PeerID) {
        let sum = backlogs[peer, default: 0] + cost
        backlogs[peer] = sum > 0 ? sum : nil
    }

    /// Drops what a peer's earlier connections brought and nobody consumed, beyond a window for each channel: else a channel
    /// without consumers would use up the peer's room by and by.
    mutating func trimBacklog(of peer: PeerID) {
        for channel in Array(mailboxes.keys) {
            guard let dropped = mailboxes[channel]?.trim(peer, to: configuration.window.bytes) else { continue }
            addToBacklog(-dropped, of: peer)
            if mailboxes[channel]?.isUnused ?? false { mailboxes[channel] = nil }
        }
    }

    private mutating func receive(
        _ envelope: Envelope,
        token: UInt64?,
        _ cost: Int,
        from peer: PeerID,
        over connection: Connection
    ) throws(FrameViolation) {
        try links[peer]?.receive(cost: cost, on: envelope.channel, channelLimit: configuration.channelLimit)
        var envelope = envelope
        envelope.sender = peer
        envelope.replyToken = token.map { ReplyToken(rawValue: $0) }
        let message = ReceivedMessage(envelope: envelope, cost: cost, connection: connection.number)
        if mailboxes[envelope.channel, default: IncomingMailbox()].add(message) {
            links[peer]?.consumed(cost: cost, on: envelope.channel)
        } else {
            addToBacklog(cost, of: peer)
        }
    }

    private mutating func open(
        _ number: UInt64,
        from peer: PeerID,
        over connection: Connection,
        until deadline: MonotonicInstant
    ) -> UInt64 {
        let token = nextNumber()
        openRequests[token] = OpenRequest(peer: peer, connection: connection.number, number: number, deadline: deadline)
        links[peer]?.openRequests.append(token)
        if links[peer].map({ $0.openRequests.count > configuration.requestLimit }) ?? false,
            let oldest = links[peer]?.openRequests.popFirst()
        {
            openRequests[oldest] = nil
        }
        return token
    }

    /// Gives the first message of a channel, or lets a consumer wait for it.
    ///
    /// - Returns: The message, and the connection that has credit to send now, or room for what it brought.
    mutating func take(_ channel: ChannelName, orWait arrival: () -> IncomingMailbox.Arrival) -> (
        envelope: Envelope?, wake: Connection?
    ) {
        guard let message = mailboxes[channel]?.take() else {
            mailboxes[channel, default: IncomingMailbox()].wait(arrival())
            return (nil, nil)
        }
        if mailboxes[channel]?.isUnused ?? false { mailboxes[channel] = nil }
        guard let peer = message.envelope.sender else { return (message.envelope, nil) }
        addToBacklog(-message.cost, of: peer)
        guard let link = links[peer] else { return (message.envelope, nil) }
        // Whichever connection brought it, there is room again for what the present one brings.
        var isWoken = link.isPaused && hasRoom(for: peer)
        if link.connection.number == message.connection {
            links[peer]?.consumed(cost: message.cost, on: channel)
            if links[peer]?.beginFlush() ?? false { isWoken = true }
        }
        return (message.envelope, isWoken ? link.connection : nil)
    }

    mutating func withdraw(_ arrival: IncomingMailbox.Arrival, from channel: ChannelName) {
        mailboxes[channel]?.withdraw(arrival)
        if mailboxes[channel]?.isUnused ?? false { mailboxes[channel] = nil }
    }

    /// Forgets requests whose senders wait no longer.
    mutating func forgetRequests(at now: MonotonicInstant) {
        let late = openRequests.filter { $0.value.deadline <= now }
        guard !late.isEmpty else { return }
        for (token, request) in late {
            openRequests[token] = nil
            links[request.peer]?.openRequests.remove(token)
        }
    }
}
#endif
