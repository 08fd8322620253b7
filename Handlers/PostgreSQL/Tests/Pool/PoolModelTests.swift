#if PostgreSQL
internal import AuraEffects
internal import AuraMemory
@testable internal import AuraPostgreSQL
internal import Testing

/// A pool under random events that follow from a seed.
struct PoolRun {
    private var random: SplitMix64
    private var state: PoolState
    private var books: PoolBooks
    private var now = MonotonicInstant.seconds(0)
    private var lastWaiter: UInt64 = 0
    /// What has happened, for the message of a failure; `nil` where nobody asks for it.
    private(set) var log: [String]?

    init(seed: UInt64, isLogged: Bool = false) {
        log = isLogged ? [] : nil
        var random = SplitMix64(state: seed)
        var configuration = PoolConfiguration()
        configuration.maximum = Int.random(in: 1...5, using: &random)
        configuration.minimum = Int.random(in: 0...min(configuration.maximum, 3), using: &random)
        configuration.idleTime = .seconds(Int.random(in: 1...20, using: &random))
        configuration.keepAliveInterval = .seconds(Int.random(in: 1...20, using: &random))
        configuration.waiterLimit = Int.random(in: 0...8, using: &random)
        configuration.longestWait = .seconds(Int.random(in: 0...30, using: &random))
        configuration.firstPause = .seconds(1)
        state = PoolState(configuration)
        books = PoolBooks(configuration)
        self.random = random
    }

    /// Random events, then quiet in which every caller is served, then the end.
    mutating func run(events: Int) throws(PoolViolation) {
        try happen(.started)
        for _ in 0..<events { try happenAtRandom() }
        if chance(0.7) { try calmDown() }
        try happen(.drain)
        for _ in 0..<events where !books.isDrained { try happenAtRandom() }
        while let event = pendingEvent(isGood: chance(0.5)) { try happen(event) }
        try books.check(books.isDrained, "the pool does not end")
        try books.check(books.asked == books.answered, "a caller was never answered")
    }

    private mutating func happen(_ event: PoolEvent) throws(PoolViolation) {
        log?.append("\(now.nanoseconds / 1_000_000) ms: \(event)")
        books.note(event, now: now)
        for command in state.handle(event, now: now) {
            log?.append("    \(command)")
            try books.carryOut(command, of: event)
        }
        try books.checkInvariants(state, after: event, now: now)
    }

    private mutating func happenAtRandom() throws(PoolViolation) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...2:
            lastWaiter += 1
            let deadline = now.advanced(by: .milliseconds(Int.random(in: -100...20_000, using: &random)))
            try happen(.leaseRequested(PoolWaiterID(number: lastWaiter), deadline: chance(0.7) ? deadline : nil))
        case 3:
            // Often one that has its answer already.
            let waiter = UInt64.random(in: 1...max(lastWaiter, 1), using: &random)
            try happen(.leaseWithdrawn(PoolWaiterID(number: chance(0.5) ? waiter : max(lastWaiter, 1))))
        case 4...5:
            now = now.advanced(by: .milliseconds(Int.random(in: 0...4_000, using: &random)))
            try fireTimer()
        default:
            if let event = pendingEvent(isGood: chance(0.7)) { try happen(event) }
        }
    }

    private mutating func fireTimer() throws(PoolViolation) {
        if let timer = books.timer, timer <= now { try happen(.timerFired) }
    }

    /// The answer to something that the pool waits for; `nil` where it waits for nothing.
    private mutating func pendingEvent(isGood: Bool) -> PoolEvent? {
        let ids = books.ids {
            if case .idle = $0 { false } else { true }
        }
        guard let id = ids.randomElement(using: &random) else { return nil }
        switch books.connections[id] {
        case .opening:
            let jitter = Double.random(in: 0..<1, using: &random)
            let error = chance(0.5) ? EffectError.refusedForNow : .wrongPassword
            return isGood ? .opened(id) : .openingFailed(id, error, jitter: jitter)
        case .leased: return .returned(id, isUsable: isGood)
        case .pinging: return .pingFinished(id, isAlive: isGood)
        case .closing: return .closed(id)
        case .idle, nil: return nil
        }
    }

    /// Lets everything succeed for a while: nobody waits in the end, and the pool has its minimum and no surplus.
    private mutating func calmDown() throws(PoolViolation) {
        for _ in 0..<1000 {
            if let event = pendingEvent(isGood: true) {
                try happen(event)
            } else if !books.waiting.isEmpty || books.isFailing && state.counts.open < state.configuration.minimum {
                now = max(now, books.timer ?? now)
                try fireTimer()
            } else {
                break
            }
        }
        try books.check(books.waiting.isEmpty, "callers wait although all is well")
        now = now.advanced(by: state.configuration.idleTime)
        try fireTimer()
        while let event = pendingEvent(isGood: true) { try happen(event) }
        try fireTimer()
        while let event = pendingEvent(isGood: true) { try happen(event) }
        let minimum = state.configuration.minimum
        try books.check(
            state.counts == PoolCounts(idle: minimum),
            "\(state.counts) are left of a minimum of \(minimum)"
        )
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }
}

@Suite("The state of a pool: random events")
struct PoolModelTests {
    @Test("connections are neither lost, lent twice nor too many, and every caller gets one answer", arguments: 0..<10)
    func invariants(part: UInt64) {
        for seed in part * 1000..<(part + 1) * 1000 {
            var run = PoolRun(seed: seed)
            do throws(PoolViolation) {
                try run.run(events: 40)
            } catch {
                run = PoolRun(seed: seed, isLogged: true)
                try? run.run(events: 40)
                Issue.record("Seed \(seed): \(error)\n\(run.log?.joined(separator: "\n") ?? "")")
                return
            }
        }
    }
}
#endif
