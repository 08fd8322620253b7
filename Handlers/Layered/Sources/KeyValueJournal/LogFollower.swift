internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The index of a journal, kept up to date with its log, and the payloads that were read last.
final class LogFollower: Sendable {
    let log: CommitLog
    private let state: Mutex<JournalIndex>
    let cache: Mutex<CommitCache>
    private let watcher: ChangeWatcher

    init(_ log: CommitLog, origin: OriginID, cacheBytes: Int, watcher: ChangeWatcher) {
        self.log = log
        self.watcher = watcher
        state = Mutex(JournalIndex(origin: origin, errors: log.errors))
        cache = Mutex(CommitCache(capacity: cacheBytes))
    }

    /// Looks at the index; what is returned must not hold it.
    func index<Result: Sendable>(_ look: (JournalIndex) -> Result) -> Result {
        state.withLock { look($0) }
    }

    /// Looks at the index with what may refuse; what is returned must not hold it.
    func tryIndex<Result: Sendable>(
        _ look: (JournalIndex) throws(EffectError) -> Result
    ) throws(EffectError) -> Result {
        try state.withLock { index throws(EffectError) in try look(index) }
    }

    // MARK: Following

    /// Begins with what a checkpoint says.
    func restore(_ checkpoint: Checkpoint) {
        state.withLock { $0 = JournalIndex(checkpoint, origin: $0.origin, errors: $0.errors) }
    }

    /// Takes in a commit of this handler.
    func apply(_ numbered: CommitLog.Numbered) {
        if let commit = numbered.commit { cache.withLock { $0.insert(commit, numbered.number) } }
        state.withLock { $0.apply(numbered) }
        watcher.notify()
    }

    /// Reads the log to its end.
    ///
    /// - Parameters:
    ///   - head: The last commit that the caller knows of.
    ///   - operation: The operation's name, for errors.
    /// - Returns: Whether there is any behind it.
    /// - Throws: What keeps the log from being read.
    @discardableResult
    func catchUp(beyond head: UInt64 = 0, in operation: String) async throws(EffectError) -> Bool {
        while true {
            let known = state.withLock { $0.head }
            let (commits, isEnd) = try await log.commits(after: known, in: operation)
            if !commits.isEmpty {
                state.withLock { index in
                    for numbered in commits { index.apply(numbered) }
                }
                watcher.notify()
            }
            if isEnd { return state.withLock { $0.head } > head }
        }
    }

    /// A commit was stored anew without some of its payloads.
    func noteStripped(_ commit: Commit, _ number: UInt64) {
        cache.withLock { $0.insert(commit, number) }
        state.withLock { $0.noteDroppedPayloads(of: number) }
    }
}
