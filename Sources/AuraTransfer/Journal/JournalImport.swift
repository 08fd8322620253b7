public import AuraEffects
internal import AuraRuntime

/// Merges an export into a journal: docs/export-format.md describes the lines.
///
/// Every line is checked before anything of its batch is merged. An import that was stopped goes on when it is run
/// again: what the journal holds is skipped.
public struct JournalImport: Sendable {
    /// What an import did.
    public struct Receipt: Sendable, Hashable {
        /// How many entries were new.
        public var added: Int
        /// How many entries the journal held already.
        public var known: Int
        /// The root hash of the file's entries.
        public var rootHash: SHA256Digest
        /// The root hash of the journal, which is the file's where the journal holds nothing else.
        public var journalRootHash: SHA256Digest
    }

    private let journal: any JournalEffects

    /// Creates an import into a journal, which needs the capability ``Capability/replication``.
    public init(into journal: any JournalEffects) {
        self.journal = journal
    }

    /// Reads the lines and merges them.
    ///
    /// The next lines are read while the last ones are merged.
    ///
    /// - Parameters:
    ///   - source: Where the lines come from.
    ///   - progress: Called after every batch.
    /// - Returns: What was done.
    /// - Throws: ``EffectError``: `corrupted` for a line that was altered, is missing or out of place, by its number;
    ///   `invalidArgument` for a file that is no journal export, `unsupported` for a newer version of one; `conflict` where
    ///   the journal holds other entries of an origin; what the source and the journal throw; `cancelled`. What was merged
    ///   before stays.
    public func run(
        from source: any ByteSource,
        progress: (TransferProgress) -> Void = { _ in }
    ) async throws(EffectError) -> Receipt {
        let journal = journal
        let reader = ImportReader(source, known: try await journal.frontier())
        let frontier = try await reader.header()
        // Refuses a file whose chains fork from the journal's, also where the journal is further than the file.
        _ = try await journal.entries(beyond: frontier, limit: 1)
        let total = frontier.heads.values.reduce(0) { $0 + Int(clamping: $1.sequence) }
        var added = 0
        var following = try await reader.next()
        while let group = following {
            async let merging = attempt { () throws(EffectError) in try await Self.merge(group, into: journal) }
            let next = await attempt { () throws(EffectError) in try await reader.next() }
            added += try await merging.get().added
            progress(TransferProgress(done: group.done, total: total))
            following = try next.get()
        }
        let reached = try await journal.frontier()
        return Receipt(
            added: added,
            known: total - added,
            rootHash: frontier.rootHash,
            journalRootHash: reached.rootHash
        )
    }

    private static func merge(
        _ group: ImportReader.Group,
        into journal: any JournalEffects
    ) async throws(EffectError) -> MergeReceipt {
        do throws(EffectError) {
            return try await journal.merge(group.batch)
        } catch {
            var error = error
            error.message = "Lines \(group.lines.lowerBound) to \(group.lines.upperBound): \(error.message)"
            throw error
        }
    }
}
