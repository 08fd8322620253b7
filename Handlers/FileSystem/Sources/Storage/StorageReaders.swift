internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Several threads that read; each call goes to the one with the fewest calls under way.
final class StorageReaders: Sendable {
    private let readers: [Reader]
    private let load: Mutex<[Int]>

    init(count: Int, _ executors: HandlerExecutorFactory) {
        readers = (0..<count).map { Reader(executors.makeExecutor(label: "aura.files.r\($0)")) }
        load = Mutex(Array(repeating: 0, count: count))
    }

    /// Runs `body`, which reads, where it may block.
    func perform<Result: Sendable>(
        at place: FilePlace,
        _ body: @Sendable () throws(FileFailure) -> Result
    ) async throws(EffectError) -> Result {
        let index = leastLoaded()
        defer { load.withLock { $0[index] -= 1 } }
        return try await readers[index].perform(at: place, body)
    }

    private func leastLoaded() -> Int {
        load.withLock { load in
            var best = 0
            for index in load.indices where load[index] < load[best] { best = index }
            load[best] += 1
            return best
        }
    }
}

private actor Reader {
    private let executor: any SerialExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(_ executor: any SerialExecutor) {
        self.executor = executor
    }

    func perform<Result: Sendable>(
        at place: FilePlace,
        _ body: @Sendable () throws(FileFailure) -> Result
    ) throws(EffectError) -> Result {
        try place.mapping(body)
    }
}
