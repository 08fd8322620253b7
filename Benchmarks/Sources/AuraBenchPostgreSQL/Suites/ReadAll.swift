internal import AuraEffects
internal import CBaselinePostgreSQL
internal import Measuring

/// Reads of the whole journal in pages, against one select of the same columns with libpq in single-row mode.
final class ReadAll: Comparison {
    let name = "read-all"
    let unit = "entries/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.5)

    private static let pageSize = 1000

    private let folder: String
    private let entries: Int

    init(folder: String, entries: Int) {
        self.folder = folder
        self.entries = entries
    }

    func prepare() async throws {
        let server = try Server.shared(in: folder)
        try server.dropTables()
        try await JournalOnPostgreSQL.open(server.url) { journal in
            try await journal.append(Workload(count: entries), tasks: 1, entriesPerAppend: Self.pageSize)
        }
        try server.execute("VACUUM ANALYZE aura.journal_entries")
    }

    func measureOurs() async throws -> Double {
        let server = try Server.shared(in: folder)
        let clock = ContinuousClock()
        return try await JournalOnPostgreSQL.open(server.url) { journal in
            let start = clock.now
            var position = Position.start
            var count = 0
            while let last = try await page(of: journal, after: position, &count) { position = last }
            return try rate(count, start.duration(to: clock.now) / .seconds(1))
        }
    }

    /// Reads a page and counts the entries that have their whole payload; gives the last one's position.
    private func page(
        of journal: any JournalEffects,
        after position: Position,
        _ count: inout Int
    ) async throws -> Position? {
        let page = try await journal.readAll(after: position, limit: Self.pageSize)
        for entry in page where entry.payload?.count == Workload.payloadSize { count += 1 }
        return page.last?.position
    }

    func measureBaseline() async throws -> Double? {
        let server = try Server.shared(in: folder)
        var seconds = 0.0
        let count = try Server.withMessage { message, size in
            let count = baseline_postgresql_read_all(server.url, &seconds, message, size)
            return count < 0 ? nil : Int(count)
        }
        return try rate(count, seconds)
    }

    private func rate(_ count: Int, _ seconds: Double) throws -> Double {
        guard count == entries else { throw MissingEntries(expected: entries, found: count) }
        return Double(count) / seconds
    }
}
