public import AuraEffects

/// What a merge will do to a journal: decided before anything is written, so that a refused merge changes nothing.
///
/// The plan follows the batch alone and what the journal knows: every handler decides alike.
public struct MergePlan: Sendable {
    /// The entries to add, in the batch's order; the handler gives them revisions and positions.
    public private(set) var added: [JournalEntry] = []

    /// How many entries of the batch the journal holds already.
    public private(set) var knownCount = 0

    /// The snapshots that take the place of the kept ones; the handler computes their revisions after it added the
    /// entries: how many of the stream's first entries the snapshot covers.
    public private(set) var snapshots: [JournalSnapshot] = []

    /// The latest timestamp among the new entries, for the journal's clock to observe.
    public private(set) var lastTimestamp = HybridTimestamp.zero

    /// Decides what merging a batch does.
    ///
    /// - Parameters:
    ///   - batch: The batch, checked by ``JournalValidation/check(_:)-(JournalBatch)``.
    ///   - origin: The journal's own origin.
    ///   - known: What the journal holds; it must not change between this and the writing.
    ///   - errors: Makes the handler's errors.
    /// - Throws: `preconditionFailed` for a gap, or a compacted entry that no snapshot covers; `conflict` where an entry
    ///   disagrees with a known one, does not extend the known head, or extends this journal's own origin.
    public init(
        _ batch: JournalBatch,
        into origin: OriginID,
        known: some KnownEntries,
        errors: HandlerErrors
    ) throws(EffectError) {
        try planEntries(batch, into: origin, known: known, errors: errors)
        try planSnapshots(batch.snapshots, into: origin, known: known, errors: errors)
    }

    /// The place that a run of one origin's entries has reached.
    private struct Run {
        let origin: OriginID
        /// What the journal knew of the origin before.
        var known: JournalFrontier.Head
        /// The last sequence of the run so far.
        var sequence: UInt64
        /// The hash that the next entry extends.
        var hash: SHA256Digest
        /// Whether the batch holds the entry that the next one extends: then their link was checked with the batch.
        var isLinked = false
    }

    private mutating func planEntries(
        _ batch: JournalBatch,
        into origin: OriginID,
        known: some KnownEntries,
        errors: HandlerErrors
    ) throws(EffectError) {
        let brokenLink = batch.checkingLinks().brokenLink
        var runs: [Run] = []
        var runIndices: [OriginID: Int] = [:]
        var names = BatchNames(of: batch.entries.count)
        var index = 0
        added.reserveCapacity(batch.entries.count)
        for (place, entry) in batch.entries.enumerated() {
            // Runs of one origin are long: the last one is usually the right one.
            if runs.isEmpty || runs[index].origin != entry.origin {
                if let begun = runIndices[entry.origin] {
                    index = begun
                } else {
                    index = runs.count
                    runIndices[entry.origin] = index
                    runs.append(try Self.run(beginningWith: entry, known: known))
                }
            }
            let run = runs[index]
            guard entry.sequence > 0, entry.sequence - 1 == run.sequence else {
                throw Self.gap(before: entry, after: run, errors)
            }
            let isKnown = entry.sequence <= run.known.sequence
            guard isKnown || entry.origin != origin else { throw Self.ownEntry(entry, errors) }
            // A known entry is looked at as well: one that was altered on its way disagrees with the known one.
            guard run.isLinked ? place != brokenLink : entry.extends(run.hash) else {
                throw Self.fork(at: entry, errors)
            }
            if isKnown {
                guard try known.hash(of: entry.origin, sequence: entry.sequence) == entry.hash else {
                    throw Self.fork(at: entry, errors)
                }
                knownCount += 1
            } else {
                guard
                    names.insert(entry, after: added),
                    try !known.contains(entry.id, of: entry.origin, in: entry.stream)
                else { throw Self.repeatedID(of: entry, errors) }
                lastTimestamp = max(lastTimestamp, entry.timestamp)
                added.append(entry)
            }
            runs[index].sequence = entry.sequence
            runs[index].hash = entry.hash
            runs[index].isLinked = true
        }
    }

    private static func run(
        beginningWith entry: JournalEntry,
        known: some KnownEntries
    ) throws(EffectError) -> Run {
        let head = try known.head(of: entry.origin) ?? JournalFrontier.Head(sequence: 0, hash: .zero)
        // A run may begin anywhere at or below the frontier + 1; where it begins above, this leaves the gap to see.
        let before = entry.sequence == 0 ? 0 : entry.sequence - 1
        let sequence = min(before, head.sequence)
        let hash = sequence == 0 ? .zero : try known.hash(of: entry.origin, sequence: sequence) ?? .zero
        return Run(origin: entry.origin, known: head, sequence: sequence, hash: hash)
    }
}

