internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer
internal import Measuring

extension Suite {
    static let journalCopy = Suite(
        name: "journal-copy",
        summary: "a journal on SQLite copied to another, against the same rows inserted from C"
    ) { scale in
        [JournalTransfer("copy-sqlite", .copy, target: .oursAtLeast(100_000), scale)]
    }

    static let journalExport = Suite(
        name: "journal-export",
        summary: "a journal on SQLite written as lines to a file, against the same rows read from C"
    ) { scale in
        [JournalTransfer("export-sqlite", .export, target: .oursAtLeast(150_000), scale)]
    }

    static let journalImport = Suite(
        name: "journal-import",
        summary: "a file of lines merged into a journal on SQLite, against the same rows inserted from C"
    ) { scale in
        [JournalTransfer("import-sqlite", .import, target: .oursAtLeast(150_000), scale)]
    }
}

/// Moves a journal, from its first line or page to the closed and synced file.
final class JournalTransfer: Comparison {
    enum Kind {
        case copy
        case export
        case `import`
    }

    let name: String
    let unit = "entries/s"
    let isHigherBetter = true
    let target: Target

    private static let entriesPerTransaction = 10_000

    private let kind: Kind
    private let folder: String
    private let entries: Int
    private var cacheBytes = 0

    init(_ name: String, _ kind: Kind, target: Target, _ scale: Scale) {
        self.name = name
        self.kind = kind
        self.target = target
        folder = scale.folder
        entries = scale.count(300_000)
    }

    private var source: String { "\(folder)/source.sqlite" }
    private var destination: String { "\(folder)/destination.sqlite" }
    private var file: String { "\(folder)/export.jsonl" }

    func prepare() async throws {
        removeDatabase(source)
        cacheBytes = try await JournalOnSQLite.open(source, synchronous: .normal) { journal, budget in
            try await DraftStream.append(entries, entriesPerAppend: 100, tasks: 4, to: journal)
            return budget.journalCache.bytes
        }
        if kind == .import { try await export() }
    }

    func measureOurs() async throws -> Double {
        removeDatabase(destination)
        let elapsed = try await seconds {
            switch kind {
            case .copy: try await copy()
            case .export: try await export()
            case .import: try await load()
            }
        }
        return Double(entries) / elapsed
    }

    private func copy() async throws {
        try await JournalOnSQLite.open(source, synchronous: .normal) { source, _ in
            try await JournalOnSQLite.open(destination, synchronous: .normal) { destination, _ in
                let receipt = try await JournalCopy(from: source, to: destination).run()
                guard receipt.added == entries, receipt.sourceRootHash == receipt.destinationRootHash else {
                    throw MissingEntries(expected: entries, found: receipt.added)
                }
            }
        }
    }

    private func export() async throws {
        try await JournalOnSQLite.open(source, synchronous: .normal) { journal, _ in
            let receipt = try await JournalExport(of: journal).run(to: try ExportFileSink(file))
            guard receipt.entries == entries else {
                throw MissingEntries(expected: entries, found: receipt.entries)
            }
        }
    }

    private func load() async throws {
        try await JournalOnSQLite.open(destination, synchronous: .normal) { journal, _ in
            let receipt = try await JournalImport(into: journal).run(from: try ExportFileSource(file))
            guard receipt.added == entries, receipt.rootHash == receipt.journalRootHash else {
                throw MissingEntries(expected: entries, found: receipt.added)
            }
        }
    }

    func measureBaseline() async throws -> Double? {
        if kind == .export {
            var count = 0
            let elapsed = try await seconds { count = try JournalInC.readAll(source, cacheBytes: cacheBytes) }
            return Double(count) / elapsed
        }
        removeDatabase(destination)
        let workload = Workload(count: entries)
        let elapsed = try await seconds {
            let journal = try JournalInC(destination, model: source, synchronous: .normal, cacheBytes: cacheBytes)
            try journal.append(workload, entriesPerTransaction: Self.entriesPerTransaction)
        }
        return Double(entries) / elapsed
    }

    func finish() async throws {
        removeDatabase(source)
        removeDatabase(destination)
        removeDatabase(file)
    }
}
