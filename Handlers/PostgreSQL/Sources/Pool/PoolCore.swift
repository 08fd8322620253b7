#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// A connection that is lent to one caller.
struct PoolLease<Connection: PooledConnection>: Sendable {
    var id: PoolConnectionID
    var connection: Connection
}

/// What a pool guards with its lock: the state, and what its numbers stand for.
struct PoolCore<Connection: PooledConnection>: Sendable {
    typealias Answer = Result<PoolLease<Connection>, PoolRefusal>
    typealias Caller = CheckedContinuation<Answer, Never>

    /// What a command comes to outside of the lock.
    enum Step: Sendable {
        case answer(Caller, Answer)
        case open(PoolConnectionID)
        case ping(PoolConnectionID, Connection)
        case close(PoolConnectionID, Connection)
        case timerMoved
        case drained
    }

    private(set) var state: PoolState
    private var connections: [PoolConnectionID: Connection] = [:]
    private var callers: [PoolWaiterID: Caller] = [:]
    private var lastWaiter: UInt64 = 0
    private let metrics: PoolMetrics

    init(_ configuration: PoolConfiguration, _ metrics: PoolMetrics) {
        state = PoolState(configuration)
        self.metrics = metrics
    }

    mutating func makeWaiter() -> PoolWaiterID {
        lastWaiter += 1
        return PoolWaiterID(number: lastWaiter)
    }

    /// A connection that is idle; `nil` where there is none, or it may not be lent.
    mutating func leaseAtOnce(now: MonotonicInstant) -> PoolLease<Connection>? {
        guard state.hasIdleConnection else { return nil }
        let commands = state.handle(.leaseRequested(makeWaiter(), deadline: nil), now: now)
        report()
        guard case .give(let id, _)? = commands.first else { return nil }
        return connections[id].map { PoolLease(id: id, connection: $0) }
    }

    /// Answers `caller` now or later.
    mutating func lease(
        _ caller: Caller,
        as waiter: PoolWaiterID,
        until deadline: MonotonicInstant?,
        now: MonotonicInstant
    ) -> [Step] {
        callers[waiter] = caller
        return handle(.leaseRequested(waiter, deadline: deadline), now: now)
    }

    /// Takes in a connection that was opened.
    mutating func takeIn(_ connection: Connection, as id: PoolConnectionID, now: MonotonicInstant) -> [Step] {
        connections[id] = connection
        return handle(.opened(id), now: now)
    }

    mutating func handle(_ event: PoolEvent, now: MonotonicInstant) -> [Step] {
        let commands = state.handle(event, now: now)
        report()
        return commands.compactMap { step($0) }
    }

    private func report() {
        guard metrics.isReporting else { return }
        let counts = state.counts
        metrics.changed(
            opening: counts.opening,
            idle: counts.idle,
            leased: counts.leased,
            waiting: counts.waiting
        )
    }

    private mutating func step(_ command: PoolCommand) -> Step? {
        switch command {
        case .open(let id):
            return .open(id)
        case .ping(let id):
            return connections[id].map { .ping(id, $0) }
        case .close(let id):
            return connections.removeValue(forKey: id).map { .close(id, $0) }
        case .give(let id, let waiter):
            guard let connection = connections[id], let caller = callers.removeValue(forKey: waiter) else { return nil }
            return .answer(caller, .success(PoolLease(id: id, connection: connection)))
        case .refuse(let waiter, let refusal):
            return callers.removeValue(forKey: waiter).map { .answer($0, .failure(refusal)) }
        case .setTimer:
            return .timerMoved
        case .drained:
            return .drained
        }
    }
}
#endif