extension MergePlan {
    private mutating func planSnapshots(
        _ offered: [JournalSnapshot],
        into origin: OriginID,
        known: some KnownEntries,
        errors: HandlerErrors
    ) throws(EffectError) {
        var needed: [StreamName: [OriginID: UInt64]] = [:]
        for entry in added where entry.payload == nil {
            needed[entry.stream, default: [:]][entry.origin] = entry.sequence
        }
        var taken: [StreamName: JournalSnapshot] = [:]
        func coverage(of stream: StreamName) throws(EffectError) -> [OriginID: UInt64]? {
            if let snapshot = taken[stream] { return snapshot.covers }
            return try known.snapshotCoverage(of: stream)
        }
        let ownSequence = try known.head(of: origin)?.sequence ?? 0
        for snapshot in offered {
            guard snapshot.covers[origin] ?? 0 <= ownSequence else { throw Self.ownSnapshot(snapshot, errors) }
            let stream = snapshot.stream
            let kept = try coverage(of: stream)
            if let kept, Self.coverage(kept, includes: snapshot.covers) { continue }
            if let kept, !Self.coverage(snapshot.covers, includes: kept) {
                // Neither stands for all that the other does. The offered one is taken only where a new entry needs it
                // and no compacted entry needs the kept one.
                let wanted = needed[stream] ?? [:]
                let compacted = try known.compactedSequences(in: stream)
                guard
                    !Self.coverage(kept, includes: wanted),
                    Self.coverage(snapshot.covers, includes: wanted),
                    Self.coverage(snapshot.covers, includes: compacted)
                else { continue }
            }
            taken[stream] = snapshot
        }
        for (stream, wanted) in needed {
            let kept = try coverage(of: stream)
            guard Self.coverage(kept ?? [:], includes: wanted) else { throw Self.uncovered(stream, errors) }
        }
        snapshots = taken.values.sorted { $0.stream < $1.stream }
    }

    private static func coverage(_ left: [OriginID: UInt64], includes right: [OriginID: UInt64]) -> Bool {
        right.allSatisfy { origin, sequence in sequence <= left[origin] ?? 0 }
    }

    private static func gap(before entry: JournalEntry, after run: Run, _ errors: HandlerErrors) -> EffectError {
        errors.error(
            .preconditionFailed,
            in: "merge",
            "The entries of origin \(entry.origin) have sequence \(entry.sequence) where \(run.sequence + 1) or a known "
                + "one must follow: ask the sender for its entries beyond this journal's frontier."
        )
    }

    private static func fork(at entry: JournalEntry, _ errors: HandlerErrors) -> EffectError {
        errors.error(
            .conflict,
            in: "merge",
            "The chain of origin \(entry.origin) forks at sequence \(entry.sequence): the entry was altered, or a copy of "
                + "its journal went on writing under the same origin. Verify the sender's journal."
        )
    }

    private static func ownEntry(_ entry: JournalEntry, _ errors: HandlerErrors) -> EffectError {
        errors.error(
            .conflict,
            in: "merge",
            "The sender has entry \(entry.sequence) of this journal's own origin \(entry.origin), which this journal "
                + "lacks: it was restored from an older copy. Adopt a new origin before it writes on."
        )
    }

    private static func repeatedID(of entry: JournalEntry, _ errors: HandlerErrors) -> EffectError {
        errors.error(
            .conflict,
            in: "merge",
            "Origin \(entry.origin) uses the id \(entry.id) a second time in the stream "
                + "\(HandlerErrors.quote(entry.stream.text)), at sequence \(entry.sequence)."
        )
    }

    private static func ownSnapshot(_ snapshot: JournalSnapshot, _ errors: HandlerErrors) -> EffectError {
        errors.error(
            .conflict,
            in: "merge",
            "The snapshot of \(HandlerErrors.quote(snapshot.stream.text)) covers entries of this journal's own origin that "
                + "it lacks: it was restored from an older copy. Adopt a new origin before it writes on."
        )
    }

    private static func uncovered(_ stream: StreamName, _ errors: HandlerErrors) -> EffectError {
        errors.error(
            .preconditionFailed,
            in: "merge",
            "The batch has compacted entries of the stream \(HandlerErrors.quote(stream.text)) without a snapshot that "
                + "covers them and what is compacted here: save a snapshot that covers both journals' entries, then merge."
        )
    }
}

/// The ids of a batch's new entries, to find one that occurs twice.
private struct BatchNames {
    private struct Name: Hashable {
        var origin: OriginID
        var stream: StreamName
        var id: EntryID

        // The id alone tells nearly all entries apart.
        func hash(into hasher: inout Hasher) {
            hasher.combine(id)
        }
    }

    private let count: Int
    private var highest: EntryID?
    private var names: Set<Name>?

    /// The names of a batch of so many entries.
    init(of count: Int) {
        self.count = count
    }

    /// Takes the id of an entry that follows others.
    ///
    /// - Returns: Whether it is new for its origin and stream.
    mutating func insert(_ entry: JournalEntry, after others: [JournalEntry]) -> Bool {
        // Ids usually come in the order of time: then no set is needed.
        let isHighest = highest.map { $0 < entry.id } ?? true
        if isHighest { highest = entry.id }
        if names == nil {
            if isHighest { return true }
            names = Set(minimumCapacity: count)
            for other in others { names?.insert(Self.name(other)) }
        }
        return names?.insert(Self.name(entry)).inserted ?? true
    }

    private static func name(_ entry: JournalEntry) -> Name {
        Name(origin: entry.origin, stream: entry.stream, id: entry.id)
    }
}
