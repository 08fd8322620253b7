#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import Dispatch
internal import Synchronization
internal import Testing

/// An executor whose jobs can be held back, so that calls wait together.
private final class HeldExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "held")
    private let enqueued = Mutex(0)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
        enqueued.withLock { $0 += 1 }
    }

    func hold() {
        queue.suspend()
        enqueued.withLock { $0 = 0 }
    }

    func release() {
        queue.resume()
    }

    /// Returns once so many jobs came since they are held back.
    func waitForJobs(_ count: Int, _ time: any TimeEffects) async throws {
        while enqueued.withLock({ $0 < count }) { try await time.sleep(for: .milliseconds(1)) }
    }
}

@Suite("Reads that wait together", .timeLimit(.minutes(5)))
struct SharedReadTests {
    private let folder: TemporaryFolder
    private let context: HandlerContext
    private let reader = HeldExecutor()

    init() throws {
        folder = try TemporaryFolder()
        var context = HandlerContext.system()
        let reader = reader
        context.executors = HandlerExecutorFactory { label in
            if label.contains(".r") { reader } else { ThreadExecutor(label: label) }
        }
        self.context = context
    }

    private func openStorage(_ count: Int) async throws -> SQLiteStorageHandler {
        let storage = try await context.storage(folder.file("storage.db"))
        for index in 0..<count { _ = try await storage.write([UInt8(index)], to: key(index)) }
        return storage
    }

    private func key(_ index: Int) -> StorageKey { StorageKey("key\(index)") }

    /// Starts a read of each key while the reader is held back.
    private func reads(
        _ count: Int,
        of storage: SQLiteStorageHandler,
        before release: () async throws -> Void = {}
    ) async throws -> [Result<[UInt8]?, any Error>] {
        reader.hold()
        let tasks = (0..<count)
            .map { index in
                Task { try await storage.read(key(index))?.bytes }
            }
        try await reader.waitForJobs(count, context.time)
        try await release()
        reader.release()
        var results: [Result<[UInt8]?, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }

    @Test("get each its own answer, also those that no longer fit into a group")
    func answers() async throws {
        let storage = try await openStorage(50)
        for (index, result) in try await reads(51, of: storage).enumerated() {
            #expect(try result.get() == (index < 50 ? [UInt8(index)] : nil))
        }
        await storage.close()
    }

    @Test("fail alone where one value is damaged")
    func damage() async throws {
        let storage = try await openStorage(20)
        let damage = "UPDATE storage_values SET bytes = x'ff' WHERE key = CAST('key7' AS BLOB)"
        try execute(damage, on: folder.file("storage.db"))
        for (index, result) in try await reads(20, of: storage).enumerated() {
            switch result {
            case .success(let bytes): #expect(bytes == [UInt8(index)] && index != 7)
            case .failure(let error): #expect((error as? EffectError)?.code == .corrupted && index == 7)
            }
        }
        await storage.close()
    }

    @Test("see what is written while they wait")
    func writesMeanwhile() async throws {
        let storage = try await openStorage(20)
        let results = try await reads(20, of: storage) { _ = try await storage.write([100], to: key(3)) }
        #expect(try results[3].get() == [100])
        #expect(try results[4].get() == [4])
        await storage.close()
    }

    @Test("a task reads what it has written, among many that do the same")
    func ownWrites() async throws {
        let storage = try await context.storage(folder.file("storage.db")) { $0.synchronous = .normal }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<32 {
                group.addTask {
                    for round in 0..<50 {
                        let revision = try await storage.write([UInt8(round)], to: key(index))
                        let value = try await storage.read(key(index))
                        #expect(value?.revision == revision && value?.bytes == [UInt8(round)])
                    }
                }
            }
            try await group.waitForAll()
        }
        await storage.close()
    }

    @Test("end where the storage is closed meanwhile")
    func closing() async throws {
        let storage = try await openStorage(20)
        let closing = Mutex<Task<Void, Never>?>(nil)
        let results = try await reads(20, of: storage) {
            closing.withLock { $0 = Task { await storage.close() } }
            try await reader.waitForJobs(21, context.time)
        }
        for (index, result) in results.enumerated() {
            switch result {
            case .success(let bytes): #expect(bytes == [UInt8(index)])
            case .failure(let error): #expect((error as? EffectError)?.code == .unavailable)
            }
        }
        await closing.withLock { $0 }?.value
    }
}
#endif
