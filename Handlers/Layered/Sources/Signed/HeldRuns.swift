internal import AuraEffects

/// Entries that wait for the signature which covers them: of each origin one run that follows the journal's head.
///
/// They are in memory alone, and bounded: what the longest unchanged run holds goes first, and is asked for again.
struct HeldRuns {
    private struct Run {
        var entries: [JournalEntry]
        var byteCount: Int
        var lastChange: Int
    }

    /// The most bytes of all runs together.
    let limit: Int
    private var runs: [OriginID: Run] = [:]
    private var byteCount = 0
    private var changes = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// What is held of an origin.
    subscript(origin: OriginID) -> [JournalEntry] {
        runs[origin]?.entries ?? []
    }

    /// About how many bytes a run takes.
    static func byteCount(of entries: some Sequence<JournalEntry>) -> Int {
        entries.reduce(0) { sum, entry in
            sum + (entry.payload?.count ?? 0) + entry.stream.text.utf8.count + entry.kind.text.utf8.count
                + MemoryLayout<JournalEntry>.stride
        }
    }

    /// Holds a run of an origin in the place of what was held of it; an empty one lets go of it.
    ///
    /// - Parameters:
    ///   - entries: The run, of at most ``limit`` bytes.
    ///   - origin: The origin.
    mutating func hold(_ entries: [JournalEntry], of origin: OriginID) {
        drop(origin)
        guard !entries.isEmpty else { return }
        let added = Self.byteCount(of: entries)
        while byteCount + added > limit, let oldest = runs.min(by: { $0.value.lastChange < $1.value.lastChange }) {
            drop(oldest.key)
        }
        changes += 1
        byteCount += added
        runs[origin] = Run(entries: entries, byteCount: added, lastChange: changes)
    }

    /// Lets go of what is held of an origin.
    mutating func drop(_ origin: OriginID) {
        guard let run = runs.removeValue(forKey: origin) else { return }
        byteCount -= run.byteCount
    }
}
