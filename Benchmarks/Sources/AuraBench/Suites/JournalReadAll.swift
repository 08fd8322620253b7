internal import AuraEffects
internal import AuraRuntime
internal import Measuring

/// Reads of the whole journal in pages, against one C select of the same columns of the same file.
final class JournalReadAll: Comparison {
    let name = "read-all"
    let unit = "entries/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.3)

    private static let pageSize = 1000

    private let folder: String
    private let entries: Int
    private var cacheBytes = 0

    init(folder: String, entries: Int) {
        self.folder = folder
        self.entries = entries
    }

    private var path: String { "\(folder)/read.sqlite" }

    func prepare() async throws {
        removeDatabase(path)
        cacheBytes = try await JournalOnSQLite.open(path, synchronous: .normal) { journal, budget in
            try await DraftStream.append(entries, entriesPerAppend: Self.pageSize, tasks: 1, to: journal)
            return budget.journalCache.bytes
        }
    }

    func measureOurs() async throws -> Double {
        try await JournalOnSQLite.open(path, synchronous: .normal) { journal, _ in
            var count = 0
            let elapsed = try await seconds {
                count = try await journal.countByReadingAll(pageSize: Self.pageSize)
            }
            return try rate(count, elapsed)
        }
    }

    func measureBaseline() async throws -> Double? {
        var count = 0
        let elapsed = try await seconds {
            count = try JournalInC.readAll(path, cacheBytes: cacheBytes)
        }
        return try rate(count, elapsed)
    }

    func finish() async throws {
        removeDatabase(path)
    }

    private func rate(_ count: Int, _ elapsed: Double) throws -> Double {
        guard count == entries else { throw MissingEntries(expected: entries, found: count) }
        return Double(count) / elapsed
    }
}

extension JournalEffects {
    /// Reads every entry, a page at a time, and counts those that have their whole payload.
    func countByReadingAll(pageSize: Int) async throws(EffectError) -> Int {
        var position = Position.start
        var count = 0
        while true {
            let page = try await readAll(after: position, limit: pageSize)
            guard let last = page.last else { return count }
            position = last.position
            for entry in page where entry.payload?.count == Workload.payloadSize { count += 1 }
        }
    }
}
