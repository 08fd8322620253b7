public import AuraEffects
internal import AuraRuntime

/// Copies the entries of one journal that another one lacks.
///
/// It goes on where the destination ends, so a copy that was stopped is simply run again. Both journals may be in use
/// meanwhile. Both need the capability ``Capability/replication``.
public struct JournalCopy: Sendable {
    /// What a copy did.
    public struct Receipt: Sendable, Hashable {
        /// How many entries were new to the destination.
        public var added: Int
        /// How many entries of the source the destination held already.
        public var known: Int
        /// The root hash of the source when the copy began.
        public var sourceRootHash: SHA256Digest
        /// The root hash of the destination, which is the source's where it holds nothing else.
        public var destinationRootHash: SHA256Digest
    }

    private static let errors = HandlerErrors(JournalEffect.self, handler: "")
    private static let operation = "copy"

    private let source: any JournalEffects
    private let destination: any JournalEffects

    /// Creates a copy from one journal to another.
    public init(from source: any JournalEffects, to destination: any JournalEffects) {
        self.source = source
        self.destination = destination
    }

    /// Copies page by page, and compares both journals at the end.
    ///
    /// The next page is read and hashed while the last one is merged.
    ///
    /// - Parameter progress: Called after every page.
    /// - Returns: What was done.
    /// - Throws: ``EffectError``: `corrupted` where an entry of the source does not follow from the one before it, or the
    ///   destination does not hold what was copied; `conflict` where both hold different entries of an origin; what the
    ///   journals throw; `cancelled`. What was merged before stays.
    public func run(progress: (TransferProgress) -> Void = { _ in }) async throws(EffectError) -> Receipt {
        let destination = destination
        let wanted = try await source.frontier()
        let held = try await destination.frontier()
        let total = wanted.heads.values.reduce(0) { $0 + Int(clamping: $1.sequence) }
        let known = wanted.heads.reduce(0) { $0 + Int(clamping: min($1.value.sequence, held.sequence(of: $1.key))) }
        let pages = PageReader(source, beyond: held, upTo: wanted, for: Self.operation)
        var added = 0
        var page = try await pages.next()
        while let current = page {
            async let merging = attempt { () throws(EffectError) in try await destination.merge(current) }
            let following = await attempt { () throws(EffectError) in try await pages.next() }
            added += try await merging.get().added
            progress(TransferProgress(done: known + added, total: total))
            page = try following.get()
        }
        let reached = try await destination.frontier()
        try await compare(wanted, with: reached)
        return Receipt(
            added: added,
            known: known,
            sourceRootHash: wanted.rootHash,
            destinationRootHash: reached.rootHash
        )
    }

    /// Sees that the destination holds what the source held when the copy began.
    private func compare(_ wanted: JournalFrontier, with reached: JournalFrontier) async throws(EffectError) {
        for (origin, head) in wanted.heads where reached.sequence(of: origin) < head.sequence {
            throw Self.errors.error(
                .corrupted,
                in: Self.operation,
                "The destination ends at entry \(reached.sequence(of: origin)) of origin \(origin), and the source at "
                    + "\(head.sequence): verify both journals, and copy again."
            )
        }
        // Refuses a head that disagrees with the destination's entry, whatever the destination holds beyond it.
        _ = try await destination.entries(beyond: wanted, limit: 1)
    }
}
