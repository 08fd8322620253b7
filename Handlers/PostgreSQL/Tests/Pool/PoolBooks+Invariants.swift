#if PostgreSQL
internal import AuraEffects
@testable internal import AuraPostgreSQL

// What holds after each event.
extension PoolBooks {
    func checkInvariants(_ state: PoolState, after event: PoolEvent, now: MonotonicInstant) throws(PoolViolation) {
        let counts = counts
        try check(state.counts == counts, "the pool counts \(state.counts), there are \(counts)")
        try check(connections.count <= configuration.maximum, "\(connections.count) are more than the maximum")
        try check(opened == connections.count - counts.opening + closed, "a connection was lost: \(counts)")
        try check(asked == answered + waiting.count, "a caller was lost")
        if isDraining {
            try check(counts.idle == 0 && waiting.isEmpty, "a draining pool holds on to \(counts)")
            try check(isDrained == connections.isEmpty, "the end is not told: \(counts)")
        } else {
            try checkService(counts)
            if case .timerFired = event { try checkUpkeep(counts, now) }
        }
    }

    private func checkService(_ counts: PoolCounts) throws(PoolViolation) {
        try check(counts.idle == 0 || waiting.isEmpty, "a caller waits beside an idle connection")
        let isFull = connections.count == configuration.maximum
        let lacking = max(configuration.minimum - counts.open, waiting.count) - counts.opening
        if lacking > 0, !isFull {
            try check(isFailing, "\(lacking) connections more are wanted, and not opened")
            try check(counts.opening > 0 || timer != nil, "nothing makes the pool try again")
        }
        if let earliest = waiting.map(\.deadline).min() {
            guard let timer else { throw PoolViolation(description: "no timer for the callers") }
            try check(timer <= earliest, "the timer comes after a caller's deadline")
        }
        for phase in connections.values {
            guard case .idle(_, let seen) = phase else { continue }
            guard let timer else { throw PoolViolation(description: "no timer for idle connections") }
            try check(
                timer <= seen.advanced(by: configuration.keepAliveInterval),
                "the timer comes after a ping is due"
            )
        }
    }

    /// What the timer has done when it has fired.
    private func checkUpkeep(_ counts: PoolCounts, _ now: MonotonicInstant) throws(PoolViolation) {
        try check(timer.map { $0 > now } ?? true, "the timer fires again at once")
        try check(waiting.allSatisfy { $0.deadline > now }, "a caller waits beyond its deadline")
        for phase in connections.values {
            guard case .idle(let since, let seen) = phase else { continue }
            try check(now < seen.advanced(by: configuration.keepAliveInterval), "an idle connection was not pinged")
            let isOver = since.advanced(by: configuration.idleTime) <= now
            try check(!isOver || counts.open <= configuration.minimum, "an idle connection was not closed")
        }
    }
}
#endif
