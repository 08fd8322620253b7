#if PostgreSQL
internal import AuraEffects
internal import AuraMemory
@testable internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

extension ConnectionPoolTests {
    @Test("closing waits for what is lent, fails callers that wait and refuses new ones")
    func closing() async throws {
        let pool = makePool(maximum: 1)
        let gate = Gate()
        let holder = hold(pool, until: gate)
        await wait(pool) { $0.leased == 1 }
        let waiter = Task { await refusal(pool) }
        await wait(pool) { $0.waiting == 1 }
        let closing = Task { await pool.close() }
        let stopped = await waiter.value
        #expect(stopped?.code == .unavailable && stopped?.message == "The handler was stopped.")
        #expect(stopped?.isRetryable == false)
        #expect(await refusal(pool)?.message == "The handler was stopped.")
        #expect(server.state.open == 1)
        gate.open()
        let number = try await holder.value
        #expect(number == 1)
        await closing.value
        #expect(server.state.open == 0 && pool.counts == PoolCounts())
        await pool.close()
    }

    @Test("closing ends an attempt to open a connection that hears nothing")
    func closingWhileOpening() async {
        server.change { $0.isSilent = true }
        let pool = makePool(minimum: 2, maximum: 2)
        await wait(pool) { $0.opening == 2 }
        await pool.close()
        #expect(pool.counts == PoolCounts())
    }

    @Test("a pool that was not started refuses callers, and is closed at once")
    func notStarted() async {
        let pool = Pool(
            PoolConfiguration(),
            errors: HandlerErrors(JournalEffect.self, handler: "postgresql"),
            time: time,
            random: SeededRandomHandler(seed: 1)
        ) { [server] () async throws(EffectError) in try await server.open() }
        let error = await refusal(pool)
        #expect(error?.code == .unavailable && error?.isRetryable == false)
        await pool.close()
        pool.start()
        #expect(await refusal(pool)?.message == "The handler was stopped.")
    }

    @Test("waiters survive a server that refuses for a while, and are served once it lets them in")
    func recovery() async throws {
        server.change { $0.failure = .refusedForNow }
        let pool = makePool(maximum: 2)
        let waiters = (0..<10).map { _ in Task { await refusal(pool) } }
        await wait(pool) { $0.waiting == 10 && $0.opening == 0 }
        for _ in 0..<5 { try await passPause(pool) }
        #expect(pool.counts.waiting == 10)
        server.change { $0.failure = nil }
        try await passPause(pool)
        for waiter in waiters { #expect(await waiter.value == nil) }
        await pool.close()
    }

    /// Moves the clock to the next attempt to open a connection, and waits for its end.
    private func passPause(_ pool: Pool) async throws {
        while !isPausing { await Task.yield() }
        time.advance(to: try #require(time.nextDeadline))
        while pool.counts.waiting > 0, !isPausing { await Task.yield() }
    }

    /// Whether the pool's timer sleeps until a moment that is no caller's deadline.
    private var isPausing: Bool {
        guard let deadline = time.nextDeadline else { return false }
        return time.monotonicNow < deadline && deadline < .seconds(20)
    }

    @Test("a waiter whose time is over while the server refuses learns what the server said")
    func expiryWhileFailing() async throws {
        server.change { $0.failure = .refusedForNow }
        let pool = makePool(maximum: 2) { ($0.firstPause, $0.longestPause) = (.seconds(100), .seconds(100)) }
        async let refused = refusal(pool, deadline: .seconds(5))
        try await sleeper(until: .seconds(5))
        await wait(pool) { $0.opening == 0 }
        time.advance(to: .seconds(5))
        let error = try #require(await refused)
        #expect(error.code == .unavailable && error.isRetryable && error.outcome == .notApplied)
        #expect(error.message.contains("The last attempt failed: The server refuses."))
        await pool.close()
    }

    @Test("an error that does not pass by itself is told to all callers at once, and not for ever")
    func permanentError() async throws {
        server.change { $0.failure = .wrongPassword }
        let pool = makePool(maximum: 2)
        let waiters = (0..<3).map { _ in Task { await refusal(pool) } }
        for waiter in waiters {
            let error = await waiter.value
            #expect(error?.code == .unauthenticated && error?.operation == "read" && error?.handler == "postgresql")
        }
        server.change { $0.failure = nil }
        #expect(await refusal(pool)?.code == .unauthenticated)
        time.advance(by: .seconds(1))
        #expect(await refusal(pool) == nil)
        await pool.close()
    }

    @Test("connections that died while they were idle are found by pings and replaced")
    func keepAlive() async throws {
        let pool = makePool(minimum: 3, maximum: 3)
        await wait(pool) { $0.idle == 3 }
        try await sleeper(until: .seconds(30))
        server.change { $0.isDead = true }
        time.advance(by: .seconds(30))
        // One that was replaced already may be pinged with the others, and found dead too.
        try await server.wait { $0.opened >= 6 }
        server.change { $0.isDead = false }
        await wait(pool) { $0 == PoolCounts(idle: 3) }
        #expect(server.state.pings >= 3)
        #expect(server.state.mostOpen == 3)
        await pool.close()
    }

    @Test("a surplus is closed after its idle time")
    func surplus() async throws {
        let pool = makePool(minimum: 1, maximum: 3) {
            ($0.keepAliveInterval, $0.longestWait) = (.seconds(1000), .seconds(1000))
        }
        let gate = Gate()
        let holders = (0..<3).map { _ in hold(pool, until: gate) }
        await wait(pool) { $0.leased == 3 }
        gate.open()
        for holder in holders { _ = try await holder.value }
        await wait(pool) { $0.idle == 3 }
        try await sleeper(until: .seconds(60))
        time.advance(by: .seconds(60))
        try await server.wait { $0.open == 1 }
        await wait(pool) { $0 == PoolCounts(idle: 1) }
        await pool.close()
        #expect(server.state.open == 0)
    }
}
#endif
