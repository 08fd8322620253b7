#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import MetricsTestKit
internal import Testing

@Suite("The queue of writes to PostgreSQL")
struct StorageQueueTests {
    private let context: HandlerContext
    private let metrics = TestMetrics()

    init() {
        var context = HandlerContext.test()
        context.metrics = HandlerMetrics(effect: "storage", handler: "postgresql", factory: metrics)
        self.context = context
    }

    private func open(
        _ change: (inout PostgreSQLConfiguration) -> Void = { _ in }
    ) async throws -> (storage: PostgreSQLStorageHandler, schema: String) {
        var configuration = try LocalServer.shared.configuration()
        change(&configuration)
        return (try await PostgreSQLStorageHandler.open(configuration, context), configuration.schema)
    }

    /// Returns once a write, which is then no longer in the queue, waits for another transaction.
    private func waitForLock(_ schema: String) async throws {
        try await until("a write waits for the lock") {
            try LocalServer.shared.integer(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '\(schema).storage_values'::regclass"
            ) > 0
        }
    }

    /// Returns once so many calls wait in the queue.
    private func waitForQueue(_ count: Int) async throws {
        let labels = [("effect", "storage"), ("handler", "postgresql"), ("queue", "write")]
        let depth = try metrics.expectGauge("aura_queue_depth", labels)
        try await until("\(count) calls wait") { depth.lastValue == Double(count) }
    }

