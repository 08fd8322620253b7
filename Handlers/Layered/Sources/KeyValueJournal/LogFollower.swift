internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The index of a journal, kept up to date with its log, and the payloads that were read last.
final class LogFollower: Sendable {
    private let log: CommitLog
    private let state: Mutex<JournalIndex>
    private let cache: Mutex<CommitCache>
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

    /// Takes in a commit of this handler.
    func apply(_ numbered: CommitLog.Numbered) {
        cache.withLock { $0.insert(numbered.commit, numbered.number) }
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

    // MARK: Payloads

    /// A commit was stored anew without some of its payloads.
    func noteStripped(_ commit: Commit, _ number: UInt64) {
        cache.withLock { $0.insert(commit, number) }
        state.withLock { $0.noteDroppedPayloads(of: number) }
    }

    /// Entries with their payloads.
    ///
    /// - Returns: The entries; `nil` where a payload is gone that was there when the index was looked at.
    func filled(_ found: [JournalIndex.Entry], in operation: String) async throws(EffectError) -> [JournalEntry]? {
        var entries: [JournalEntry] = []
        entries.reserveCapacity(found.count)
        var last: (number: UInt64, commit: Commit)?
        for element in found {
            guard !element.isCompacted else {
                entries.append(element.entry)
                continue
            }
            if last?.number != element.commit {
                last = (element.commit, try await commit(element.commit, behind: found, in: operation))
            }
            guard let slots = last?.commit.entries, slots.indices.contains(element.slot),
                case .payload(let payload) = slots[element.slot].entry.body
            else { return nil }
            var entry = element.entry
            entry.body = .payload(payload)
            entries.append(entry)
        }
        return entries
    }

    /// A snapshot with its state.
    ///
    /// - Returns: The snapshot; `nil` where a later one has taken its place meanwhile.
    func filled(_ kept: JournalIndex.Snapshot, in operation: String) async throws(EffectError) -> JournalSnapshot? {
        let commit = try await commit(kept.commit, behind: [], in: operation)
        guard commit.snapshots.indices.contains(kept.slot), !commit.snapshots[kept.slot].isDropped else { return nil }
        var snapshot = kept.snapshot
        snapshot.state = commit.snapshots[kept.slot].snapshot.state
        return snapshot
    }

    private func commit(
        _ number: UInt64,
        behind found: [JournalIndex.Entry],
        in operation: String
    ) async throws(EffectError) -> Commit {
        if let commit = cache.withLock({ $0[number] }) { return commit }
        // Where most of what follows is wanted too, one request brings it.
        let wanted = Set(found.lazy.map(\.commit).filter { $0 > number && $0 <= number + 64 })
        if wanted.count >= 16 {
            let (commits, _) = try await log.commits(after: number - 1, in: operation)
            cache.withLock { cache in
                for numbered in commits { cache.insert(numbered.commit, numbered.number) }
            }
            if let first = commits.first { return first.commit }
        }
        let (commit, _) = try await log.commit(number, in: operation)
        cache.withLock { $0.insert(commit, number) }
        return commit
    }
}
