internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import AuraSimulation

/// A simulated network on a clock that a test moves, and a log of what arrives when.
final class NetworkStage: Sendable {
    struct Arrival: Hashable, CustomStringConvertible {
        var moment: Duration
        var from: String
        var to: String
        var number: Int

        var description: String { "\(number) \(from)→\(to) at \(moment)" }
    }

    let time = ManualTimeHandler()
    let sleeps: SleepGauge
    let network: SimulatedNetwork
    private let log = Mutex<[Arrival]>([])
    private let consumed = Mutex<Set<PeerID>>([])
    private let tasks = Mutex<[Task<Void, Never>]>([])

    init(
        _ conditions: LinkConditions = LinkConditions(latency: .milliseconds(10)),
        seed: UInt64 = 1,
        settings: ConnectionSettings = ConnectionSettings(detectionDelay: .seconds(4), reconnectDelay: .seconds(1))
    ) {
        sleeps = SleepGauge(time)
        network = SimulatedNetwork(time: sleeps, seed: seed, conditions: conditions, settings: settings)
        start { [network] in await network.run() }
    }

    deinit {
        for task in tasks.withLock({ $0 }) { task.cancel() }
    }

    /// What arrived so far.
    var arrivals: [Arrival] { log.withLock { $0 } }
    /// The numbers that arrived so far.
    var numbers: [Int] { arrivals.map(\.number) }
    /// How much time has passed.
    var now: Duration { MonotonicInstant(nanoseconds: 0).duration(to: time.monotonicNow) }

    func join(_ name: String, consuming: Bool = true) -> SimulatedNetworkHandler {
        let node = network.handler(for: PeerID(name))
        if consuming { consume(at: node) }
        return node
    }

    /// Logs what arrives at a peer.
    func consume(at node: SimulatedNetworkHandler) {
        consumed.withLock { _ = $0.insert(node.localPeer) }
        start { [weak self] in
            var messages = node.incoming("numbers").makeAsyncIterator()
            while let message = try? await messages.next() {
                guard let self else { return }
                let arrival = Arrival(
                    moment: now,
                    from: message.sender?.rawValue ?? "?",
                    to: node.localPeer.rawValue,
                    number: message.payload.prefix(4).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
                )
                log.withLock { $0.append(arrival) }
            }
        }
    }

    /// Lets time pass in steps from event to event; whatever is due has happened, and was logged, before the next.
    ///
    /// Everything that arrives needs a consumer of the stage.
    func pass(_ duration: Duration) async {
        let end = time.monotonicNow.advanced(by: duration)
        while true {
            while isUnsettled { await Task.yield() }
            guard let next = nextMoment, next <= end else { break }
            time.advance(to: next)
        }
        time.advance(to: end)
    }

    /// When the network has something to do next, which may be due already.
    var nextMoment: MonotonicInstant? {
        network.withState { state, _ in state.nextMoment() }
    }

    private var isUnsettled: Bool {
        if let nextMoment, nextMoment <= time.monotonicNow { return true }
        // A consumer that is between two messages leaves the next in its mailbox for a moment.
        let consumed = consumed.withLock { $0 }
        let isWaiting = network.withState { state, _ in
            state.peers.contains { consumed.contains($0.name) && $0.mailboxes["numbers"]?.buffer.isEmpty == false }
        }
        return isWaiting || log.withLock { $0.count } < network.counters.delivered
    }

    private func start(_ body: @escaping @Sendable () async -> Void) {
        tasks.withLock { $0.append(Task { await body() }) }
    }
}

/// Counts how many tasks sleep at once.
final class SleepGauge: TimeEffects {
    private let base: ManualTimeHandler
    private let counts = Mutex((now: 0, most: 0))

    init(_ base: ManualTimeHandler) {
        self.base = base
    }

    /// How many slept at once at most.
    var most: Int { counts.withLock { $0.most } }

    var capabilities: Capabilities { base.capabilities }
    var now: WallTime { base.now }
    var monotonicNow: MonotonicInstant { base.monotonicNow }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        defer { counts.withLock { $0.now -= 1 } }
        try await base.sleep(until: deadline)
    }
}

extension SimulatedNetworkHandler {
    /// Sends a number, followed by as many zeros as wanted.
    func send(_ number: Int, to peer: SimulatedNetworkHandler, padding: Int = 0) async throws(EffectError) {
        try await send(.numbered(number, padding: padding), to: peer.localPeer)
    }
}

extension Envelope {
    static func numbered(_ number: Int, padding: Int = 0) -> Envelope {
        let digits = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        return Envelope(channel: "numbers", payload: digits + Array(repeating: 0, count: padding))
    }
}

/// How a call ended that is expected to fail.
func failure<Value>(of body: () async throws(EffectError) -> Value) async -> EffectError? {
    do throws(EffectError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}
