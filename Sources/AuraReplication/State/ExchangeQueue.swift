internal import AuraEffects

/// The exchanges that are to be carried out: one at a time with each peer, and what comes meanwhile is put together.
struct ExchangeQueue {
    /// What is to be done with a peer.
    struct Exchange {
        var peer: PeerID
        /// Whether to ask the peer how far it is; otherwise ``heads`` says it.
        var asksFrontier = false
        /// Entries that the peer said it has and this journal lacked.
        var heads: [OriginID: JournalFrontier.Head] = [:]
    }

    /// The most heads that are kept of what a peer said: the next exchange brings the others.
    private static let mostHeads = 16_384
    /// The most requests of a peer that wait for the end of the exchanges.
    private static let mostWaiting = 4

    private let mostActive: Int
    private var pending: [Exchange] = []
    private var active: Set<PeerID> = []
    private var waiting: [PeerID: [Envelope]] = [:]

    /// Creates a queue of which so many exchanges run at once.
    init(mostActive: Int) {
        self.mostActive = mostActive
    }

    /// Asks a peer how far it is, and pulls what is missing.
    mutating func add(_ peer: PeerID) {
        pending[index(of: peer)].asksFrontier = true
    }

    /// Pulls entries that a peer said it has.
    mutating func add(_ peer: PeerID, heads: [OriginHead]) {
        let index = index(of: peer)
        for head in heads where pending[index].heads.count < Self.mostHeads {
            pending[index].heads[head.origin] = head.head
        }
    }

    /// The next exchange that may begin.
    mutating func next() -> Exchange? {
        guard active.count < mostActive, let index = pending.firstIndex(where: { !active.contains($0.peer) }) else {
            return nil
        }
        let exchange = pending.remove(at: index)
        active.insert(exchange.peer)
        return exchange
    }

    /// Ends an exchange.
    ///
    /// - Returns: The requests that waited for it.
    mutating func finish(_ peer: PeerID) -> [Envelope] {
        active.remove(peer)
        if pending.contains(where: { $0.peer == peer }) { return [] }
        return waiting.removeValue(forKey: peer) ?? []
    }

    /// Lets a request wait until nothing is to be done with its sender.
    ///
    /// - Returns: `false` where it need not wait.
    mutating func wait(_ request: Envelope, from peer: PeerID) -> Bool {
        guard active.contains(peer) || pending.contains(where: { $0.peer == peer }) else { return false }
        guard waiting[peer, default: []].count < Self.mostWaiting else { return false }
        waiting[peer, default: []].append(request)
        return true
    }

    /// Forgets everything: nobody carries it out any more.
    mutating func removeAll() {
        pending = []
        active = []
        waiting = [:]
    }

    private mutating func index(of peer: PeerID) -> Int {
        if let index = pending.firstIndex(where: { $0.peer == peer }) { return index }
        pending.append(Exchange(peer: peer))
        return pending.count - 1
    }
}
