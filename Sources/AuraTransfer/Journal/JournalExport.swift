public import AuraEffects
internal import AuraRuntime

/// Writes a journal as lines of text: docs/export-format.md describes them.
///
/// The export holds what the journal held when it began. It verifies every entry's hash on the way, and needs the
/// capability ``Capability/replication``.
public struct JournalExport: Sendable {
    /// What an export wrote.
    public struct Receipt: Sendable, Hashable {
        /// How many entries.
        public var entries: Int
        /// How many snapshots.
        public var snapshots: Int
        /// How many bytes.
        public var bytes: Int
        /// The root hash of the entries.
        public var rootHash: SHA256Digest
    }

    private static let errors = HandlerErrors(JournalEffect.self, handler: "")
    private static let operation = "export"

    private let journal: any JournalEffects

    /// Creates an export of a journal.
    public init(of journal: any JournalEffects) {
        self.journal = journal
    }

    /// Writes the lines, and finishes the sink after the last one.
    ///
    /// The next page is read while the last one is written.
    ///
    /// - Parameters:
    ///   - sink: Where the lines go.
    ///   - progress: Called after every page.
    /// - Returns: What was written.
    /// - Throws: ``EffectError`` of the journal or the sink; `corrupted` where an entry does not follow from the one before
    ///   it or is missing; `cancelled`. The sink is not finished then.
    public func run(
        to sink: any ByteSink,
        progress: (TransferProgress) -> Void = { _ in }
    ) async throws(EffectError) -> Receipt {
        let header = ExportHeader(try await journal.frontier())
        var writing = Writing(sink: sink, header: header)
        try await writing.write(ExportEncoder.encode(header))
        let pages = PageReader(journal, upTo: header.frontier, for: Self.operation)
        var page = try await pages.next()
        while let current = page {
            async let following = attempt { () throws(EffectError) in try await pages.next() }
            try await writing.write(current)
            progress(TransferProgress(done: writing.receipt.entries, total: Int(clamping: header.entries)))
            page = try await following.get()
        }
        try await writing.finish()
        return writing.receipt
    }

    /// What was written so far.
    private struct Writing {
        /// So few that the lines of small entries stay in the processor's cache until they are written.
        private static let entriesPerWrite = 256

        let sink: any ByteSink
        let header: ExportHeader
        var receipt: Receipt

        init(sink: any ByteSink, header: ExportHeader) {
            self.sink = sink
            self.header = header
            receipt = Receipt(entries: 0, snapshots: 0, bytes: 0, rootHash: header.rootHash)
        }

        mutating func write(_ batch: JournalBatch) async throws(EffectError) {
            for snapshot in batch.snapshots { try await write(ExportEncoder.encode(snapshot)) }
            for start in stride(from: 0, to: batch.entries.count, by: Self.entriesPerWrite) {
                let end = min(start + Self.entriesPerWrite, batch.entries.count)
                try await write(ExportEncoder.encode(batch.entries[start..<end]))
            }
            receipt.entries += batch.entries.count
            receipt.snapshots += batch.snapshots.count
        }

        mutating func write(_ bytes: [UInt8]) async throws(EffectError) {
            try await sink.write(bytes)
            receipt.bytes += bytes.count
        }

        mutating func finish() async throws(EffectError) {
            guard receipt.entries == Int(clamping: header.entries) else {
                throw JournalExport.errors.error(
                    .corrupted,
                    in: JournalExport.operation,
                    "The journal gave \(receipt.entries) of its \(header.entries) entries: verify it."
                )
            }
            let end = ExportEnd(
                entries: header.entries,
                snapshots: UInt64(receipt.snapshots),
                rootHash: header.rootHash
            )
            try await write(ExportEncoder.encode(end))
            try await sink.finish()
        }
    }
}
