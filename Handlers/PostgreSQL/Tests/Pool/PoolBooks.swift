#if PostgreSQL
internal import AuraEffects
@testable internal import AuraPostgreSQL

/// What a pool has done wrong.
struct PoolViolation: Error, CustomStringConvertible {
    var description: String
}

/// The books of somebody who sees only the events and commands of a pool, and checks each command against them.
struct PoolBooks {
    enum Phase: Equatable {
        case opening
        case idle(since: MonotonicInstant, seen: MonotonicInstant)
        case leased
        case pinging(since: MonotonicInstant)
        case closing
    }

    struct Waiter {
        var id: PoolWaiterID
        var deadline: MonotonicInstant
    }

    let configuration: PoolConfiguration
    private(set) var connections: [PoolConnectionID: Phase] = [:]
    private(set) var waiting: [Waiter] = []
    private(set) var timer: MonotonicInstant?
    private(set) var isDraining = false
    private(set) var isDrained = false
    private(set) var isFailing = false
    private(set) var opened = 0
    private(set) var closed = 0
    private(set) var asked = 0
    private(set) var answered = 0
    private var highest: PoolConnectionID = 0
    /// Before which no attempt to open a connection may follow a failed one.
    private var pauseEnd = MonotonicInstant.seconds(0)
    /// The last connection that was asked for before that pause began.
    private var lastBeforePause: PoolConnectionID = 0
    private var now = MonotonicInstant.seconds(0)

    init(_ configuration: PoolConfiguration) {
        self.configuration = configuration
    }

    var counts: PoolCounts {
        var counts = PoolCounts(waiting: waiting.count)
        for phase in connections.values {
            switch phase {
            case .opening: counts.opening += 1
            case .idle: counts.idle += 1
            case .leased: counts.leased += 1
            case .pinging: counts.pinging += 1
            case .closing: counts.closing += 1
            }
        }
        return counts
    }

    /// The connections in a phase, in the order of their numbers.
    func ids(_ isIncluded: (Phase) -> Bool) -> [PoolConnectionID] {
        connections.filter { isIncluded($0.value) }.map(\.key).sorted()
    }

    func check(_ condition: Bool, _ message: @autoclosure () -> String) throws(PoolViolation) {
        if !condition { throw PoolViolation(description: message()) }
    }

    // MARK: Events

    mutating func note(_ event: PoolEvent, now: MonotonicInstant) {
        self.now = now
        switch event {
        case .started: break
        case .leaseRequested(let id, let deadline):
            let longest = now.advanced(by: configuration.longestWait)
            waiting.append(Waiter(id: id, deadline: min(deadline ?? longest, longest)))
            asked += 1
        case .leaseWithdrawn: break
        case .returned(let id, _): connections[id] = .idle(since: now, seen: now)
        case .opened(let id):
            connections[id] = .idle(since: now, seen: now)
            opened += 1
            isFailing = false
        case .openingFailed(let id, _, _):
            connections[id] = nil
            // Attempts that were under way when the pause began are part of the failure before it.
            if !isFailing || id > lastBeforePause {
                pauseEnd = now.advanced(by: configuration.firstPause / 2)
                lastBeforePause = highest
            }
            isFailing = true
        case .pingFinished(let id, _):
            if case .pinging(let since) = connections[id] { connections[id] = .idle(since: since, seen: now) }
        case .closed(let id):
            connections[id] = nil
            closed += 1
        case .timerFired: timer = nil
        case .drain: isDraining = true
        }
    }

    // MARK: Commands

    mutating func carryOut(_ command: PoolCommand, of event: PoolEvent) throws(PoolViolation) {
        try check(!isDrained, "\(command) after the end")
        switch command {
        case .open(let id):
            try check(id > highest && !isDraining, "\(command) comes again or too late")
            try check(!isFailing || counts.opening == 0 && now >= pauseEnd, "\(command) follows a failure too soon")
            highest = id
            connections[id] = .opening
        case .ping(let id):
            guard case .idle(let since, _) = connections[id] else { throw misplaced(command) }
            connections[id] = .pinging(since: since)
        case .close(let id):
            guard case .idle = connections[id] else { throw misplaced(command) }
            connections[id] = .closing
        case .give(let id, let waiter):
            guard case .idle(let since, _) = connections[id] else { throw misplaced(command) }
            try check(waiting.first?.id == waiter, "\(command), but \(String(describing: waiting.first)) is first")
            try checkUsable(id, event)
            if case .leaseRequested = event { try checkUsedLast(since) }
            waiting.removeFirst()
            answered += 1
            connections[id] = .leased
        case .refuse(let waiter, let refusal):
            guard let index = waiting.firstIndex(where: { $0.id == waiter }) else { throw misplaced(command) }
            try checkReason(refusal, of: waiting[index], event)
            waiting.remove(at: index)
            answered += 1
        case .setTimer(let moment):
            timer = moment
        case .drained:
            try check(isDraining && connections.isEmpty && waiting.isEmpty, "drained too early")
            isDrained = true
        }
    }

    private func misplaced(_ command: PoolCommand) -> PoolViolation {
        PoolViolation(description: "\(command) does not fit \(connections) and \(waiting.map(\.id.number))")
    }

    /// A connection that has just come back broken is lent to nobody.
    private func checkUsable(_ id: PoolConnectionID, _ event: PoolEvent) throws(PoolViolation) {
        switch event {
        case .returned(id, isUsable: false), .pingFinished(id, isAlive: false):
            throw PoolViolation(description: "\(id.number) is lent although it is broken")
        default: break
        }
    }

    private func checkUsedLast(_ since: MonotonicInstant) throws(PoolViolation) {
        for phase in connections.values {
            if case .idle(let other, _) = phase { try check(other <= since, "another connection was used later") }
        }
    }

    private func checkReason(_ refusal: PoolRefusal, of waiter: Waiter, _ event: PoolEvent) throws(PoolViolation) {
        let fits =
            switch refusal {
            case .withdrawn:
                if case .leaseWithdrawn(waiter.id) = event { true } else { false }
            case .expired: waiter.deadline <= now
            case .tooManyWaiting: waiting.count > configuration.waiterLimit
            case .cannotOpen: isFailing && counts.open == 0 && counts.opening == 0
            case .notStarted: false
            case .stopped: isDraining
            }
        try check(fits, "\(waiter) is refused as \(refusal.name)")
    }
}
#endif
