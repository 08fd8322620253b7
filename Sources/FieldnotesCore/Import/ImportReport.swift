/// What an import has done so far.
package struct ImportReport: Hashable, Sendable {
    /// Files that became notes.
    package var added = 0
    /// Files whose notes have a new text.
    package var edited = 0
    /// Files that are notes already.
    package var unchanged = 0
    /// What was passed by.
    package var skipped = SkippedItems()
    /// The size of the texts of all these files.
    package var textBytes = 0

    package var files: Int { added + edited + unchanged }
}

/// Where an import is.
package enum ImportProgress: Hashable, Sendable {
    /// Files are counted.
    case counting(files: Int)
    /// Files are read: so many files and bytes of all that were counted.
    case reading(files: Int, ofFiles: Int, bytes: Int, ofBytes: Int)
    /// So many entries have been taken into the list of notes and the search index.
    case indexing(entries: Int)
}
