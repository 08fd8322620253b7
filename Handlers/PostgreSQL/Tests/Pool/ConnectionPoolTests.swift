#if PostgreSQL
internal import AuraEffects
internal import AuraMemory
@testable internal import AuraPostgreSQL
internal import AuraRuntime
internal import MetricsTestKit
internal import Testing

@Suite("The pool of connections", .timeLimit(.minutes(5)))
struct ConnectionPoolTests {
    typealias Pool = ConnectionPool<FakeConnection>

    let server = FakeServer()
    let time = ManualTimeHandler()

    func makePool(
        minimum: Int = 0,
        maximum: Int,
        metrics: PoolMetrics = .none,
        _ configure: (inout PoolConfiguration) -> Void = { _ in }
    ) -> Pool {
        var configuration = PoolConfiguration()
        (configuration.minimum, configuration.maximum) = (minimum, maximum)
        configure(&configuration)
        let pool = Pool(
            configuration,
            errors: HandlerErrors(JournalEffect.self, handler: "postgresql"),
            time: time,
            random: SeededRandomHandler(seed: 1),
            metrics: metrics
        ) { [server] () async throws(EffectError) in try await server.open() }
        pool.start()
        return pool
    }

    /// The error of a lease; `nil` where it is given.
    func refusal(_ pool: Pool, deadline: MonotonicInstant? = nil) async -> EffectError? {
        do throws(EffectError) {
            try await pool.withConnection(in: "read", deadline: deadline) { (_) async throws(EffectError) in }
            return nil
        } catch {
            return error
        }
    }

    /// Waits until the pool's counts fulfil a condition.
    func wait(_ pool: Pool, until condition: (PoolCounts) -> Bool) async {
        while !condition(pool.counts) { await Task.yield() }
    }

    /// Takes a connection in a task that gives it back once `gate` opens.
    func hold(_ pool: Pool, until gate: Gate) -> Task<Int, any Error> {
        Task {
            try await pool.withConnection(in: "read") { connection async throws(EffectError) in
                await gate.pass()
                return connection.number
            }
        }
    }

