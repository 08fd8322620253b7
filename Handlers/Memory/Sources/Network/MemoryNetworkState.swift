internal import AuraEffects
internal import AuraRuntime

/// The peers of a memory network and what lies between them.
struct MemoryNetworkState {
    typealias Answer = OneShot<Result<Envelope, EffectError>>

    /// A request that a peer received or will receive, and has not answered.
    private struct OpenRequest {
        var sender: PeerID
        var answer: Answer
    }

    private struct Node {
        var mailboxes: [ChannelName: Mailbox] = [:]
        var openRequests: [ReplyToken: OpenRequest] = [:]
        var eventQueues: [WeakEventQueue] = []

        mutating func notify(_ event: PeerEvent) {
            eventQueues.removeAll { $0.queue == nil }
            for entry in eventQueues { entry.queue?.add(event) }
        }
    }

    /// A sequence that nobody holds any more collects no events.
    private struct WeakEventQueue {
        weak var queue: PeerEventQueue?
    }

    /// Two peers in either order.
    private struct Pair: Hashable {
        var lesser: PeerID
        var greater: PeerID

        init(_ first: PeerID, _ second: PeerID) {
            lesser = min(first, second)
            greater = max(first, second)
        }
    }

    private let mailboxCapacity: Int
    private var nodes: [PeerID: Node] = [:]
    private var cut: Set<Pair> = []
    private var lastToken: UInt64 = 0

    init(mailboxCapacity: Int) {
        self.mailboxCapacity = mailboxCapacity
    }

    var peers: [PeerID] { nodes.keys.sorted() }

    func contains(_ peer: PeerID) -> Bool {
        nodes[peer] != nil
    }

    func isConnected(_ first: PeerID, _ second: PeerID) -> Bool {
        first != second && nodes[first] != nil && nodes[second] != nil && !cut.contains(Pair(first, second))
    }
}

// Peers and connections.
extension MemoryNetworkState {
    /// Adds a peer; `false` where there is one of that name.
    mutating func add(_ peer: PeerID) -> Bool {
        guard nodes[peer] == nil else { return false }
        nodes[peer] = Node()
        for other in peers where isConnected(peer, other) { nodes[other]?.notify(.connected(peer)) }
        return true
    }

    mutating func remove(_ peer: PeerID, error: EffectError) {
        for other in peers where isConnected(peer, other) { end(peer, other, error: error) }
        guard let node = nodes.removeValue(forKey: peer) else { return }
        cut = cut.filter { $0.lesser != peer && $0.greater != peer }
        for mailbox in node.mailboxes.values { mailbox.finish() }
        for entry in node.eventQueues { entry.queue?.finish() }
    }

    mutating func disconnect(_ first: PeerID, _ second: PeerID, error: EffectError) {
        guard isConnected(first, second) else { return }
        cut.insert(Pair(first, second))
        end(first, second, error: error)
    }

    mutating func connect(_ first: PeerID, _ second: PeerID) {
        guard cut.remove(Pair(first, second)) != nil else { return }
        nodes[first]?.notify(.connected(second))
        nodes[second]?.notify(.connected(first))
    }

    mutating func connectAll() {
        for pair in cut { connect(pair.lesser, pair.greater) }
    }

    private mutating func end(_ first: PeerID, _ second: PeerID, error: EffectError) {
        for (peer, other) in [(first, second), (second, first)] {
            for channel in nodes[peer]?.mailboxes.keys.map({ $0 }) ?? [] {
                nodes[peer]?.mailboxes[channel]?.disconnect(other, error: error)
            }
            for (token, request) in nodes[peer]?.openRequests ?? [:] where request.sender == other {
                var lost = error
                lost.operation = "request"
                lost.outcome = .unknown
                request.answer.resolve(.failure(lost))
                nodes[peer]?.openRequests[token] = nil
            }
            nodes[peer]?.notify(.disconnected(other))
        }
    }
}

// Messages.
extension MemoryNetworkState {
    mutating func send(_ envelope: Envelope, to peer: PeerID, _ admission: Mailbox.Admission) {
        nodes[peer]?.mailboxes[envelope.channel, default: Mailbox(capacity: mailboxCapacity)]
            .send(envelope, admission)
    }

    mutating func withdraw(_ admission: Mailbox.Admission, from channel: ChannelName, of peer: PeerID) {
        nodes[peer]?.mailboxes[channel]?.withdraw(admission)
    }

    mutating func receive(_ channel: ChannelName, at peer: PeerID, _ arrival: Mailbox.Arrival) {
        nodes[peer]?.mailboxes[channel, default: Mailbox(capacity: mailboxCapacity)].receive(arrival)
    }

    mutating func withdraw(_ arrival: Mailbox.Arrival, from channel: ChannelName, of peer: PeerID) {
        nodes[peer]?.mailboxes[channel]?.withdraw(arrival)
    }

    /// Opens a request of `sender` at `peer`, which answers it by the token.
    mutating func openRequest(from sender: PeerID, at peer: PeerID, _ answer: Answer) -> ReplyToken {
        lastToken += 1
        let token = ReplyToken(rawValue: lastToken)
        nodes[peer]?.openRequests[token] = OpenRequest(sender: sender, answer: answer)
        return token
    }

    /// Closes a request; `nil` where it was not open.
    @discardableResult
    mutating func closeRequest(_ token: ReplyToken, at peer: PeerID) -> Answer? {
        nodes[peer]?.openRequests.removeValue(forKey: token)?.answer
    }

    mutating func addEventQueue(_ queue: PeerEventQueue, at peer: PeerID) {
        nodes[peer]?.eventQueues.append(WeakEventQueue(queue: queue))
    }
}
