#if PostgreSQL
internal import AuraEffects
@testable internal import AuraPostgreSQL
internal import Testing

@Suite("The state of a pool: upkeep")
struct PoolUpkeepTests {
    @Test("connections beyond the minimum are closed after the idle time, the one used last is kept")
    func idleTime() {
        var script = PoolScript {
            ($0.minimum, $0.maximum, $0.idleTime, $0.keepAliveInterval) = (1, 3, .seconds(10), .seconds(99))
        }
        script.at(0, .started, "open 1")
        script.at(0, .opened(1))
        script.at(0, .leaseRequested(1, deadline: nil), "give 1 to 1")
        script.at(0, .leaseRequested(2, deadline: nil), "open 2")
        script.at(0, .leaseRequested(3, deadline: nil), "open 3")
        script.at(0, .opened(2), "give 2 to 2")
        script.at(0, .opened(3), "give 3 to 3")
        script.at(1, .returned(2, isUsable: true))
        script.at(2, .returned(1, isUsable: true))
        script.at(3, .returned(3, isUsable: true))
        script.at(11, .timerFired, "close 2")
        script.at(12, .timerFired, "close 1")
        let state = script.run()
        #expect(state.counts == PoolCounts(idle: 1, closing: 2))
    }

    @Test("a connection in use is not surplus, and its use begins its idle time anew")
    func useKeeps() {
        var script = PoolScript { ($0.minimum, $0.maximum, $0.idleTime) = (0, 1, .seconds(10)) }
        script.at(0, .started)
        script.at(0, .leaseRequested(1, deadline: nil), "open 1")
        script.at(0, .opened(1), "give 1 to 1")
        script.at(5, .returned(1, isUsable: true))
        script.at(14, .leaseRequested(2, deadline: nil), "give 1 to 2")
        script.at(20, .timerFired)
        script.at(21, .returned(1, isUsable: true))
        script.at(31, .timerFired, "close 1")
        script.run()
    }

    @Test("idle connections are pinged after the interval; a ping leaves the idle time as it is")
    func keepAlive() {
        var script = PoolScript {
            ($0.minimum, $0.maximum, $0.idleTime, $0.keepAliveInterval) = (1, 2, .seconds(25), .seconds(10))
        }
        script.at(0, .started, "open 1")
        script.at(0, .opened(1))
        script.at(0, .leaseRequested(1, deadline: nil), "give 1 to 1")
        script.at(0, .leaseRequested(2, deadline: nil), "open 2")
        script.at(0, .opened(2), "give 2 to 2")
        script.at(0, .returned(1, isUsable: true))
        script.at(5, .returned(2, isUsable: true))
        script.at(10, .timerFired, "ping 1")
        script.at(12, .pingFinished(1, isAlive: true))
        // The one used last is lent first, although the other was pinged after.
        script.at(12, .leaseRequested(3, deadline: nil), "give 2 to 3")
        script.at(13, .returned(2, isUsable: true))
        script.at(22, .timerFired, "ping 1")
        script.at(22, .pingFinished(1, isAlive: true))
        script.at(23, .timerFired, "ping 2")
        script.at(23, .pingFinished(2, isAlive: true))
        script.at(25, .timerFired, "close 1")
        script.at(33, .timerFired, "ping 2")
        script.run()
    }

    @Test("a dead connection is replaced, and makes the pool look after the others at once")
    func suspicion() {
        var script = PoolScript { ($0.minimum, $0.maximum) = (3, 4) }
        script.at(0, .started, "open 1", "open 2", "open 3")
        script.at(0, .opened(1))
        script.at(0, .opened(2))
        script.at(0, .opened(3))
        script.at(1, .leaseRequested(1, deadline: nil), "give 3 to 1")
        script.at(2, .returned(3, isUsable: false), "close 3", "ping 1", "ping 2", "open 4")
        script.at(3, .pingFinished(1, isAlive: false), "close 1")
        script.at(3, .leaseRequested(2, deadline: nil))
        script.at(3, .pingFinished(2, isAlive: true), "give 2 to 2")
        script.at(4, .closed(1), "open 5")
        script.run()
    }

    @Test("a caller does not wait for a ping where another connection fits")
    func pingBlocksNobody() {
        var script = PoolScript { ($0.minimum, $0.maximum) = (1, 2) }
        script.at(0, .started, "open 1")
        script.at(0, .opened(1))
        script.at(30, .timerFired, "ping 1")
        script.at(30, .leaseRequested(1, deadline: nil), "open 2")
        script.at(31, .opened(2), "give 2 to 1")
        script.run()
    }

