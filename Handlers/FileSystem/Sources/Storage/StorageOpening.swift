internal import AuraEffects

/// What is done once when a handler opens a storage, and again by whoever finds that another process died at it.
///
/// All of it runs under the storage's lock.
struct StorageOpening {
    let folder: StorageFolder
    let log: StorageLog
    let isDurable: Bool

    /// Makes a new storage, or brings one to rights that a crash has left behind.
    func run() throws(FileFailure) {
        if try isNew() {
            try log.create()
            var writer = try IndexWriter(in: folder)
            try writer.publish(generation: 1, lastRevision: 0)
            return
        }
        try endCheckpoint()
        try adoptBatches()
    }

    /// Whether there is no storage yet, or one whose making a crash has cut short.
    private func isNew() throws(FileFailure) -> Bool {
        if try SortedIndex(in: folder) != nil { return false }
        do throws(FileFailure) {
            return try log.header() == LogHeader(generation: 1)
        } catch {
            // A crash amid the making may have kept other parts of the log than its header; batches come after the index.
            guard error.reason == .damaged, try log.hasNoBatches else { throw error }
            return true
        }
    }

    /// Ends a checkpoint whose process died: where its index took its place the log begins anew, else the log still counts.
    func endCheckpoint() throws(FileFailure) {
        var header = try log.header()
        let index = try Catalog.index(in: folder)
        if index.generation > header.generation {
            try folder.sync()
            header = LogHeader(generation: index.generation)
        } else if header.isCheckpointing {
            header.isCheckpointing = false
        } else {
            return
        }
        try log.write(header)
    }

    /// Takes in whole batches behind the committed end, which a crash kept from being said in the header, and drops a last
    /// one that is half-written.
    private func adoptBatches() throws(FileFailure) {
        var header = try log.header()
        guard try Catalog.index(in: folder).generation == header.generation else {
            throw .damaged("the file '\(StorageFolder.indexName)', which does not belong to the log,")
        }
        var (end, previous) = (StorageLog.start, UInt64(0))
        while let batch = try log.batch(at: end, generation: header.generation, previous: previous) {
            if batch.end > header.synced {
                guard try log.isWhole(batch) else { break }
            }
            (end, previous) = (batch.end, batch.checksum)
        }
        // What was synced is there whole: if not, it was damaged since.
        guard end >= header.synced else { throw .damaged("the file '\(StorageFolder.logName)'") }
        guard end != header.committed else { return }
        if isDurable { try log.sync() }
        header.committed = end
        if isDurable { header.synced = end }
        try log.write(header)
    }
}
