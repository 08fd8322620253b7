/// A named group of rows.
package struct Suite: Sendable {
    package var name: String
    package var summary: String
    package var comparisons: @Sendable (Scale) -> [any Comparison]

    package init(name: String, summary: String, comparisons: @escaping @Sendable (Scale) -> [any Comparison]) {
        self.name = name
        self.summary = summary
        self.comparisons = comparisons
    }
}

/// How much work a sample holds, and where its files go.
package struct Scale: Sendable {
    /// A tenth of the work: to see that a suite runs, not to compare figures.
    package var isQuick: Bool
    /// The folder for the samples' files; on the disk that is to be measured.
    package var folder: String

    /// The count, or a tenth of it in a quick run.
    package func count(_ full: Int) -> Int {
        isQuick ? full / 10 : full
    }
}