    @Test("failed attempts to open pause longer and longer up to a bound, one at a time, until one succeeds")
    func backoff() {
        var script = PoolScript {
            ($0.minimum, $0.maximum, $0.firstPause, $0.longestPause) = (2, 4, .seconds(1), .seconds(3))
        }
        script.at(0, .started, "open 1", "open 2")
        // Half the bound without jitter; the second failure of the same round adds nothing.
        script.at(0, .openingFailed(1, .refusedForNow, jitter: 0))
        script.at(0, .openingFailed(2, .refusedForNow, jitter: 0))
        script.at(0.25, .leaseRequested(1, deadline: nil))
        script.at(0.5, .timerFired, "open 3")
        script.at(0.5, .openingFailed(3, .refusedForNow, jitter: 0.5))
        script.at(2, .timerFired, "open 4")
        script.at(2, .openingFailed(4, .refusedForNow, jitter: 0))
        script.at(3.5, .timerFired, "open 5")
        script.at(3.5, .openingFailed(5, .refusedForNow, jitter: 0))
        script.at(5, .timerFired, "open 6")
        script.at(5, .leaseRequested(2, deadline: nil))
        script.at(6, .opened(6), "give 6 to 1", "open 7")
        script.at(6, .leaseRequested(3, deadline: nil), "open 8")
        script.at(6, .openingFailed(7, .refusedForNow, jitter: 0))
        script.at(6, .openingFailed(8, .refusedForNow, jitter: 0))
        script.at(6.5, .timerFired, "open 9")
        script.run()
    }

    @Test("a server's own pause is kept where it is longer")
    func retryAfter() {
        var error = EffectError.refusedForNow
        error.retryAfter = .seconds(20)
        var script = PoolScript { ($0.minimum, $0.maximum) = (1, 1) }
        script.at(0, .started, "open 1")
        script.at(0, .openingFailed(1, error, jitter: 0))
        script.at(20, .timerFired, "open 2")
        script.run()
    }

    @Test("a waiter whose deadline passes gets the last failure where none can be opened, but not where all are in use")
    func expiredWithFailure() {
        var script = PoolScript { ($0.minimum, $0.maximum, $0.firstPause) = (0, 1, .seconds(2)) }
        script.at(0, .started)
        script.at(0, .leaseRequested(1, deadline: .seconds(0.5)), "open 1")
        script.at(0, .openingFailed(1, .refusedForNow, jitter: 0))
        script.at(0.5, .timerFired, "refuse 1: expired, unavailable")
        script.at(5, .leaseRequested(2, deadline: .seconds(6)), "open 2")
        script.at(5, .opened(2), "give 2 to 2")
        script.at(5, .leaseRequested(3, deadline: .seconds(7)))
        script.at(7, .timerFired, "refuse 3: expired")
        script.run()
    }

    @Test(
        "a failure that does not pass by itself is told at once where nothing is open, and the pool recovers all the same"
    )
    func permanentFailure() {
        var script = PoolScript { ($0.minimum, $0.maximum, $0.firstPause) = (0, 2, .seconds(2)) }
        script.at(0, .started)
        script.at(0, .leaseRequested(1, deadline: nil), "open 1")
        script.at(0, .leaseRequested(2, deadline: nil), "open 2")
        script.at(0, .openingFailed(1, .wrongPassword, jitter: 0))
        script.at(
            0,
            .openingFailed(2, .wrongPassword, jitter: 0),
            "refuse 1: cannot open, unauthenticated",
            "refuse 2: cannot open, unauthenticated"
        )
        script.at(0.5, .leaseRequested(3, deadline: nil), "refuse 3: cannot open, unauthenticated")
        script.at(1, .leaseRequested(4, deadline: nil), "open 3")
        script.at(1, .opened(3), "give 3 to 4")
        script.run()
    }

    @Test("where a connection is open, a failure that does not pass by itself lets callers wait for that one")
    func permanentFailureBesideOpen() {
        var script = PoolScript { ($0.minimum, $0.maximum, $0.firstPause) = (0, 2, .seconds(2)) }
        script.at(0, .started)
        script.at(0, .leaseRequested(1, deadline: nil), "open 1")
        script.at(0, .opened(1), "give 1 to 1")
        script.at(0, .leaseRequested(2, deadline: nil), "open 2")
        script.at(0, .openingFailed(2, .wrongPassword, jitter: 0))
        script.at(0, .leaseRequested(3, deadline: nil))
        script.at(0.5, .returned(1, isUsable: true), "give 1 to 2")
        script.at(0.5, .returned(1, isUsable: false), "close 1", "refuse 3: cannot open, unauthenticated")
        script.run()
    }

    @Test("a connection that goes back and forth does not touch the timer")
    func quietTimer() {
        var state = PoolState(PoolConfiguration())
        _ = state.handle(.started, now: .seconds(0))
        _ = state.handle(.opened(1), now: .seconds(0))
        for number in 0..<100 {
            let now = MonotonicInstant.seconds(Double(number) / 10)
            let waiter = PoolWaiterID(number: UInt64(number))
            #expect(state.handle(.leaseRequested(waiter, deadline: nil), now: now).count == 1)
            #expect(state.handle(.returned(1, isUsable: true), now: now).isEmpty)
        }
    }
}
#endif
