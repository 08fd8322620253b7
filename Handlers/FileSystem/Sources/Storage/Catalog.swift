internal import AuraEffects
internal import Synchronization

/// What a handler knows of the storage: the index and what the log holds beyond it.
///
/// Each use first takes in what this or another process has committed since. It needs no lock of the storage: a batch
/// counts once the log's header says so, and an open index does not change.
final class Catalog: Sendable {
    /// What is stored, as of one moment.
    struct View {
        var header: LogHeader
        var index: SortedIndex
        var recent = RecentChanges()
        /// The last revision issued by any handler, as far as it was committed.
        var lastRevision: UInt64
        /// How far the log is taken in, and the checksum of the last batch.
        var position = StorageLog.start
        var previous: UInt64 = 0

        init(_ index: SortedIndex, header: LogHeader, lastRevision: UInt64) {
            self.index = index
            self.header = header
            self.lastRevision = max(lastRevision, index.lastRevision)
        }

        /// The version of a key's value; `nil` where there is none.
        func revision(of key: StorageKey) throws(FileFailure) -> StorageRevision? {
            if let record = recent[key] {
                return record.value == nil ? nil : StorageRevision(rawValue: record.revision)
            }
            return try index.entry(of: key).map { StorageRevision(rawValue: $0.revision) }
        }
    }

    let folder: StorageFolder
    let log: StorageLog
    private let view: Mutex<View?>

    /// Begins with the index as it is.
    init(_ folder: StorageFolder, _ log: StorageLog) throws(FileFailure) {
        self.folder = folder
        self.log = log
        let index = try Self.index(in: folder)
        view = Mutex(View(index, header: LogHeader(generation: index.generation), lastRevision: 0))
    }

    static func index(in folder: StorageFolder) throws(FileFailure) -> SortedIndex {
        guard let index = try SortedIndex(in: folder) else {
            throw .damaged("the file '\(StorageFolder.indexName)', which is missing,")
        }
        return index
    }

    /// Lets go of the files; later uses throw.
    func close() {
        view.withLock { $0 = nil }
    }

    /// Runs `body` on what is stored now.
    func withView<Result: Sendable>(
        _ body: (inout View) throws(FileFailure) -> Result
    ) throws(FileFailure) -> Result {
        try view.withLock { view throws(FileFailure) in
            guard var current = view else { throw FileFailure(reason: .stopped, file: "the storage") }
            // Taken out, so that nothing is copied when it changes.
            view = nil
            defer { view = current }
            try catchUp(&current)
            return try body(&current)
        }
    }

    private func catchUp(_ view: inout View) throws(FileFailure) {
        // A checkpoint of another process may come in between, but not again and again.
        for _ in 0..<1000 {
            let header = try log.header()
            if header == view.header { return }
            if header.generation > view.index.generation {
                view = View(try Self.index(in: folder), header: header, lastRevision: view.lastRevision)
                guard header.generation <= view.index.generation else { continue }
            }
            // Where the index is ahead, it holds all of the log, which is about to begin anew.
            var isTaken = header.generation < view.index.generation
            if !isTaken { isTaken = try takeIn(header, &view) }
            if isTaken {
                view.header = header
                return
            }
            if try log.header().generation == header.generation {
                throw .damaged("the file '\(StorageFolder.logName)'")
            }
        }
        throw .damaged("the file '\(StorageFolder.indexName)', which is older than the log,")
    }

    /// Takes in the batches up to the committed end; `false` where one is not as it was written, or not any more.
    private func takeIn(_ header: LogHeader, _ view: inout View) throws(FileFailure) -> Bool {
        while view.position < header.committed {
            let batch = try log.batch(at: view.position, generation: header.generation, previous: view.previous)
            guard let batch else { return false }
            view.recent.apply(batch.records)
            view.position = batch.end
            view.previous = batch.checksum
            view.lastRevision = batch.records.reduce(view.lastRevision) { max($0, $1.revision) }
        }
        return true
    }
}
