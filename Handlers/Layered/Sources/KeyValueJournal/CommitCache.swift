internal import AuraEffects

/// Commits in memory up to a number of bytes of payloads: those that came first make room.
struct CommitCache {
    /// What a commit takes besides its payloads, about.
    private static let bytesPerCommit = 512
    private static let bytesPerEntry = 256

    let capacity: Int
    private(set) var byteCount = 0
    private var commits: [UInt64: Commit] = [:]
    private var order: [UInt64] = []
    private var removedCount = 0

    /// - Parameter capacity: The most bytes of payloads, states and what keeps them.
    init(capacity: Int) {
        self.capacity = capacity
    }

    subscript(number: UInt64) -> Commit? { commits[number] }

    mutating func insert(_ commit: Commit, _ number: UInt64) {
        remove(number)
        let cost = Self.cost(of: commit)
        guard cost <= capacity else { return }
        byteCount += cost
        commits[number] = commit
        order.append(number)
        while byteCount > capacity, removedCount < order.count {
            remove(order[removedCount])
            removedCount += 1
        }
        // The places of what is gone are given back now and then: that costs each commit a constant.
        guard removedCount > 64, removedCount > order.count / 2 else { return }
        order.removeFirst(removedCount)
        removedCount = 0
    }

    /// Forgets a commit, such as one that was stored anew.
    mutating func remove(_ number: UInt64) {
        guard let commit = commits.removeValue(forKey: number) else { return }
        byteCount -= Self.cost(of: commit)
    }

    private static func cost(of commit: Commit) -> Int {
        let entries = commit.entries.reduce(0) { $0 + ($1.entry.payload?.count ?? 0) + bytesPerEntry }
        return bytesPerCommit + entries + commit.snapshots.reduce(0) { $0 + $1.snapshot.state.count }
    }
}
