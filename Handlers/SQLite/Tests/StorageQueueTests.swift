#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import MetricsTestKit
internal import Testing

@Suite("The queue of writes", .timeLimit(.minutes(5)))
struct StorageQueueTests {
    let folder: TemporaryFolder
    let context: HandlerContext
    private let metrics = TestMetrics()

    init() throws {
        folder = try TemporaryFolder()
        var context = HandlerContext.system()
        context.metrics = HandlerMetrics(effect: "storage", handler: "sqlite", factory: metrics)
        self.context = context
    }

    private var file: String { folder.file("storage.db") }

    /// Returns once so many calls wait.
    private func waitForQueue(_ count: Int) async throws {
        let labels = [("effect", "storage"), ("handler", "sqlite"), ("queue", "write")]
        let depth = try metrics.expectGauge("aura_queue_depth", labels)
        while depth.lastValue != Double(count) { try await context.time.sleep(for: .milliseconds(1)) }
    }

    /// Starts calls while another connection holds the lock, so that they are committed as one group.
    private func grouped<Value: Sendable>(
        _ calls: [@Sendable () async throws -> Value],
        queueLength: Int = .max
    ) async throws -> [Result<Value, any Error>] {
        let lock = try LockHolder(file)
        var tasks: [Task<Value, any Error>] = []
        for call in calls {
            let task = Task { try await call() }
            tasks.append(task)
            // One after the other, so that they are queued in this order.
            if tasks.count <= queueLength { try await waitForQueue(tasks.count) } else { _ = await task.result }
        }
        lock.release()
        var results: [Result<Value, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }

    private func code(_ result: Result<some Any, any Error>) -> EffectError.Code? {
        guard case .failure(let error) = result else { return nil }
        return (error as? EffectError)?.code
    }

    @Test("each write of a group is judged in order and on its own: one that is refused fails alone")
    func judgedAlone() async throws {
        let storage = try await context.storage(file)
        let results = try await grouped(
            [
                { try await storage.write([1], to: "a", if: .absent) },
                { try await storage.write([2], to: "a", if: .absent) },
                { try await storage.transact([.write([3], to: "b"), .write([3], to: "a", if: .absent)])[0] },
                { try await storage.write([4], to: "c") },
                { try await storage.remove("a") ? nil : StorageRevision(rawValue: 0) },
                { try await storage.write([5], to: "a", if: .absent) },
            ] as [@Sendable () async throws -> StorageRevision?]
        )
        #expect(results.map(code) == [nil, .preconditionFailed, .preconditionFailed, nil, nil, nil])
        let revisions = results.compactMap { try? $0.get() }
        #expect(Set(revisions).count == 3)
        #expect(try await storage.read("a")?.bytes == [5])
        #expect(try await storage.read("b") == nil)
        #expect(try await storage.read("c")?.bytes == [4])
        await storage.close()
        let reopened = try await context.storage(file)
        let next = try await reopened.write([6], to: "d")
        #expect(!revisions.contains(next), "a revision came back after a reopening")
        await reopened.close()
    }

    @Test("more writes than the queue holds are refused, and the others are done")
    func bounded() async throws {
        let storage = try await context.storage(file) { $0.queueLength = 10 }
        let calls = (0..<20)
            .map { number -> @Sendable () async throws -> StorageRevision in
                { try await storage.write([1], to: StorageKey("k\(number)")) }
            }
        let results = try await grouped(calls, queueLength: 10)
        #expect(results.prefix(10).allSatisfy { code($0) == nil })
        #expect(results.suffix(10).allSatisfy { code($0) == .resourceExhausted })
        #expect(try await storage.list(prefix: "", after: nil, limit: 100).items.count == 10)
        await storage.close()
    }

    @Test("a waiting write withdraws when its task is cancelled")
    func cancellation() async throws {
        let storage = try await context.storage(file)
        let lock = try LockHolder(file)
        let kept = Task { try await storage.write([1], to: "kept") }
        let withdrawn = Task { try await storage.write([2], to: "withdrawn") }
        try await waitForQueue(2)
        withdrawn.cancel()
        #expect(code(await withdrawn.result) == .cancelled)
        lock.release()
        _ = try await kept.value
        #expect(try await storage.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["kept"])
        await storage.close()
    }

    @Test("a revision follows what another handler has issued meanwhile, also after a group that failed")
    func sharedCounter() async throws {
        let (first, second) = (try await context.storage(file), try await context.storage(file))
        var revisions: [StorageRevision] = []
        for turn in 0..<10 {
            revisions.append(try await first.write([1], to: StorageKey("a\(turn)")))
            await #expect(throws: EffectError.self) {
                try await first.write([1], to: StorageKey("a\(turn)"), if: .absent)
            }
            revisions.append(try await second.write([1], to: StorageKey("b\(turn)")))
        }
        #expect(Set(revisions).count == 20)
        #expect(try integer("SELECT last_revision FROM storage_counter", on: file) == 20)
        await first.close()
        await second.close()
    }

    @Test("closing does what waits and refuses what comes after")
    func closing() async throws {
        let storage = try await context.storage(file)
        let writes = (0..<50).map { number in Task { try await storage.write([1], to: StorageKey("k\(number)")) } }
        for write in writes { _ = try await write.value }
        await storage.close()
        let error = await thrownError { () throws(EffectError) in try await storage.write([1], to: "late") }
        #expect(error?.code == .unavailable)
        let reopened = try await context.storage(file)
        #expect(try await reopened.list(prefix: "", after: nil, limit: 100).items.count == 50)
        await reopened.close()
    }
}
#endif
