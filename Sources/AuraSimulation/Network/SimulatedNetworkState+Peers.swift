internal import AuraEffects
internal import AuraRuntime

// Peers that join and end.
extension SimulatedNetworkState {
    func isAlive(_ peer: Int, _ life: UInt64) -> Bool {
        peers[peer].life == life
    }

    /// Begins a peer's life and connects it with all others.
    mutating func join(_ peer: Int, _ now: MonotonicInstant) -> UInt64 {
        crash(peer, now)
        let life = nextNumber()
        peers[peer].life = life
        for link in links(of: peer) where canConnect(link) { beginConnection(link, now) }
        return life
    }

    /// Ends a peer's life properly: everybody is told at once.
    mutating func stop(_ peer: Int, _ life: UInt64, _ now: MonotonicInstant) {
        guard isAlive(peer, life) else { return }
        for link in links(of: peer) {
            close(link, now)
            close(links[link].reverse, now)
        }
        let ended = end(peer)
        for channel in ended.mailboxes.sortedByChannel { channel.mailbox.finish() }
        for observer in ended.observers { observer.queue?.finish() }
    }

    /// Ends a peer's life as the end of its process would: nothing that waits at it ever goes on, and the others have to
    /// notice that they hear nothing more.
    mutating func crash(_ peer: Int, _ now: MonotonicInstant) {
        guard let life = peers[peer].life else { return }
        crashed.insert(life)
        for link in links(of: peer) {
            abandon(link, now)
            beginSilence(links[link].reverse, now)
        }
        _ = end(peer)
    }

    /// The links from a peer to the others, in the order of the others' names.
    func links(of peer: Int) -> [Int] {
        sorted.compactMap { link(from: peer, to: $0) }
    }

    /// The peers that one can reach, in the order of their names.
    func reachable(from peer: Int) -> [PeerID] {
        links(of: peer).filter { links[$0].isOpen || canConnect($0) }.map { peers[links[$0].to].name }
    }

    mutating func observe(_ queue: PeerEventQueue, at peer: Int) {
        peers[peer].observers.append(Observer(queue: queue))
    }

    mutating func notify(_ peer: Int, _ event: PeerEvent) {
        peers[peer].observers.removeAll { $0.queue == nil }
        for observer in peers[peer].observers { observer.queue?.add(event) }
    }

    private mutating func end(_ peer: Int) -> Peer {
        let ended = peers[peer]
        peers[peer] = Peer(name: ended.name)
        return ended
    }
}

extension [ChannelName: NetworkMailbox] {
    /// In an order that does not differ from run to run.
    var sortedByChannel: [(channel: ChannelName, mailbox: NetworkMailbox)] {
        sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key, $0.value) }
    }
}
