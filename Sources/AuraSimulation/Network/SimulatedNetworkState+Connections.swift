internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

// Connections that begin and end.
extension SimulatedNetworkState {
    /// Whether both ends of a link's connection are there.
    func isWhole(_ link: Int) -> Bool {
        let reverse = links[link].reverse
        return links[link].isOpen && links[reverse].isOpen && links[link].connection == links[reverse].connection
    }

    func isBlocked(_ link: Int) -> Bool {
        links[link].isBlocked || links[links[link].reverse].isBlocked
    }

    func canConnect(_ link: Int) -> Bool {
        peers[links[link].from].life != nil && peers[links[link].to].life != nil && !isBlocked(link)
    }

    mutating func beginConnection(_ link: Int, _ now: MonotonicInstant) {
        let ends = endsByName(link)
        // An end that did not notice that the other is gone learns it now.
        for end in ends { close(end, now) }
        counters.connections += 1
        let number = nextNumber()
        for end in ends { links[end].open(number, at: now) }
        for end in ends { notify(links[end].from, .connected(peers[links[end].to].name)) }
    }

    /// Ends a connection for both sides.
    mutating func disconnect(_ link: Int, _ now: MonotonicInstant) {
        for end in endsByName(link) { close(end, now) }
        planReconnection(link, now)
    }

    /// Closes one end: its peer is told, and what was under way is lost.
    mutating func close(_ link: Int, _ now: MonotonicInstant) {
        guard links[link].isOpen else { return }
        let (peer, other) = (links[link].from, links[link].to)
        loseConnection(link, now)
        for waiting in removeWaiting(of: link) {
            waiting.admission?.resolve(.failure(Self.connectionEnded(in: "send")))
        }
        for number in requestNumbers(of: link) {
            guard let request = requests.removeValue(forKey: number) else { continue }
            let outcome = request.isTaken ? EffectError.Outcome.unknown : .notApplied
            request.answer.resolve(.failure(Self.connectionEnded(in: "request", outcome)))
        }
        notify(peer, .disconnected(peers[other].name))
    }

    /// Drops one end together with its process, which nobody tells anything any more.
    mutating func abandon(_ link: Int, _ now: MonotonicInstant) {
        loseConnection(link, now)
        _ = removeWaiting(of: link)
        for number in requestNumbers(of: link) { requests[number] = nil }
    }

    /// What an end that hears nothing from the other will notice after a while.
    mutating func beginSilence(_ link: Int, _ now: MonotonicInstant) {
        guard links[link].isOpen, links[link].silence == 0 else { return }
        let delay = settings.detectionDelay + .drawn(below: settings.detectionDelay / 2, &links[link].generator)
        links[link].silence = nextNumber()
        agenda.add(.silence(link: link, number: links[link].silence), at: now.advanced(by: delay))
    }

    mutating func notice(at link: Int, _ now: MonotonicInstant) {
        close(link, now)
        planReconnection(link, now)
    }

    mutating func planReconnection(_ link: Int, _ now: MonotonicInstant) {
        guard !isWhole(link), canConnect(link) else { return }
        let delay = Duration.drawn(below: settings.reconnectDelay, &links[link].generator)
        agenda.add(.reconnection(link: link), at: now.advanced(by: delay))
    }

    static func connectionEnded(in operation: String, _ outcome: EffectError.Outcome = .notApplied) -> EffectError {
        let message = "The connection ended: try again once the peer is connected."
        return errors.error(.unavailable, in: operation, message, outcome: outcome)
    }

    /// Closes an end with all that lies on the way in both directions and in its peer's mailboxes.
    private mutating func loseConnection(_ link: Int, _ now: MonotonicInstant) {
        guard links[link].isOpen else { return }
        if isWhole(link) { counters.disconnections += 1 }
        let (peer, other, reverse) = (links[link].from, links[link].to, links[link].reverse)
        let sender = peers[other].name
        links[link].isOpen = false
        links[link].silence = 0
        loseFrames(link)
        loseFrames(reverse)
        peers[peer].openRequests = peers[peer].openRequests.filter { $0.value != other }
        for channel in peers[peer].mailboxes.sortedByChannel.map(\.channel) {
            counters.lost += peers[peer].mailboxes[channel]?.drop(from: sender) ?? 0
        }
        // What the other still sends gets nowhere: it takes no room.
        for waiting in removeWaiting(of: reverse) { lose(waiting) }
        for end in [peer, other] {
            for channel in peers[end].mailboxes.sortedByChannel.map(\.channel) { admit(to: channel, of: end, now) }
        }
    }

    private mutating func loseFrames(_ link: Int) {
        let frames = links[link].frames
        links[link].frames = []
        links[link].expectedArrival = 0
        for frame in frames where frame.content.isMessage {
            counters.lost += 1
            guard case .message(let envelope) = frame.content else { continue }
            peers[links[link].to].mailboxes[envelope.channel]?.release()
        }
    }

    private mutating func lose(_ waiting: NetworkMailbox.Waiting) {
        if let number = waiting.request {
            requests[number]?.isTaken = true
        } else if waiting.admission?.resolve(.success(())) != true {
            return
        }
        counters.sent += 1
        counters.lost += 1
    }

    /// Those who wait for room over a link; they wait no longer.
    private mutating func removeWaiting(of link: Int) -> [NetworkMailbox.Waiting] {
        let receiver = links[link].to
        var removed: [NetworkMailbox.Waiting] = []
        for channel in peers[receiver].mailboxes.sortedByChannel.map(\.channel) {
            let waiting = peers[receiver].mailboxes[channel]?.waiting ?? []
            removed += waiting.filter { $0.link == link }
            peers[receiver].mailboxes[channel]?.waiting = waiting.filter { $0.link != link }
        }
        return removed
    }

    private func requestNumbers(of link: Int) -> [UInt64] {
        requests.filter { $0.value.link == link }.keys.sorted()
    }

    /// Both ends of a link's connection, in the order of their peers' names.
    private func endsByName(_ link: Int) -> [Int] {
        let reverse = links[link].reverse
        return peers[links[link].from].name < peers[links[link].to].name ? [link, reverse] : [reverse, link]
    }
}
