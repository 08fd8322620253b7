internal import AuraEffects

/// The journal export format, version 1: docs/export-format.md describes it.
enum ExportFormat {
    static let name = "aura-journal"
    static let version: UInt64 = 1

    /// What every export begins with.
    static let beginning: StaticString = "{\"format\":\""

    /// The longest line: room for the largest snapshot that a handler of ours takes.
    static let maximumLineBytes = 128 * 1024 * 1024

    /// What stands between a line's contents and its check, and after it.
    static let checkStart: StaticString = ",\"check\":\""
    static let checkEnd: StaticString = "\"}"
    static let checkDigits = 16
    static let checkBytes = checkStart.utf8CodeUnitCount + checkDigits + checkEnd.utf8CodeUnitCount
}

/// What a line of an export says.
enum ExportLine: Equatable {
    case header(ExportHeader)
    case snapshot(JournalSnapshot)
    case entry(JournalEntry)
    case end(ExportEnd)
}

/// The first line: what the export holds.
struct ExportHeader: Equatable {
    var entries: UInt64
    var frontier: JournalFrontier
    var rootHash: SHA256Digest

    /// The header of an export that ends at a frontier.
    init(_ frontier: JournalFrontier) {
        self.frontier = frontier
        entries = frontier.heads.values.reduce(0) { $0 &+ $1.sequence }
        rootHash = frontier.rootHash
    }

    init(entries: UInt64, frontier: JournalFrontier, rootHash: SHA256Digest) {
        self.entries = entries
        self.frontier = frontier
        self.rootHash = rootHash
    }
}

/// The last line: what the export held.
struct ExportEnd: Equatable {
    var entries: UInt64
    var snapshots: UInt64
    var rootHash: SHA256Digest
}

/// What is wrong with a line.
struct LineFault: Error {
    var code: EffectError.Code
    var message: String

    init(_ message: String, code: EffectError.Code = .corrupted) {
        self.code = code
        self.message = message
    }
}
