internal import AuraEffects

/// Brings the projection up to the journal's end: the list of notes and the search index, which hold nothing that the
/// journal does not.
package struct Projector {
    /// Is told how many entries have been taken in so far.
    package typealias Progress = (_ entries: Int) -> Void

    // 64 entries of 64 KiB are 4 MiB: a page must fit into the smallest environment.
    private static let pageEntries = 64
    private static let maximumAttempts = 1000
    /// What stands in place of the checkpoint while the projection is cleared; no checkpoint of any version.
    private static let clearingMark: [UInt8] = [0]

    private let effects: EffectSystem

    init(_ effects: EffectSystem) {
        self.effects = effects
    }

    /// Takes in every entry that is new, and everything again where the projection is missing or not this journal's.
    ///
    /// - Parameter progress: Is called after each page.
    /// - Throws: What the journal and the storage throw; what was written until then stays.
    func catchUp(_ progress: Progress = { _ in }) async throws(EffectError) {
        for attempt in 1...Self.maximumAttempts {
            do {
                let (checkpoint, precondition) = try await checkpoint()
                return try await advance(after: checkpoint, if: precondition, progress)
            } catch  where error.code == .preconditionFailed && attempt < Self.maximumAttempts {
                // Another process has brought the projection further: go on from there.
                continue
            }
        }
    }

    private func advance(
        after checkpoint: Checkpoint,
        if precondition: StoragePrecondition,
        _ progress: Progress
    ) async throws(EffectError) {
        var batch = ProjectionBatch(effects, after: checkpoint, if: precondition)
        var written = checkpoint
        var count = 0
        while true {
            let page: [JournalEntry]
            do throws(EffectError) {
                page = try await readPage(after: batch.checkpoint.position)
            } catch  where error.code == .corrupted {
                // What lies before the damage stays usable.
                if batch.checkpoint != written { try await batch.write() }
                throw error
            }
            for entry in page { try await batch.apply(entry) }
            count += page.count
            let isEnd = page.isEmpty
            if isEnd ? batch.checkpoint != written : batch.isFull {
                try await batch.write()
                written = batch.checkpoint
            }
            if isEnd { return }
            progress(count)
        }
    }

    /// The next entries; where one of them is damaged, those before it, one at a time.
    private func readPage(after position: Position) async throws(EffectError) -> [JournalEntry] {
        do throws(EffectError) {
            return try await effects.journal.readAll(after: position, limit: Self.pageEntries)
        } catch  where error.code == .corrupted {
            return try await effects.journal.readAll(after: position, limit: 1)
        }
    }

    /// The checkpoint to go on from; the projection is empty where it is ``Checkpoint/start``.
    private func checkpoint() async throws(EffectError) -> (Checkpoint, StoragePrecondition) {
        let storage = effects.storage
        let stored = try await storage.read(ProjectionKey.checkpoint)
        if let stored, let checkpoint = Checkpoint(encoded: stored.bytes), try await isOfThisJournal(checkpoint) {
            return (checkpoint, .matches(stored.revision))
        }
        // As long as the mark stands, every process removes and none writes.
        let mark: StorageRevision
        if let stored, stored.bytes == Self.clearingMark {
            mark = stored.revision
        } else {
            let precondition = stored.map { StoragePrecondition.matches($0.revision) } ?? .absent
            mark = try await storage.write(Self.clearingMark, to: ProjectionKey.checkpoint, if: precondition)
        }
        try await clear(while: mark)
        let start = Checkpoint.start.encoded
        return (.start, .matches(try await storage.write(start, to: ProjectionKey.checkpoint, if: .matches(mark))))
    }

    private func isOfThisJournal(_ checkpoint: Checkpoint) async throws(EffectError) -> Bool {
        guard checkpoint != .start else { return true }
        let before = Position(rawValue: checkpoint.position.rawValue - 1)
        return try await effects.journal.readAll(after: before, limit: 1).first.map(Checkpoint.init) == checkpoint
    }

    /// Removes everything but the checkpoint, as long as the mark stands in its place.
    ///
    /// What was listed under the mark is removed only as it was listed: a process that is late removes nothing that another one
    /// has written since.
    private func clear(while mark: StorageRevision) async throws(EffectError) {
        let storage = effects.storage
        var after: StorageKey?
        repeat {
            let page = try await storage.list(prefix: ProjectionKey.prefix, after: after, limit: 1000)
            guard try await storage.read(ProjectionKey.checkpoint)?.revision == mark else {
                throw EffectError(.preconditionFailed, "Another process has cleared the projection.")
            }
            var batch = StorageBatch(storage)
            for item in page.items where item.key != ProjectionKey.checkpoint {
                try await batch.add(.remove(item.key, if: .matches(item.revision)))
            }
            _ = try await batch.finish()
            after = page.next
        } while after != nil
    }
}
