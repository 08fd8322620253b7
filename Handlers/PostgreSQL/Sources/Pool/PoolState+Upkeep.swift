#if PostgreSQL
internal import AuraEffects

// What follows from the state and the time, whatever happened.
extension PoolState {
    mutating func maintain() {
        guard phase == .running else { return finishDraining() }
        refuseExpired()
        refuseHopeless()
        closeSurplus()
        pingSilent()
        openWanted()
        if let next = nextMoment { setTimer(noLaterThan: next) }
    }

    private mutating func finishDraining() {
        guard phase == .draining, connections.isEmpty else { return }
        phase = .drained
        commands.append(.drained)
    }

    // MARK: Callers

    private mutating func refuseExpired() {
        let counts = counts
        for waiter in waiters.removeExpired(at: now) {
            commands.append(.refuse(waiter, .expired(counts, failureWhileWaiting)))
        }
    }

    /// Why waiting is of no use: nothing is open, and the last attempt failed in a way that does not pass by itself.
    var hopelessFailure: EffectError? {
        guard let failure = backoff.lastFailure, !failure.isRetryable else { return nil }
        let counts = counts
        // Once the pause is over, the next caller waits for the next attempt.
        guard backoff.isPausing(at: now), counts.open == 0, counts.opening == 0 else { return nil }
        return failure
    }

    /// Why a caller waits in vain: the last failure to open a connection, where a further one would fit.
    var failureWhileWaiting: EffectError? {
        counts.open < configuration.maximum ? backoff.lastFailure : nil
    }

    private mutating func refuseHopeless() {
        guard let failure = hopelessFailure else { return }
        for waiter in waiters.removeAll() { commands.append(.refuse(waiter, .cannotOpen(failure))) }
    }

    // MARK: Opening

    mutating func openWanted() {
        var wanted = wantedOpenings
        guard wanted > 0 else { return }
        if let retryAt = backoff.retryAt, now < retryAt { return setTimer(noLaterThan: retryAt) }
        if backoff.isFailing { wanted = min(wanted, 1 - counts.opening) }
        while wanted > 0 {
            commands.append(.open(makeConnection()))
            wanted -= 1
        }
    }

    /// How many connections are lacking and fit, pauses aside.
    private var wantedOpenings: Int {
        let counts = counts
        let lacking = max(configuration.minimum - counts.open, waiters.count) - counts.opening
        return min(lacking, configuration.maximum - counts.total)
    }

    // MARK: Idle connections

    mutating func close(_ id: PoolConnectionID) {
        move(id, to: .closing)
        commands.append(.close(id))
    }

    private var surplus: Int {
        counts.open - configuration.minimum
    }

    private func idleEnd(of connection: IdleConnection) -> MonotonicInstant {
        connection.since.advanced(by: configuration.idleTime)
    }

    private func keepAliveMoment(of connection: IdleConnection) -> MonotonicInstant {
        connection.lastSeenAlive.advanced(by: configuration.keepAliveInterval)
    }

    /// When an idle connection is closed or pinged, whichever comes first.
    func upkeepMoment(of connection: IdleConnection) -> MonotonicInstant {
        min(idleEnd(of: connection), keepAliveMoment(of: connection))
    }

    private mutating func closeSurplus() {
        while surplus > 0, let first = idle.first, idleEnd(of: first) <= now {
            idle.removeFirst()
            close(first.id)
        }
    }

    private mutating func pingSilent() {
        let silent = idle.filter { keepAliveMoment(of: $0) <= now }
        guard !silent.isEmpty else { return }
        idle = idle.filter { keepAliveMoment(of: $0) > now }
        for connection in silent { ping(connection) }
    }

    mutating func pingIdle() {
        for connection in idle { ping(connection) }
        idle = []
    }

    private mutating func ping(_ connection: IdleConnection) {
        move(connection.id, to: .pinging(idleSince: connection.since))
        commands.append(.ping(connection.id))
    }

    // MARK: The timer

    /// Sets the timer to a moment where it would fire later or never.
    ///
    /// A timer that fires too early only makes the pool look; so nothing sets it to a later moment, and a connection that
    /// goes back and forth between callers does not touch it.
    mutating func setTimer(noLaterThan moment: MonotonicInstant) {
        if let timer, timer <= moment { return }
        timer = moment
        commands.append(.setTimer(moment))
    }

    private var nextMoment: MonotonicInstant? {
        var next = waiters.earliestDeadline
        func consider(_ moment: MonotonicInstant) { next = next.map { min($0, moment) } ?? moment }
        if surplus > 0, let first = idle.first { consider(idleEnd(of: first)) }
        for connection in idle { consider(keepAliveMoment(of: connection)) }
        return next
    }
}
#endif
