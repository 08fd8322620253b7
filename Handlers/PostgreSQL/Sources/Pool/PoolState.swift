#if PostgreSQL
internal import AuraEffects

/// A pool of connections as a state machine: it is told what happens, and says what to do.
///
/// It knows no clock, no task and no connection, only numbers; ``ConnectionPool`` carries its commands out. An event about
/// a connection or a caller that is in no state for it is ignored.
///
/// - The minimum is kept open; connections that are being opened or closed count towards the maximum.
/// - The connection used last is lent first, so that a surplus goes idle and is closed after its idle time.
/// - A connection that gives no sign of life, or comes back broken, makes the pool look after the idle ones at once: they
///   have often lost the same server.
/// - After a failed attempt to open a connection, a single one tries again after each pause, until one succeeds.
struct PoolState: Sendable {
    enum Phase: Sendable {
        case notStarted
        case running
        case draining
        case drained
    }

    enum ConnectionPhase: Sendable {
        case opening
        case idle
        case leased
        case pinging(idleSince: MonotonicInstant)
        case closing
    }

    struct IdleConnection: Sendable {
        var id: PoolConnectionID
        /// When a caller gave it back.
        var since: MonotonicInstant
        /// When it last was known to be alive.
        var lastSeenAlive: MonotonicInstant
    }

    let configuration: PoolConfiguration
    var phase = Phase.notStarted
    var now = MonotonicInstant(nanoseconds: .min)
    var connections: [PoolConnectionID: ConnectionPhase] = [:]
    /// Those that can be lent, the one used last at the end.
    var idle: [IdleConnection] = []
    var waiters = PoolWaiterQueue()
    var backoff: OpeningBackoff
    /// When the timer fires; `nil` where it is not set.
    var timer: MonotonicInstant?
    var commands: [PoolCommand] = []
    private var tally = PoolCounts()
    private var lastConnection: UInt64 = 0

    init(_ configuration: PoolConfiguration) {
        configuration.validate()
        self.configuration = configuration
        backoff = OpeningBackoff(configuration)
    }

    /// How many connections there are in each phase, and how many callers wait.
    var counts: PoolCounts {
        var counts = tally
        counts.waiting = waiters.count
        return counts
    }

    /// Whether a request is given a connection at once.
    var hasIdleConnection: Bool { phase == .running && !idle.isEmpty }

    /// Takes in what happened.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When; a moment before that of the last event counts as that of the last event.
    /// - Returns: What to do, in this order.
    mutating func handle(_ event: PoolEvent, now: MonotonicInstant) -> [PoolCommand] {
        self.now = max(self.now, now)
        switch event {
        case .started: start()
        case .leaseRequested(let waiter, let deadline): request(waiter, deadline)
        case .leaseWithdrawn(let waiter): withdraw(waiter)
        case .returned(let id, let isUsable): takeBack(id, isUsable: isUsable)
        case .opened(let id): takeIn(id)
        case .openingFailed(let id, let error, let jitter): giveUp(id, error, jitter: jitter)
        case .pingFinished(let id, let isAlive): takeBack(id, isAlive: isAlive)
        case .closed(let id): forget(id)
        case .timerFired:
            timer = nil
            maintain()
        case .drain: drain()
        }
        defer { commands = [] }
        return commands
    }

    // MARK: Phases of connections

    mutating func makeConnection() -> PoolConnectionID {
        lastConnection += 1
        let id = PoolConnectionID(number: lastConnection)
        move(id, to: .opening)
        return id
    }

    mutating func move(_ id: PoolConnectionID, to phase: ConnectionPhase?) {
        let before = connections[id]
        connections[id] = phase
        if let before { tally.add(-1, in: before) }
        if let phase { tally.add(1, in: phase) }
    }

    func isLeased(_ id: PoolConnectionID) -> Bool {
        if case .leased = connections[id] { true } else { false }
    }

    func isOpening(_ id: PoolConnectionID) -> Bool {
        if case .opening = connections[id] { true } else { false }
    }
}

extension PoolCounts {
    fileprivate mutating func add(_ change: Int, in phase: PoolState.ConnectionPhase) {
        switch phase {
        case .opening: opening += change
        case .idle: idle += change
        case .leased: leased += change
        case .pinging: pinging += change
        case .closing: closing += change
        }
    }
}
#endif