    /// Starts calls while another transaction keeps the writer waiting, so that they are committed as one group.
    private func grouped<Value: Sendable>(
        _ storage: PostgreSQLStorageHandler,
        _ schema: String,
        _ calls: [@Sendable () async throws -> Value],
        queueLength: Int = .max
    ) async throws -> [Result<Value, any Error>] {
        let lock = try LocalServer.shared.connect()
        try lock.query("BEGIN; LOCK TABLE \(schema).storage_values IN EXCLUSIVE MODE")
        let first = Task { try await storage.write([0], to: "first") }
        try await waitForLock(schema)
        var tasks: [Task<Value, any Error>] = []
        for call in calls {
            let task = Task { try await call() }
            tasks.append(task)
            // One after the other, so that they are queued in this order.
            if tasks.count <= queueLength { try await waitForQueue(tasks.count) } else { _ = await task.result }
        }
        try lock.query("COMMIT")
        _ = try await first.value
        var results: [Result<Value, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }

    @Test("each write of a group is judged in order and on its own: one that is refused fails alone")
    func judgedAlone() async throws {
        let (storage, schema) = try await open()
        let results = try await grouped(
            storage,
            schema,
            [
                { try await storage.write([1], to: "a", if: .absent) },
                { try await storage.write([2], to: "a", if: .absent) },
                { try await storage.transact([.write([3], to: "b"), .write([3], to: "a", if: .absent)])[0] },
                { try await storage.write([4], to: "c") },
                { try await storage.remove("a") ? nil : StorageRevision(rawValue: 0) },
                { try await storage.write([5], to: "a", if: .absent) },
                { try await storage.write([6], to: "d", if: .absent) },
                { try await storage.remove("d") ? nil : StorageRevision(rawValue: 0) },
                { try await storage.remove("d") ? StorageRevision(rawValue: 0) : nil },
            ] as [@Sendable () async throws -> StorageRevision?]
        )
        let failed: EffectError.Code = .preconditionFailed
        #expect(results.map { $0.effectError?.code } == [nil, failed, failed, nil, nil, nil, nil, nil, nil])
        let revisions = results.compactMap { try? $0.get() }
        #expect(Set(revisions).count == 4)
        #expect(!revisions.contains(StorageRevision(rawValue: 0)))
        #expect(try await storage.read("a")?.bytes == [5])
        #expect(try await storage.read("b") == nil)
        #expect(try await storage.read("c")?.bytes == [4])
        #expect(try await storage.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["a", "c", "first"])
        await storage.close()
    }

    @Test("writes that depend on nothing are committed together, the last one of a key wins")
    func blindGroup() async throws {
        let (storage, schema) = try await open()
        try await storage.write([0], to: "b")
        let results = try await grouped(
            storage,
            schema,
            (0..<20)
                .map { number -> @Sendable () async throws -> StorageRevision in
                    { try await storage.write([UInt8(number)], to: StorageKey(number % 2 == 0 ? "b" : "a")) }
                }
        )
        #expect(Set(results.compactMap { try? $0.get() }).count == 20)
        for (key, number) in [(StorageKey("b"), UInt8(18)), ("a", 19)] {
            let value = try await storage.read(key)
            #expect(value?.bytes == [number])
            #expect(value?.revision == (try results[Int(number)].get()))
        }
        // One transaction: its rows were made by one and the same.
        let writers = try LocalServer.shared.query(
            "SELECT DISTINCT xmin FROM \(schema).storage_values WHERE key <> 'first'"
        )
        #expect(writers.count == 1)
        await storage.close()
    }

    @Test("more writes than the queue holds are refused, and the others are done")
    func bounded() async throws {
        let (storage, schema) = try await open { $0.queueLength = 10 }
        let results = try await grouped(
            storage,
            schema,
            (0..<20)
                .map { number -> @Sendable () async throws -> StorageRevision in
                    { try await storage.write([1], to: StorageKey("k\(number)")) }
                },
            queueLength: 10
        )
        #expect(results.prefix(10).allSatisfy { $0.effectError == nil })
        #expect(results.suffix(10).allSatisfy { $0.effectError?.code == .resourceExhausted })
        #expect(try await storage.list(prefix: "k", after: nil, limit: 100).items.count == 10)
        await storage.close()
    }

    @Test("a waiting write withdraws when its task is cancelled")
    func cancellation() async throws {
        let (storage, schema) = try await open()
        let lock = try LocalServer.shared.connect()
        try lock.query("BEGIN; LOCK TABLE \(schema).storage_values IN EXCLUSIVE MODE")
        let underWay = Task { try await storage.write([1], to: "under way") }
        try await waitForLock(schema)
        let withdrawn = Task { try await storage.write([2], to: "withdrawn") }
        try await waitForQueue(1)
        withdrawn.cancel()
        #expect(await withdrawn.result.effectError?.code == .cancelled)
        // What has been sent is not torn down: its caller learns what became of it.
        underWay.cancel()
        try lock.query("COMMIT")
        _ = try await underWay.value
        #expect(try await storage.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["under way"])
        await storage.close()
    }

    @Test("a write waits for another transaction's lock as long as the setting says, and has then not happened")
    func lockTimeout() async throws {
        let (storage, schema) = try await open { $0.lockTimeout = .milliseconds(100) }
        let lock = try LocalServer.shared.connect()
        try lock.query("BEGIN; LOCK TABLE \(schema).storage_values IN EXCLUSIVE MODE")
        for precondition in [StoragePrecondition.none, .absent] {
            let error = await thrownError { () throws(EffectError) in
                _ = try await storage.write([1], to: "a", if: precondition)
            }
            #expect(error?.code == .unavailable)
            #expect(error?.isRetryable == true)
            #expect(error?.outcome == .notApplied)
        }
        try lock.query("COMMIT")
        #expect(try await storage.read("a") == nil)
        _ = try await storage.write([2], to: "a", if: .absent)
        await storage.close()
    }

    @Test("closing does what waits and refuses what comes after")
    func closing() async throws {
        let (storage, schema) = try await open()
        let writes = (0..<50).map { number in Task { try await storage.write([1], to: StorageKey("k\(number)")) } }
        for write in writes { _ = try await write.value }
        await storage.close()
        let write = await thrownError { () throws(EffectError) in _ = try await storage.write([1], to: "late") }
        let read = await thrownError { () throws(EffectError) in _ = try await storage.read("k1") }
        for error in [write, read] {
            #expect(error?.code == .unavailable)
            #expect(error?.isRetryable == false)
        }
        let (reopened, _) = try await open { $0.schema = schema }
        #expect(try await reopened.list(prefix: "", after: nil, limit: 100).items.count == 50)
        await reopened.close()
    }
}
#endif
