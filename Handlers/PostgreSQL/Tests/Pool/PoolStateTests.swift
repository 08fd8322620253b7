#if PostgreSQL
internal import AuraEffects
@testable internal import AuraPostgreSQL
internal import Testing

@Suite("The state of a pool: lending")
struct PoolStateTests {
    @Test("the minimum is opened at the start, and lent")
    func minimum() {
        var script = PoolScript { ($0.minimum, $0.maximum) = (2, 4) }
        script.at(0, .started, "open 1", "open 2")
        script.at(1, .opened(1))
        script.at(1, .opened(2))
        script.at(2, .leaseRequested(1, deadline: nil), "give 2 to 1")
        script.at(2, .leaseRequested(2, deadline: nil), "give 1 to 2")
        let state = script.run()
        #expect(state.counts == PoolCounts(leased: 2))
    }

    @Test("a request that finds none idle opens one, up to the maximum, and the first that waits is served first")
    func opening() {
        var script = PoolScript { ($0.minimum, $0.maximum) = (0, 2) }
        script.at(0, .started)
        script.at(0, .leaseRequested(1, deadline: nil), "open 1")
        script.at(0, .leaseRequested(2, deadline: nil), "open 2")
        script.at(0, .leaseRequested(3, deadline: nil))
        script.at(1, .opened(2), "give 2 to 1")
        script.at(1, .opened(1), "give 1 to 2")
        script.at(2, .leaseRequested(4, deadline: nil))
        script.at(3, .returned(1, isUsable: true), "give 1 to 3")
        script.at(3, .returned(2, isUsable: true), "give 2 to 4")
        script.at(4, .returned(1, isUsable: true))
        script.at(5, .returned(2, isUsable: true))
        script.at(6, .leaseRequested(5, deadline: nil), "give 2 to 5")
        let state = script.run()
        #expect(state.counts == PoolCounts(idle: 1, leased: 1))
    }

    @Test("a connection that comes back unusable is closed and replaced once it is closed, where the pool is full")
    func replacing() {
        var script = PoolScript { ($0.minimum, $0.maximum) = (1, 1) }
        script.at(0, .started, "open 1")
        script.at(0, .opened(1))
        script.at(0, .leaseRequested(1, deadline: nil), "give 1 to 1")
        script.at(0, .leaseRequested(2, deadline: nil))
        script.at(1, .returned(1, isUsable: false), "close 1")
        script.at(2, .closed(1), "open 2")
        script.at(3, .opened(2), "give 2 to 2")
        script.run()
    }

    @Test("a waiter is refused at its deadline, at the pool's own limit at the latest, and the others stay")
    func deadlines() {
        var script = PoolScript { ($0.minimum, $0.maximum, $0.longestWait) = (0, 1, .seconds(10)) }
        script.at(0, .started)
        script.at(0, .leaseRequested(1, deadline: nil), "open 1")
        script.at(0, .opened(1), "give 1 to 1")
        script.at(0, .leaseRequested(2, deadline: .seconds(99)))
        script.at(0, .leaseRequested(3, deadline: .seconds(2)))
        script.at(1, .leaseRequested(4, deadline: nil))
        script.at(1, .leaseRequested(5, deadline: .seconds(1)), "refuse 5: expired")
        script.at(2, .timerFired, "refuse 3: expired")
        script.at(10, .timerFired, "refuse 2: expired")
        script.at(10.5, .returned(1, isUsable: true), "give 1 to 4")
        let state = script.run()
        #expect(state.counts == PoolCounts(leased: 1))
    }

    @Test("a withdrawn waiter is passed over, and withdrawing twice or too late does nothing")
    func withdrawing() {
        var script = PoolScript { ($0.minimum, $0.maximum) = (0, 1) }
        script.at(0, .started)
        script.at(0, .leaseRequested(1, deadline: nil), "open 1")
        script.at(0, .leaseRequested(2, deadline: nil))
        script.at(0, .leaseRequested(3, deadline: nil))
        script.at(1, .leaseWithdrawn(1), "refuse 1: withdrawn")
        script.at(1, .leaseWithdrawn(1))
        script.at(2, .opened(1), "give 1 to 2")
        script.at(2, .leaseWithdrawn(2))
        script.at(3, .returned(1, isUsable: true), "give 1 to 3")
        script.run()
    }

