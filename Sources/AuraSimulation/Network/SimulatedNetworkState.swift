internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

/// The peers of a simulated network, what lies between them and what is to happen next.
///
/// Peers and links are numbered in the order in which they are named first.
struct SimulatedNetworkState: Sendable {
    typealias Answer = OneShot<Result<Envelope, EffectError>>

    /// A peer's process; its name stays when it ends.
    struct Peer: Sendable {
        let name: PeerID
        /// The number of the handler that is alive; `nil` where none is.
        var life: UInt64?
        var mailboxes: [ChannelName: NetworkMailbox] = [:]
        /// The requests that it received and did not answer, and who sent them.
        var openRequests: [UInt64: Int] = [:]
        var observers: [Observer] = []
    }

    /// A sequence that nobody holds any more collects no events.
    struct Observer: Sendable {
        weak var queue: PeerEventQueue?
    }

    /// A request that waits for its reply or, before that, for room.
    struct Request: Sendable {
        var link: Int
        var channel: ChannelName
        var answer: Answer
        var isTaken: Bool
    }

    /// What makes some links worse until it is taken back.
    struct Disturbance: Sendable {
        enum Effect: Sendable {
            case partition
            case degradation(LinkDegradation)
        }

        var number: UInt64
        var effect: Effect
        var group: Set<Int>
        var others: Set<Int>
        var direction: LinkDirection

        func concerns(_ link: NetworkLink) -> Bool {
            (direction != .incoming && group.contains(link.from) && others.contains(link.to))
                || (direction != .outgoing && others.contains(link.from) && group.contains(link.to))
        }
    }

    struct Ends: Hashable {
        var from: Int
        var to: Int
    }

    static let errors = HandlerErrors(NetworkEffect.self, handler: SimulatedNetworkHandler.technology)

    let seed: UInt64
    let settings: ConnectionSettings
    var conditions: LinkConditions
    var counters = NetworkCounters()
    var agenda = NetworkAgenda()
    var peers: [Peer] = []
    var numbers: [PeerID: Int] = [:]
    /// The numbers of the peers in the order of their names.
    var sorted: [Int] = []
    var links: [NetworkLink] = []
    var slots: [Ends: Int] = [:]
    var requests: [UInt64: Request] = [:]
    var disturbances: [Disturbance] = []
    /// The handlers that ended by a crash.
    var crashed: Set<UInt64> = []
    private var lastNumber: UInt64 = 0

    init(seed: UInt64, settings: ConnectionSettings, conditions: LinkConditions) {
        self.seed = seed
        self.settings = settings
        self.conditions = conditions
    }

    /// A number that was not given before, for connections, requests, arrivals and whatever else needs a name.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }
}

// What happens by itself.
extension SimulatedNetworkState {
    /// When something happens next.
    mutating func nextMoment() -> MonotonicInstant? {
        while let first = agenda.first {
            guard isOver(first.event) else { return first.moment }
            agenda.removeFirst()
        }
        return nil
    }

    /// Lets everything happen whose time has come.
    mutating func advance(to now: MonotonicInstant) {
        while let first = agenda.first, first.moment <= now {
            agenda.removeFirst()
            guard !isOver(first.event) else { continue }
            switch first.event {
            case .arrival(let link, _): arrive(at: link, now)
            case .silence(let link, _): notice(at: link, now)
            case .breakdown(let link, _): disconnect(link, now)
            case .reconnection(let link): beginConnection(link, now)
            case .timeout(let request): expire(request, now)
            }
        }
    }

    /// Whether something else has made an event void.
    private func isOver(_ event: NetworkEvent) -> Bool {
        switch event {
        case .arrival(let link, let number): links[link].expectedArrival != number
        case .silence(let link, let number): links[link].silence != number
        case .breakdown(let link, let connection): links[link].connection != connection || !isWhole(link)
        case .reconnection(let link): isWhole(link) || !canConnect(link)
        case .timeout(let request): requests[request] == nil
        }
    }
}

// Names.
extension SimulatedNetworkState {
    /// The number of a peer, who need not have joined yet.
    mutating func number(of name: PeerID) -> Int {
        if let number = numbers[name] { return number }
        let number = peers.count
        numbers[name] = number
        peers.append(Peer(name: name))
        sorted.insert(number, at: sorted.firstIndex { peers[$0].name > name } ?? sorted.count)
        for other in 0..<number { addLinks(between: number, and: other) }
        return number
    }

    /// The link from a peer to another; `nil` where they are the same.
    func link(from peer: Int, to other: Int) -> Int? {
        slots[Ends(from: peer, to: other)]
    }

    private mutating func addLinks(between peer: Int, and other: Int) {
        let (slot, reverse) = (links.count, links.count + 1)
        for (from, to, slot, reverse) in [(peer, other, slot, reverse), (other, peer, reverse, slot)] {
            var link = NetworkLink(
                from: from,
                to: to,
                reverse: reverse,
                generator: generator(from: peers[from].name, to: peers[to].name),
                conditions: conditions
            )
            disturb(&link)
            links.append(link)
            slots[Ends(from: from, to: to)] = slot
        }
    }

    /// Each link has draws of its own: more traffic on one changes nothing on the others.
    private func generator(from sender: PeerID, to receiver: PeerID) -> SplitMix64 {
        // FNV-1a, since the standard library's hash differs from process to process.
        let hash = Array("\(sender.rawValue)\0\(receiver.rawValue)".utf8)
            .reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        var mixer = SplitMix64(state: seed ^ hash)
        return SplitMix64(state: mixer.next())
    }
}
