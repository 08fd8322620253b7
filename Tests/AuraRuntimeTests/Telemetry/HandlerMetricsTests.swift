internal import AuraEffects
internal import AuraMemory
internal import Metrics
internal import MetricsTestKit
internal import Testing

@testable internal import AuraRuntime

@Suite("Metrics of handlers and policies")
struct HandlerMetricsTests {
    private struct Work: QueuedWork {
        typealias Answer = Int
        let operation = "append"
        let byteCount = 1
    }

    @Test("a queue reports how much waits and how large its groups are")
    func queues() async throws {
        let metrics = TestMetrics()
        let handler = HandlerMetrics(effect: "journal", handler: "fake", instance: "audit", factory: metrics)
        let queue = WorkQueue<Work>(
            of: "append",
            countLimit: 10,
            byteLimit: 10,
            errors: HandlerErrors(JournalEffect.self, handler: "fake"),
            metrics: handler.queue("append")
        )
        let labels = [("effect", "journal"), ("handler", "fake"), ("effect_instance", "audit"), ("queue", "append")]
        let callers = (0..<3).map { _ in Task { try await queue.submit(Work()) } }
        let depth = try metrics.expectGauge("aura_queue_depth", labels)
        while depth.lastValue != 3 { await Task.yield() }
        let group = queue.joinGroup(byteLimit: 2)
        #expect(group.count == 2)
        #expect(depth.lastValue == 1)
        queue.settle([.success(1), .success(2)])
        queue.fail(EffectError(.unavailable, "gone"))
        #expect(depth.values == [1, 2, 3, 1, 0])
        #expect(try metrics.expectRecorder("aura_group_size", labels).values == [2])
        var answers = 0
        for caller in callers where (try? await caller.value) != nil { answers += 1 }
        #expect(answers == 2)
    }

    @Test("a cache reports its hits and misses")
    func caches() throws {
        let metrics = TestMetrics()
        let cache = HandlerMetrics(effect: "storage", handler: "caching", factory: metrics).cache("values")
        cache.hit()
        cache.hit()
        cache.miss()
        func count(_ result: String) throws -> Int64 {
            let labels = [("effect", "storage"), ("handler", "caching"), ("cache", "values"), ("result", result)]
            return try metrics.expectCounter("aura_cache_requests_total", labels).totalValue
        }
        #expect(try count("hit") == 2)
        #expect(try count("miss") == 1)
    }

    @Test("a pool reports its connections by state, and who waits")
    func pools() throws {
        let metrics = TestMetrics()
        let pool = HandlerMetrics(effect: "journal", handler: "postgresql", factory: metrics).pool("readers")
        #expect(pool.isReporting)
        #expect(!HandlerMetrics.none.pool("readers").isReporting)
        pool.changed(opening: 1, idle: 2, leased: 3, waiting: 4)
        let labels = [("effect", "journal"), ("handler", "postgresql"), ("pool", "readers")]
        for (state, count) in [("opening", 1.0), ("idle", 2), ("leased", 3)] {
            let gauge = try metrics.expectGauge("aura_pool_connections", labels + [("state", state)])
            #expect(gauge.lastValue == count)
        }
        #expect(try metrics.expectGauge("aura_pool_waiting", labels).lastValue == 4)
    }

    @Test("a clock reports how far off it is, and its servers by state")
    func clocks() throws {
        let metrics = TestMetrics()
        let clock = HandlerMetrics(effect: "time", handler: "system", factory: metrics).clock()
        clock.changed(offset: .milliseconds(-1500), uncertainty: .milliseconds(20))
        clock.changed(offset: nil, uncertainty: nil)
        clock.servers(used: 2, rejected: 1, silent: 0)
        let labels = [("effect", "time"), ("handler", "system")]
        #expect(try metrics.expectGauge("aura_clock_offset_seconds", labels).lastValue == -1.5)
        #expect(try metrics.expectGauge("aura_clock_uncertainty_seconds", labels).lastValue == 0.02)
        for (state, count) in [("used", 2.0), ("rejected", 1), ("silent", 0)] {
            let gauge = try metrics.expectGauge("aura_clock_servers", labels + [("state", state)])
            #expect(gauge.lastValue == count)
        }
    }

    @Test("policies report retries, breakers and queues by handler")
    func policies() throws {
        let metrics = TestMetrics()
        let target = EffectTarget(effect: "storage", instance: "cold")
        let policies = PolicyMetrics(of: target, factory: metrics)
        let read = EffectCall(StorageEffectsOperations.read)
        for attempt in 1...2 {
            policies.retried(read, attempt: attempt, after: .zero, because: EffectError(.unavailable, "Down."))
        }
        policies.breakerChanged(of: target, name: "storage", from: .closed, to: .open)
        policies.queueChanged(of: target, name: "storage.write", depth: 4)
        let handler = [("effect", "storage"), ("effect_instance", "cold")]
        #expect(
            try metrics.expectCounter("aura_retries_total", handler + [("operation", "read")]).totalValue == 2
        )
        #expect(try metrics.expectGauge("aura_breaker_state", handler + [("breaker", "storage")]).lastValue == 2)
        let queue = try metrics.expectGauge("aura_policy_queue_depth", handler + [("limit", "storage.write")])
        #expect(queue.lastValue == 4)
    }

    @Test("the budget is reported with what the process uses of it")
    func budget() throws {
        let metrics = TestMetrics()
        let budget = ResourceBudget(
            memoryLimit: .mebibytes(256),
            cpuQuota: 1,
            ioQuota: BytesPerSecond(10_485_760)
        )
        BudgetMetrics(budget, factory: metrics).update()
        let limit = try metrics.expectGauge("aura_budget_bytes", [("part", "memory")])
        #expect(limit.lastValue == 268_435_456)
        let used = try metrics.expectGauge("aura_budget_used_bytes", [("part", "memory")])
        #expect(used.values.count == 2)
        #expect(try #require(used.lastValue) > 1_000_000)
    }
}
