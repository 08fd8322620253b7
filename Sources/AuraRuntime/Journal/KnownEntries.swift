public import AuraEffects

/// What a journal holds already, as far as a merge must know: the look-ups that ``MergePlan`` makes.
///
/// Every look-up throws ``EffectError`` where the journal cannot answer.
public protocol KnownEntries {
    /// The last known entry of an origin; `nil` where none is known.
    func head(of origin: OriginID) throws(EffectError) -> JournalFrontier.Head?

    /// The hash of an origin's entry; `nil` where it is not known.
    func hash(of origin: OriginID, sequence: UInt64) throws(EffectError) -> SHA256Digest?

    /// Whether a stream holds an entry of an origin with an id.
    func contains(_ id: EntryID, of origin: OriginID, in stream: StreamName) throws(EffectError) -> Bool

    /// What the kept snapshot of a stream covers; `nil` where none is kept.
    func snapshotCoverage(of stream: StreamName) throws(EffectError) -> [OriginID: UInt64]?

    /// The origin and highest sequence of the compacted entries of a stream.
    func compactedSequences(in stream: StreamName) throws(EffectError) -> [OriginID: UInt64]
}