    @Test("no more callers wait than may")
    func waiterLimit() {
        var script = PoolScript { ($0.minimum, $0.maximum, $0.waiterLimit) = (0, 1, 1) }
        script.at(0, .started)
        script.at(0, .leaseRequested(1, deadline: nil), "open 1")
        script.at(0, .leaseRequested(2, deadline: nil), "refuse 2: too many")
        script.at(0, .opened(1), "give 1 to 1")
        script.at(0, .leaseRequested(3, deadline: nil))
        script.at(0, .leaseRequested(4, deadline: nil), "refuse 4: too many")
        script.run()
    }

    @Test("what is in no state for an event is ignored")
    func misplacedEvents() {
        var script = PoolScript { ($0.minimum, $0.maximum) = (1, 2) }
        script.at(0, .leaseRequested(1, deadline: nil), "refuse 1: not started")
        script.at(0, .started, "open 1")
        script.at(0, .started)
        script.at(0, .returned(1, isUsable: true))
        script.at(0, .pingFinished(1, isAlive: false))
        script.at(0, .closed(1))
        script.at(0, .opened(7))
        script.at(0, .opened(1))
        script.at(0, .opened(1))
        script.at(0, .openingFailed(1, .refusedForNow, jitter: 0))
        script.at(0, .leaseRequested(2, deadline: nil), "give 1 to 2")
        script.at(0, .returned(1, isUsable: true))
        script.at(0, .returned(1, isUsable: false))
        let state = script.run()
        #expect(state.counts == PoolCounts(idle: 1))
    }

    @Test("draining refuses callers, closes what is idle, and ends once what is lent, opening or pinged is closed")
    func draining() {
        var script = PoolScript { ($0.minimum, $0.maximum, $0.idleTime) = (3, 4, .seconds(99)) }
        script.at(0, .started, "open 1", "open 2", "open 3")
        script.at(0, .opened(1))
        script.at(0, .opened(2))
        script.at(0, .opened(3))
        script.at(0, .leaseRequested(1, deadline: nil), "give 3 to 1")
        script.at(0, .leaseRequested(2, deadline: nil), "give 2 to 2")
        script.at(30, .timerFired, "ping 1")
        script.at(30, .leaseRequested(3, deadline: nil), "open 4")
        script.at(30, .returned(2, isUsable: true), "give 2 to 3")
        script.at(30, .returned(3, isUsable: true))
        script.at(30, .leaseRequested(4, deadline: nil), "give 3 to 4")
        script.at(30, .leaseRequested(5, deadline: nil))
        script.at(31, .drain, "refuse 5: stopped")
        script.at(31, .leaseRequested(6, deadline: nil), "refuse 6: stopped")
        script.at(31, .drain)
        script.at(32, .returned(2, isUsable: true), "close 2")
        script.at(32, .returned(3, isUsable: false), "close 3")
        script.at(32, .pingFinished(1, isAlive: true), "close 1")
        script.at(33, .closed(1))
        script.at(33, .closed(2))
        script.at(33, .closed(3))
        script.at(34, .opened(4), "close 4")
        script.at(35, .closed(4), "drained")
        script.at(36, .leaseRequested(7, deadline: nil), "refuse 7: stopped")
        script.at(36, .drain)
        script.run()
    }

    @Test("an empty pool is drained at once, also one that was never started")
    func drainingNothing() {
        var script = PoolScript()
        script.at(0, .drain, "drained")
        script.at(0, .started)
        script.run()
        script = PoolScript { $0.minimum = 0 }
        script.at(0, .started)
        script.at(0, .drain, "drained")
        script.run()
    }
}
#endif
