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

    /// Runs `body` on a connection outside of a transaction: for a single statement.
    func perform<Result: Sendable>(
        at place: SQLitePlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        if sessions.count == 1 { return try await sessions[0].perform(at: place, body) }
        let index = leastLoaded()
        defer { load.withLock { $0[index] -= 1 } }
        return try await sessions[index].perform(at: place, body)
    }

    /// Runs `body` with one consistent view of the data.
    func read<Result: Sendable>(
        at place: SQLitePlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let index = leastLoaded()
        defer { load.withLock { $0[index] -= 1 } }
        return try await sessions[index].read(at: place, body)
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
