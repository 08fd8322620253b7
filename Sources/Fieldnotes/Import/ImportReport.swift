/// What an import has done so far.
struct ImportReport: Hashable, Sendable {
    /// Files that became notes.
    var added = 0
    /// Files whose notes have a new text.
    var edited = 0
    /// Files that are notes already.
    var unchanged = 0
    /// What was passed by.
    var skipped = SkippedItems()
    /// The size of the texts of all these files.
    var textBytes = 0

    var files: Int { added + edited + unchanged }
}

/// Where an import is.
enum ImportProgress: Hashable, Sendable {
    /// Files are counted.
    case counting(files: Int)
    /// Files are read: so many files and bytes of all that were counted.
    case reading(files: Int, ofFiles: Int, bytes: Int, ofBytes: Int)
    /// So many entries have been taken into the list of notes and the search index.
    case indexing(entries: Int)
}
