internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@testable internal import AuraSimulation

@Suite("Any run of the simulated network")
struct NetworkPropertyTests {
    @Test("each connection delivers an ordered prefix, once, and everything is accounted for", arguments: 0..<200)
    func prefixes(_ seed: Int) throws {
        var run = NetworkRun(seed: UInt64(seed))
        try run.perform(600)
        try run.settle()

        #expect(run.state.counters.pending == 0)
        #expect(run.state.counters.delivered > 0)
        #expect(run.state.counters.sent == run.sent.values.reduce(0) { $0 + $1.count })
        #expect(run.state.counters.delivered == run.received.values.reduce(0) { $0 + $1.count })
        for (path, numbers) in run.received {
            let sent = try #require(run.sent[path])
            #expect(numbers == Array(sent.prefix(numbers.count)), "\(path)")
            // Without a disconnection nothing is lost.
            if run.isOpen(path) { #expect(numbers == sent, "\(path)") }
        }
        #expect(run.state.links.allSatisfy { $0.frames.isEmpty && $0.silence == 0 && $0.isOpen })
    }

    @Test("the same seed gives the same run, and another seed another")
    func determinism() throws {
        func log(_ seed: UInt64) throws -> [String] {
            var run = NetworkRun(seed: seed)
            try run.perform(300)
            try run.settle()
            return run.log
        }
        for seed in 0..<20 as Range<UInt64> {
            let first = try log(seed)
            #expect(try log(seed) == first)
            #expect(try log(seed + 1000) != first)
            #expect(first.count > 30)
        }
    }

    @Test("traffic on one link changes nothing on another")
    func independence() throws {
        func arrivals(withTraffic: Bool) throws -> [MonotonicInstant] {
            var state = SimulatedNetworkState(seed: 5, settings: ConnectionSettings(), conditions: .rough)
            let start = MonotonicInstant(nanoseconds: 0)
            let numbers = ["a", "b", "c"].map { state.number(of: PeerID($0)) }
            let lives = numbers.map { state.join($0, start) }
            for number in 0..<50 {
                _ = try state.send(.numbered(number), to: PeerID("b"), from: numbers[0], lives[0], start)
                guard withTraffic else { continue }
                _ = try state.send(.numbered(number), to: PeerID("a"), from: numbers[2], lives[2], start)
                _ = try state.send(.numbered(number), to: PeerID("a"), from: numbers[1], lives[1], start)
            }
            return state.links.first { $0.from == numbers[0] && $0.to == numbers[1] }?.frames.map(\.arrival) ?? []
        }
        let alone = try arrivals(withTraffic: false)
        #expect(alone.count == 50)
        #expect(try arrivals(withTraffic: true) == alone)
    }
}

/// A seeded sequence of sends, faults and passing time on the network's state, with a record of what was sent and received.
private struct NetworkRun {
    /// The way of a message: over which connection, from whom to whom.
    struct Path: Hashable, CustomStringConvertible {
        var connection: UInt64
        var from: Int
        var to: Int
        var description: String { "\(from)→\(to) over connection \(connection)" }
    }

    var state: SimulatedNetworkState
    var sent: [Path: [Int]] = [:]
    var received: [Path: [Int]] = [:]
    var log: [String] = []
    private var generator: SplitMix64
    private var now = MonotonicInstant(nanoseconds: 0)
    private var lives: [UInt64?] = []
    private var paths: [Int: Path] = [:]
    private var disturbances: [UInt64] = []
    private let names = (0..<4).map { PeerID("peer \($0)") }

    init(seed: UInt64) {
        generator = SplitMix64(state: seed)
        var conditions = LinkConditions.rough
        conditions.lossProbability = 0.01
        let settings = ConnectionSettings(mailboxCapacity: 5, detectionDelay: .seconds(2))
        state = SimulatedNetworkState(seed: seed, settings: settings, conditions: conditions)
        for name in names { lives.append(state.join(state.number(of: name), now)) }
    }

