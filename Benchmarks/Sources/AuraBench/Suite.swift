/// A named group of rows.
struct Suite: Sendable {
    var name: String
    var summary: String
    var comparisons: @Sendable (Scale) -> [any Comparison]

    static let all: [Suite] = [
        dispatch, interception, journalSQLite, journalCopy, journalExport, journalImport, storageSQLite, storageFiles,
        simulation,
    ]

    static func named(_ name: String) -> Suite? {
        all.first { $0.name == name }
    }
}

/// How much work a sample holds, and where its files go.
struct Scale: Sendable {
    /// A tenth of the work: to see that a suite runs, not to compare figures.
    var isQuick: Bool
    /// The folder for the samples' files; on the disk that is to be measured.
    var folder: String

    /// The count, or a tenth of it in a quick run.
    func count(_ full: Int) -> Int {
        isQuick ? full / 10 : full
    }
}