    @Test("1,000 concurrent leases share 4 connections, each used by one at a time, and the pool ends with none")
    func manyLeases() async throws {
        let pool = makePool(minimum: 4, maximum: 4)
        let shared = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    do throws(EffectError) {
                        return try await pool.withConnection(in: "read") { connection async throws(EffectError) in
                            let users = connection.enter()
                            await Task.yield()
                            connection.leave()
                            return users > 1
                        }
                    } catch {
                        Issue.record(error)
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(shared == 0)
        // The last of them may still be opened when the others have served everybody.
        await wait(pool) { $0 == PoolCounts(idle: 4) }
        #expect(server.state.opened == 4)
        await pool.close()
        #expect(server.state.mostOpen == 4 && server.state.open == 0)
    }

    @Test("the same connection is lent again, and the one used last first")
    func reuse() async throws {
        let pool = makePool(maximum: 2)
        var numbers: [Int] = []
        for _ in 0..<3 {
            let number = try await pool.withConnection(in: "read") { $0.number }
            numbers.append(number)
        }
        #expect(numbers == [1, 1, 1])
        await pool.close()
    }

    @Test("the minimum is opened at the start")
    func minimum() async throws {
        let pool = makePool(minimum: 3, maximum: 4)
        try await server.wait { $0.open == 3 }
        await wait(pool) { $0.idle == 3 }
        await pool.close()
        #expect(server.state.open == 0)
    }

    @Test("metrics say how many connections are in each state, and how many callers wait")
    func metrics() async throws {
        let metrics = TestMetrics()
        let reported = HandlerMetrics(effect: "journal", handler: "postgresql", factory: metrics).pool("readers")
        let pool = makePool(maximum: 1, metrics: reported)
        let labels = [("effect", "journal"), ("handler", "postgresql"), ("pool", "readers")]
        func values(_ state: String) throws -> [Double] {
            try metrics.expectGauge("aura_pool_connections", labels + [("state", state)]).values
        }
        let gate = Gate()
        let holder = hold(pool, until: gate)
        await wait(pool) { $0.leased == 1 }
        let waiter = hold(pool, until: gate)
        await wait(pool) { $0.waiting == 1 }
        let waiting = try metrics.expectGauge("aura_pool_waiting", labels)
        #expect(waiting.lastValue == 1)
        #expect(try values("opening").contains(1))
        #expect(try values("leased").last == 1)
        gate.open()
        #expect(try await holder.value == waiter.value)
        _ = try await pool.withConnection(in: "read") { $0.number }
        #expect(waiting.lastValue == 0)
        #expect(try values("opening").last == 0 && values("idle").last == 1 && values("leased").last == 0)
        await pool.close()
        #expect(try values("idle").last == 0)
    }

    @Test("a lease that finds all in use fails at its deadline, and says how many there are and what to set")
    func deadline() async throws {
        let pool = makePool(maximum: 1)
        let gate = Gate()
        let holder = hold(pool, until: gate)
        await wait(pool) { $0.leased == 1 }
        async let refused = refusal(pool, deadline: .seconds(5))
        await wait(pool) { $0.waiting == 1 }
        try await sleeper(until: .seconds(5))
        time.advance(to: .seconds(5))
        let error = try #require(await refused)
        #expect(error.code == .resourceExhausted && error.isRetryable && error.outcome == .notApplied)
        #expect(error.effect == "journal" && error.operation == "read" && error.handler == "postgresql")
        #expect(error.message.contains("at most 1 connections 1 are in use"))
        #expect(error.message.contains("1 callers wait") && error.message.contains("'connections'"))
        #expect(pool.counts == PoolCounts(leased: 1))
        gate.open()
        _ = try await holder.value
        #expect(await refusal(pool) == nil)
        await pool.close()
    }

    /// Waits until the pool's timer sleeps until a moment.
    func sleeper(until moment: MonotonicInstant) async throws {
        while time.nextDeadline != moment { await Task.yield() }
    }

    @Test("a cancelled waiter leaves nothing behind, and the next one is served")
    func cancellation() async throws {
        let pool = makePool(maximum: 1)
        let gate = Gate()
        let holder = hold(pool, until: gate)
        await wait(pool) { $0.leased == 1 }
        let cancelled = Task { await refusal(pool) }
        await wait(pool) { $0.waiting == 1 }
        let next = Task { await refusal(pool) }
        await wait(pool) { $0.waiting == 2 }
        cancelled.cancel()
        #expect(await cancelled.value?.code == .cancelled)
        #expect(pool.counts == PoolCounts(leased: 1, waiting: 1))
        gate.open()
        _ = try await holder.value
        #expect(await next.value == nil)
        await wait(pool) { $0 == PoolCounts(idle: 1) }
        await pool.close()
        #expect(server.state.open == 0)
    }

    @Test("a task that was cancelled before gets no connection")
    func cancelledBefore() async {
        let pool = makePool(maximum: 1)
        let task = Task {
            await Gate().pass()
            return await refusal(pool)
        }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        #expect(pool.counts == PoolCounts())
        await pool.close()
    }

    @Test("cancelling waiters while connections come back loses none of either")
    func cancellationRace() async throws {
        let pool = makePool(maximum: 2)
        for _ in 0..<200 {
            let tasks = (0..<6).map { _ in Task { await refusal(pool) } }
            for task in tasks.shuffled() { task.cancel() }
            for task in tasks {
                let error = await task.value
                #expect(error == nil || error?.code == .cancelled)
            }
        }
        await wait(pool) { $0.leased == 0 && $0.opening == 0 }
        #expect(pool.counts.waiting == 0 && pool.counts.idle == server.state.open)
        await pool.close()
        #expect(server.state.open == 0)
    }

    @Test("a broken connection is replaced, also where the body throws")
    func replacement() async throws {
        let pool = makePool(maximum: 1)
        await #expect(throws: EffectError.self) {
            try await pool.withConnection(in: "read") { connection async throws(EffectError) in
                connection.breakDown()
                throw EffectError(.unavailable, "The connection broke.")
            }
        }
        let number = try await pool.withConnection(in: "read") { $0.number }
        #expect(number == 2)
        #expect(server.state.mostOpen == 1)
        await pool.close()
    }

    @Test("a body that throws keeps a usable connection")
    func throwingBody() async throws {
        let pool = makePool(maximum: 1)
        await #expect(throws: EffectError.self) {
            try await pool.withConnection(in: "read") { (_) async throws(EffectError) in
                throw EffectError(.notFound, "There is no such row.")
            }
        }
        #expect(await refusal(pool) == nil)
        #expect(server.state.opened == 1)
        await pool.close()
    }
}
#endif
