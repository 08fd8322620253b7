internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

// Messages.
extension SimulatedNetworkState {
    /// Sends a message.
    ///
    /// - Returns: What to wait for where there is no room yet.
    mutating func send(
        _ envelope: Envelope,
        to name: PeerID,
        from peer: Int,
        _ life: UInt64,
        _ now: MonotonicInstant
    ) throws(EffectError) -> NetworkMailbox.Admission? {
        let link = try connectedLink(to: name, from: peer, life, in: "send", now)
        var envelope = envelope
        envelope.sender = peers[peer].name
        envelope.replyToken = nil
        if submit(envelope, link, now) { return nil }
        let admission = NetworkMailbox.Admission()
        wait(NetworkMailbox.Waiting(link: link, envelope: envelope, admission: admission))
        return admission
    }

    /// Forgets a sender that gave up while it waited for room.
    mutating func withdraw(_ admission: NetworkMailbox.Admission, from channel: ChannelName, of name: PeerID) {
        guard let receiver = numbers[name] else { return }
        peers[receiver].mailboxes[channel]?.waiting.removeAll { $0.admission === admission }
    }

    mutating func receive(
        _ arrival: NetworkMailbox.Arrival,
        _ channel: ChannelName,
        _ peer: Int,
        _ now: MonotonicInstant
    ) {
        peers[peer].mailboxes[channel, default: NetworkMailbox()].receive(arrival)
        deliver(channel, peer, now)
    }

    mutating func withdraw(_ arrival: NetworkMailbox.Arrival, from channel: ChannelName, of peer: Int) {
        peers[peer].mailboxes[channel]?.withdraw(arrival)
    }

    /// The link to a peer, connected where it can be.
    mutating func connectedLink(
        to name: PeerID,
        from peer: Int,
        _ life: UInt64,
        in operation: String,
        _ now: MonotonicInstant
    ) throws(EffectError) -> Int {
        guard isAlive(peer, life) else { throw Self.errors.stopped(in: operation) }
        guard name != peers[peer].name else {
            let message = "The receiver is this peer itself: send to another."
            throw Self.errors.error(.invalidArgument, in: operation, message)
        }
        if let other = numbers[name], let link = link(from: peer, to: other) {
            if links[link].isOpen { return link }
            if canConnect(link) {
                beginConnection(link, now)
                return link
            }
        }
        let quoted = HandlerErrors.quote(name.rawValue)
        let message = "The peer \(quoted) cannot be reached: try again once it is connected."
        throw Self.errors.error(.unavailable, in: operation, message)
    }

    /// Puts a message on its way; `false` where there is no room for it.
    mutating func submit(_ envelope: Envelope, _ link: Int, _ now: MonotonicInstant) -> Bool {
        let receiver = links[link].to
        // Where the other end is gone, no mailbox limits what gets lost.
        let hasRoom =
            !isWhole(link)
            || peers[receiver].mailboxes[envelope.channel, default: NetworkMailbox()]
                .reserve(of: settings.mailboxCapacity)
        if hasRoom { push(.message(envelope), link, now) }
        return hasRoom
    }

    mutating func wait(_ waiting: NetworkMailbox.Waiting) {
        peers[links[waiting.link].to].mailboxes[waiting.envelope.channel]?.waiting.append(waiting)
    }

    /// Puts something on its way that needs no room where it arrives, or has taken it.
    mutating func push(_ content: NetworkLink.Content, _ link: Int, _ now: MonotonicInstant) {
        if content.isMessage { counters.sent += 1 }
        guard isWhole(link) else {
            if content.isMessage { counters.lost += 1 }
            return
        }
        let arrival = links[link].push(content, at: now)
        if links[link].frames.count == 1 { expectArrival(link, at: arrival) }
        if let moment = links[link].drawBreakdown(between: now, and: arrival) {
            agenda.add(.breakdown(link: link, connection: links[link].connection), at: moment)
        }
    }

    /// Waits for the first frame of a link, unless a partition holds it back.
    mutating func expectArrival(_ link: Int, at moment: MonotonicInstant) {
        guard !links[link].isBlocked else { return }
        links[link].expectedArrival = nextNumber()
        agenda.add(.arrival(link: link, number: links[link].expectedArrival), at: moment)
    }

    mutating func arrive(at link: Int, _ now: MonotonicInstant) {
        links[link].expectedArrival = 0
        while let frame = links[link].frames.first {
            guard frame.arrival <= now else { return expectArrival(link, at: frame.arrival) }
            links[link].frames.removeFirst()
            let receiver = links[link].to
            switch frame.content {
            case .message(let envelope):
                if let token = envelope.replyToken {
                    peers[receiver].openRequests[token.rawValue] = links[link].from
                }
                peers[receiver].mailboxes[envelope.channel]?.arrive(envelope)
                deliver(envelope.channel, receiver, now)
            case .reply(let envelope, let request):
                counters.delivered += 1
                // A requester that waits no longer has no use for it.
                requests.removeValue(forKey: request)?.answer.resolve(.success(envelope))
            case .withdrawal(let request):
                peers[receiver].openRequests[request] = nil
            }
        }
    }

    /// Puts those on their way who waited for room that there is now.
    mutating func admit(to channel: ChannelName, of peer: Int, _ now: MonotonicInstant) {
        while let waiting = peers[peer].mailboxes[channel]?.admit(to: settings.mailboxCapacity) {
            if let number = waiting.request {
                requests[number]?.isTaken = true
            } else if waiting.admission?.resolve(.success(())) != true {
                // It was cancelled meanwhile.
                peers[peer].mailboxes[channel]?.release()
                continue
            }
            push(.message(waiting.envelope), waiting.link, now)
        }
    }

    private mutating func deliver(_ channel: ChannelName, _ peer: Int, _ now: MonotonicInstant) {
        let count = peers[peer].mailboxes[channel]?.deliver() ?? 0
        guard count > 0 else { return }
        counters.delivered += count
        admit(to: channel, of: peer, now)
    }
}