    func isOpen(_ path: Path) -> Bool {
        state.links.contains {
            $0.isOpen && ($0.connection, $0.from, $0.to) == (path.connection, path.from, path.to)
        }
    }

    mutating func perform(_ count: Int) throws {
        for number in 0..<count {
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<50: try send(number)
            case 50..<65: pass(.milliseconds(Int.random(in: 0..<40, using: &generator)))
            case 65..<85: try consume(peer: peer())
            case 85..<88: pass(.seconds(Int.random(in: 0..<5, using: &generator)))
            case 88..<91: state.disconnect(link(), now)
            case 91..<93: disturb()
            case 93..<96: endDisturbance()
            case 96: crash()
            default: revive()
            }
        }
    }

    /// Ends every fault, and lets everything arrive and be consumed.
    mutating func settle() throws {
        state.endDisturbances(now)
        for _ in names { revive() }
        for link in state.links.indices {
            state.links[link].conditions.lossProbability = 0
            state.links[link].effective.lossProbability = 0
        }
        for _ in 0..<60 {
            pass(.seconds(3))
            for peer in names.indices { try consume(peer: peer) }
        }
    }

    private mutating func send(_ number: Int) throws {
        let (from, to) = (peer(), peer())
        guard let life = lives[from], from != to else { return }
        var admission: NetworkMailbox.Admission?
        do {
            admission = try state.send(.numbered(number), to: names[to], from: from, life, now)
        } catch {
            return log.append("\(number) is refused: \(error.code)")
        }
        if let admission {
            // Nobody waits here: a sender that finds no room gives up.
            state.withdraw(admission, from: "numbers", of: names[to])
            return log.append("\(number) finds no room")
        }
        let link = try #require(state.link(from: from, to: to))
        let path = Path(connection: state.links[link].connection, from: from, to: to)
        paths[number] = path
        sent[path, default: []].append(number)
    }

    private mutating func consume(peer: Int) throws {
        guard lives[peer] != nil else { return }
        while let message = state.peers[peer].mailboxes["numbers"]?.buffer.first {
            state.receive(NetworkMailbox.Arrival(), "numbers", peer, now)
            let number = Int(message.payload[0]) | Int(message.payload[1]) << 8
            let path = try #require(paths[number])
            #expect(path.to == peer && message.sender == names[path.from])
            received[path, default: []].append(number)
            log.append("\(number) arrives at \(peer) by \(now.nanoseconds)")
        }
    }

    private mutating func pass(_ duration: Duration) {
        let end = now.advanced(by: duration)
        while let next = state.nextMoment(), next <= end {
            now = max(now, next)
            state.advance(to: now)
        }
        now = end
    }

    private mutating func disturb() {
        let group = Set(names.filter { _ in Bool.random(using: &generator) })
        let directions: [LinkDirection] = [.both, .incoming, .outgoing]
        let effects: [SimulatedNetworkState.Disturbance.Effect] = [
            .partition, .partition,
            .degradation(LinkDegradation(addedLatency: .seconds(1), bandwidth: BytesPerSecond(1000))),
        ]
        let direction = directions[Int.random(in: 0..<3, using: &generator)]
        let effect = effects[Int.random(in: 0..<3, using: &generator)]
        disturbances.append(state.disturb(effect, group, Set(names).subtracting(group), direction, now))
    }

    private mutating func endDisturbance() {
        guard !disturbances.isEmpty else { return }
        state.endDisturbance(disturbances.removeFirst(), now)
    }

    private mutating func crash() {
        let peer = peer()
        state.crash(peer, now)
        lives[peer] = nil
    }

    private mutating func revive() {
        guard let peer = lives.firstIndex(of: nil) else { return }
        lives[peer] = state.join(peer, now)
    }

    private mutating func peer() -> Int {
        Int.random(in: 0..<names.count, using: &generator)
    }

    private mutating func link() -> Int {
        Int.random(in: 0..<state.links.count, using: &generator)
    }
}
