internal import AuraEffects

/// Moves what the log holds into files of its own: each value takes its place at once and durably, then the index, and then
/// the log begins anew.
///
/// It runs under the storage's lock. Until the new index has taken its place, the log counts; a crash before leaves files that
/// the log still covers, and the next checkpoint writes them again. Readers go on meanwhile.
struct Checkpoint {
    private let catalog: Catalog
    private let records: [LogRecord]
    private let index: SortedIndex
    private let lastRevision: UInt64

    private var folder: StorageFolder { catalog.folder }
    private var log: StorageLog { catalog.log }

    /// How many files are written before the first of them is waited for.
    private static let filesUnderWay = 256

    /// Takes in what there is to do; `nil` where the log is empty.
    init?(_ catalog: Catalog) throws(FileFailure) {
        self.catalog = catalog
        (records, index, lastRevision) = try catalog.withView { view in
            let keys = view.recent.keys()
            return (keys.compactMap { view.recent[$0] }, view.index, view.lastRevision)
        }
        if records.isEmpty { return nil }
    }

    /// Does the checkpoint.
    ///
    /// - Parameter shrinksLog: Whether the log's room is given back to the file system.
    /// - Throws: ``FileFailure`` where the disk is full or fails; the log then still counts.
    func run(shrinksLog: Bool) throws(FileFailure) {
        var header = try log.header()
        header.isCheckpointing = true
        try log.write(header)
        // No value takes its place before what it replaces can be told from the log.
        if header.synced < header.committed { try log.sync() }
        try placeValues()
        try publishIndex(generation: header.generation + 1)
        try log.write(LogHeader(generation: header.generation + 1))
        if shrinksLog { try log.drop(from: StorageLog.start) }
    }

    // MARK: Values

    /// A file that is written and waits to take its place.
    private struct NewFile {
        var shard: OpenFolder
        var file: OpenFile
        var name: ValueName

        func discard() {
            try? shard.remove(name.newFile)
        }
    }

    private func placeValues() throws(FileFailure) {
        let byShard = Dictionary(grouping: records.map { (name: ValueName($0.key), record: $0) }, by: \.name.shard)
        var shards: [OpenFolder] = []
        var newFiles: [NewFile] = []
        do throws(FileFailure) {
            // In a fixed order, so that a simulation repeats itself.
            for (name, changes) in byShard.sorted(by: { $0.key < $1.key }) {
                let shard = try folder.makeShard(name)
                shards.append(shard)
                for (name, record) in changes {
                    guard let value = record.value else {
                        try shard.remove(name.file)
                        continue
                    }
                    let newFile = try makeFile(name, in: shard)
                    newFiles.append(newFile)
                    try write(value, of: record, to: newFile.file)
                }
                if newFiles.count >= Self.filesUnderWay || shards.count >= Self.filesUnderWay {
                    try settle(&newFiles, &shards)
                }
            }
            try settle(&newFiles, &shards)
        } catch {
            // On a full disk they would be in the way.
            for newFile in newFiles { newFile.discard() }
            throw error
        }
    }

    private func makeFile(_ name: ValueName, in shard: OpenFolder) throws(FileFailure) -> NewFile {
        let label: FileLabel = "the file '\(name.shard)/\(name.newFile)'"
        return NewFile(shard: shard, file: try shard.makeFile(name.newFile, label: label), name: name)
    }

    private func write(
        _ value: LogRecord.Value,
        of record: LogRecord,
        to file: OpenFile
    ) throws(FileFailure) {
        // The checksum goes with the bytes as they are, so that damage in the log stays damage.
        let header = ValueFile.Header(revision: record.revision, checksum: value.checksum)
        try file.write(ValueFile.encode(record.key, header, try log.readUnchecked(value)), at: 0)
        file.startWriteback()
    }

    /// Syncs the files, lets them take their places, and syncs their folders.
    private func settle(_ newFiles: inout [NewFile], _ shards: inout [OpenFolder]) throws(FileFailure) {
        for newFile in newFiles { try newFile.file.sync() }
        for newFile in newFiles {
            try newFile.shard.rename(newFile.file, newFile.name.newFile, to: newFile.name.file)
        }
        for shard in shards { try shard.sync() }
        newFiles = []
        shards = []
    }

    // MARK: The index

    private func publishIndex(generation: UInt64) throws(FileFailure) {
        var writer = try IndexWriter(in: folder)
        var changes = RecentChanges()
        changes.apply(records)
        var listing = try MergedListing(index, changes, keys: records.map(\.key), from: nil)
        while let (key, entry) = try listing.nextItem() { try writer.append(key, entry) }
        try writer.publish(generation: generation, lastRevision: lastRevision)
    }
}
