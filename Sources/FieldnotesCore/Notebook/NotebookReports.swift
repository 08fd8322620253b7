package import AuraEffects

/// What a notebook holds, in figures.
package struct NotebookStatistics: Sendable {
    package var notes = 0
    package var imported = 0
    /// How many notes are in conflict.
    package var inConflict = 0
    package var textBytes = 0
    /// How many notes have each tag.
    package var tags: [NoteTag: Int] = [:]
    package var sources: [String] = []
    package var entries: UInt64 = 0
    package var origins = 0
    package var rootHash = SHA256Digest.zero
    /// Entries that this version does not understand, the first ones, and how many there are.
    package var unknown: [UnknownEntry] = []
    package var unknownCount = 0
}

/// An entry that this version does not understand: it stays in the journal and is taken in by a version that does.
package struct UnknownEntry: Hashable, Sendable {
    package var position: Position
    package var reason: String
}

/// What a check of everything found.
package struct NotebookVerification: Sendable {
    package var journal: VerificationReport
    /// Why the projection could not be brought to the journal's end; then only the notes that it holds were checked.
    package var unindexed: EffectError?
    /// How many notes' texts were read and compared with their operations, each of a note in conflict.
    package var notes = 0
    /// Notes whose text is not what its operation says, and why.
    package var damaged: [String] = []
    package var unknownCount = 0

    package var isClean: Bool { journal.isClean && unindexed == nil && damaged.isEmpty }
}

extension Notebook {
    private static let listedUnknownEntries = 10

    /// Counts what the notebook holds.
    package func statistics() async throws(EffectError) -> NotebookStatistics {
        var counted = NotebookStatistics()
        try await forEachNote { record in
            counted.notes += 1
            counted.imported += record.source == nil ? 0 : 1
            counted.inConflict += record.isInConflict ? 1 : 0
            for version in record.versions { counted.textBytes += version.byteCount }
            for tag in record.tags { counted.tags[tag, default: 0] += 1 }
        }
        counted.sources = try await sources()
        let frontier = try await effects.journal.frontier()
        counted.entries = frontier.heads.values.reduce(0) { $0 + $1.sequence }
        counted.origins = frontier.heads.count
        counted.rootHash = frontier.rootHash
        (counted.unknown, counted.unknownCount) = try await unknownEntries()
        return counted
    }

    /// The names of the folders that were imported, in the order of their bytes.
    package func sources() async throws(EffectError) -> [String] {
        var sources: [String] = []
        for key in try await keys(ProjectionKey.sourcePrefix) {
            guard let stored = try await effects.storage.read(key) else { continue }
            sources.append(String(decoding: stored.bytes, as: UTF8.self))
        }
        return sources.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Checks the journal's chain and every note's text.
    ///
    /// The journal comes first: damage that keeps the projection from its end is a finding and does not end the check.
    ///
    /// - Parameter progress: Is called while the projection is brought to the journal's end.
    /// - Returns: What was found.
    /// - Throws: What the journal and the storage throw where they cannot be checked at all.
    package func verify(_ progress: Projector.Progress = { _ in }) async throws(EffectError) -> NotebookVerification {
        var checked = NotebookVerification(journal: try await effects.journal.verify())
        do {
            try await catchUp(progress)
        } catch  where error.code != .cancelled {
            checked.unindexed = error
        }
        try await forEachNote { record throws(EffectError) in
            checked.notes += 1
            do throws(EffectError) {
                for version in record.versions {
                    if try await text(of: version, in: record.note).isWhole() { continue }
                    checked.damaged.append("The note \(record.note.short) has another text than its operation says.")
                }
            } catch  where error.code == .corrupted || error.code == .compacted {
                checked.damaged.append(error.message)
            }
        }
        checked.unknownCount = try await keys(ProjectionKey.unknownPrefix).count
        return checked
    }

    /// Whether the journal holds entries that this version does not understand.
    package func hasUnknownEntries() async throws(EffectError) -> Bool {
        try await !effects.storage.list(prefix: ProjectionKey.unknownPrefix, after: nil, limit: 1).items.isEmpty
    }

    private func unknownEntries() async throws(EffectError) -> ([UnknownEntry], Int) {
        let keys = try await keys(ProjectionKey.unknownPrefix)
        var entries: [UnknownEntry] = []
        for key in keys.prefix(Self.listedUnknownEntries) {
            guard let position = ProjectionKey.position(in: key), let stored = try await effects.storage.read(key)
            else {
                continue
            }
            entries.append(UnknownEntry(position: position, reason: String(decoding: stored.bytes, as: UTF8.self)))
        }
        return (entries, keys.count)
    }

    private func keys(_ prefix: String) async throws(EffectError) -> [StorageKey] {
        var keys: [StorageKey] = []
        var after: StorageKey?
        repeat {
            let page = try await effects.storage.list(prefix: prefix, after: after, limit: 500)
            keys += page.items.map(\.key)
            after = page.next
        } while after != nil
        return keys
    }
}
