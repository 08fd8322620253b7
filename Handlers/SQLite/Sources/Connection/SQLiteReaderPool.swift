#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Several reading sessions; each call goes to the one with the fewest calls under way.
final class SQLiteReaderPool<State: SQLiteSessionState>: Sendable {
    private let sessions: [SQLiteSession<State>]
    private let load: Mutex<[Int]>

    init(
        _ configuration: SQLiteConfiguration,
        _ context: HandlerContext,
        label: String,
        makeState: @escaping @Sendable (SQLiteConnection) -> State
    ) {
        sessions = (0..<configuration.readerCount)
            .map { index in
                SQLiteSession(.reader, configuration, context, label: "\(label)\(index)", makeState: makeState)
            }
        load = Mutex(Array(repeating: 0, count: configuration.readerCount))
    }

    func start(at place: SQLitePlace) async throws(EffectError) {
        for session in sessions { try await session.start(at: place) }
    }

    func close() async {
        for session in sessions { await session.close() }
    }

    /// Runs `body`, which reads; `needsTransaction` says whether its statements need one consistent view of the data.
    func read<Value: Sendable>(
        at place: SQLitePlace,
        needsTransaction: Bool = true,
        _ body: @escaping @Sendable (State) throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        if sessions.count == 1 {
            return try await sessions[0].read(at: place, needsTransaction: needsTransaction, body)
        }
        let index = leastLoaded()
        defer { load.withLock { $0[index] -= 1 } }
        return try await sessions[index].read(at: place, needsTransaction: needsTransaction, body)
    }

    /// Runs `body` always on the same connection, for what only that can compare.
    func performOnFirst<Result: Sendable>(
        at place: SQLitePlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        try await sessions[0].perform(at: place, body)
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
#endif
