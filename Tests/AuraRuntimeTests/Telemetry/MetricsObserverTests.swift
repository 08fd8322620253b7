internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Metrics
internal import MetricsTestKit
internal import Testing

@Suite("Metrics of calls")
struct MetricsObserverTests {
    @Test("calls are counted by outcome and timed by the chain's clock")
    func callsAreCounted() async throws {
        let metrics = TestMetrics()
        let time = ManualTimeHandler()
        let operations = [operation("notes", "read", index: 0), operation("notes", "write", index: 1)]
        let chain = chain(of: "notes", observers: [MetricsObserver(of: operations, factory: metrics)], time: time)
        _ = try await chain.perform(chain.call(operations[1])) { () async throws(EffectError) -> Int in
            time.advance(by: .milliseconds(3))
            return 1
        }
        for code in [EffectError.Code.unavailable, .unavailable, EffectError.Code(rawValue: "vendor-42")] {
            let error = await failure { () async throws(EffectError) -> Int in
                try await chain.perform(chain.call(operations[1])) { () async throws(EffectError) -> Int in
                    throw EffectError(code, "no")
                }
            }
            #expect(error?.code == code)
        }
        func count(_ outcome: String) throws -> Int64 {
            let labels = [("effect", "notes"), ("operation", "write"), ("outcome", outcome)]
            return try metrics.expectCounter("aura_operations_total", labels).totalValue
        }
        #expect(try count("ok") == 1)
        #expect(try count("unavailable") == 2)
        #expect(try count("other") == 1)
        let timer = try metrics.expectTimer(
            "aura_operation_duration_seconds",
            [("effect", "notes"), ("operation", "write")]
        )
        #expect(timer.values == [3_000_000, 0, 0, 0])
    }

    @Test("a network's requests have a latency of their own, and failed ones have none")
    func networkLatency() async throws {
        let metrics = TestMetrics()
        let time = ManualTimeHandler()
        let request = operation("network", "request")
        let chain = chain(of: "network", observers: [MetricsObserver(of: [request], factory: metrics)], time: time)
        for fails in [false, true] {
            _ = await failure { () async throws(EffectError) -> Int in
                try await chain.perform(chain.call(request)) { () async throws(EffectError) -> Int in
                    time.advance(by: .milliseconds(20))
                    if fails { throw EffectError(.unavailable, "gone") }
                    return 1
                }
            }
        }
        #expect(try metrics.expectTimer("aura_network_latency_seconds").values == [20_000_000])
    }

    @Test("without a backend no clock is read")
    func noBackend() async throws {
        let observer = MetricsObserver(of: StorageEffectsOperations.all, factory: NOOPMetricsHandler.instance)
        #expect(!observer.measuresTime)
        observer.ended(
            EffectCall(StorageEffectsOperations.read, of: EffectTarget(effect: "storage")),
            after: .zero,
            with: nil
        )
    }

    @Test("a storage's calls are measured through its generated handler")
    func storage() async throws {
        let metrics = TestMetrics()
        var effects = EffectSystem()
        effects.time = ManualTimeHandler()
        effects.storage = MemoryStorageHandler()
        let observer = MetricsObserver(of: StorageEffect.operations, factory: metrics)
        effects.intercept(StorageEffect.self, observers: [observer])
        _ = try await effects.storage.write([1], to: "a", if: .none)
        _ = try await effects.storage.read("a")
        for name in ["read", "write"] {
            let labels = [("effect", "storage"), ("operation", name), ("outcome", "ok")]
            #expect(try metrics.expectCounter("aura_operations_total", labels).totalValue == 1)
        }
    }

    @Test("a journal's entries are counted by the call that brought them")
    func journalEntries() async throws {
        let metrics = TestMetrics()
        let append = operation("journal", "append")
        let chain = chain(of: "journal", [try #require(JournalEntriesInterceptor(factory: metrics))])
        let item = AppendReceipt.Item(
            id: EntryID(rawValue: 1),
            revision: Revision(rawValue: 0),
            position: Position(rawValue: 1)
        )
        let receipts = [
            AppendReceipt(stream: "a", items: [item, item]), AppendReceipt(stream: "b", items: [item]),
        ]
        let answer = try await chain.perform(chain.call(append)) { () async throws(EffectError) in receipts }
        #expect(answer == receipts)
        _ = try await chain.perform(chain.call(append)) { () async throws(EffectError) in
            MergeReceipt(added: 5, known: 7)
        }
        #expect(try metrics.expectCounter("aura_journal_entries_total", [("origin", "append")]).totalValue == 3)
        #expect(try metrics.expectCounter("aura_journal_entries_total", [("origin", "merge")]).totalValue == 5)
        #expect(JournalEntriesInterceptor(factory: NOOPMetricsHandler.instance) == nil)
    }
}
