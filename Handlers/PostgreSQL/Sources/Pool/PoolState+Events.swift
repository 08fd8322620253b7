#if PostgreSQL
internal import AuraEffects

// What each event means.
extension PoolState {
    mutating func start() {
        guard phase == .notStarted else { return }
        phase = .running
        maintain()
    }

    mutating func request(_ waiter: PoolWaiterID, _ deadline: MonotonicInstant?) {
        switch phase {
        case .running: break
        case .notStarted: return commands.append(.refuse(waiter, .notStarted))
        case .draining, .drained: return commands.append(.refuse(waiter, .stopped))
        }
        if let last = idle.popLast() { return give(last.id, to: waiter) }
        if let failure = hopelessFailure { return commands.append(.refuse(waiter, .cannotOpen(failure))) }
        guard waiters.count < configuration.waiterLimit else {
            return commands.append(.refuse(waiter, .tooManyWaiting(counts)))
        }
        let longest = now.advanced(by: configuration.longestWait)
        let deadline = deadline.map { min($0, longest) } ?? longest
        guard deadline > now else { return commands.append(.refuse(waiter, .expired(counts, failureWhileWaiting))) }
        waiters.append(waiter, deadline: deadline)
        setTimer(noLaterThan: deadline)
        openWanted()
    }

    mutating func withdraw(_ waiter: PoolWaiterID) {
        if waiters.remove(waiter) { commands.append(.refuse(waiter, .withdrawn)) }
    }

    mutating func takeBack(_ id: PoolConnectionID, isUsable: Bool) {
        guard isLeased(id) else { return }
        guard isUsable, phase == .running else {
            close(id)
            if !isUsable { pingIdle() }
            return maintain()
        }
        if let waiter = waiters.popFirst() { return give(id, to: waiter) }
        putAside(IdleConnection(id: id, since: now, lastSeenAlive: now))
    }

    mutating func takeIn(_ id: PoolConnectionID) {
        guard isOpening(id) else { return }
        backoff.succeeded()
        lendOrKeep(IdleConnection(id: id, since: now, lastSeenAlive: now))
        maintain()
    }

    mutating func giveUp(_ id: PoolConnectionID, _ error: EffectError, jitter: Double) {
        guard isOpening(id) else { return }
        move(id, to: nil)
        backoff.failed(error, at: now, jitter: jitter)
        maintain()
    }

    mutating func takeBack(_ id: PoolConnectionID, isAlive: Bool) {
        guard case .pinging(let idleSince) = connections[id] else { return }
        if isAlive {
            lendOrKeep(IdleConnection(id: id, since: idleSince, lastSeenAlive: now))
        } else {
            close(id)
            pingIdle()
        }
        maintain()
    }

    mutating func forget(_ id: PoolConnectionID) {
        guard case .closing = connections[id] else { return }
        move(id, to: nil)
        maintain()
    }

    mutating func drain() {
        guard phase == .notStarted || phase == .running else { return }
        phase = .draining
        for waiter in waiters.removeAll() { commands.append(.refuse(waiter, .stopped)) }
        for connection in idle { close(connection.id) }
        idle = []
        maintain()
    }

    private mutating func give(_ id: PoolConnectionID, to waiter: PoolWaiterID) {
        move(id, to: .leased)
        commands.append(.give(id, to: waiter))
    }

    private mutating func lendOrKeep(_ connection: IdleConnection) {
        if phase != .running {
            close(connection.id)
        } else if let waiter = waiters.popFirst() {
            give(connection.id, to: waiter)
        } else {
            putAside(connection)
        }
    }

    private mutating func putAside(_ connection: IdleConnection) {
        move(connection.id, to: .idle)
        // By the moment of its return: a ping does not make a connection one that was used lately.
        let place = (idle.lastIndex { $0.since <= connection.since } ?? -1) + 1
        idle.insert(connection, at: place)
        setTimer(noLaterThan: upkeepMoment(of: connection))
    }
}
#endif
