// @Effect("journal")
/// Streams of immutable entries with optimistic concurrency, one total order per journal, and replication between
/// journals.
///
/// Every method throws ``EffectError``: `invalidArgument` for what is beyond the declared limits (an empty stream name or
/// kind is), `corrupted` where what is stored is damaged, `unsupported` for a capability that the handler does not
/// declare, `unavailable` or `resourceExhausted` where the journal cannot answer now, and `cancelled` once the task is
/// cancelled before the operation began.
///
/// The laws that every handler keeps are the cases of the conformance suite.
public protocol JournalEffects: EffectHandler {
    // @Operation(.idempotent, resource: "appends")
    /// Appends entries to one or several streams, all or nothing.
    ///
    /// Ids are looked at before expectations. An append all of whose ids its streams already hold from this journal's
    /// origin, with the same kinds and payloads, changes nothing and returns the first receipts. An append of nothing
    /// changes nothing and checks nothing. A waiting append withdraws when its task is cancelled, as long as it is queued.
    ///
    /// - Parameter appends: What goes to which stream; each stream at most once.
    /// - Returns: A receipt for each element of `appends`, in its order.
    /// - Throws: `preconditionFailed` where an expectation does not hold; `conflict` where an id is known with other
    ///   content or only some of the ids are known; `invalidArgument` for a stream or an id that occurs twice;
    ///   `resourceExhausted` where too many appends wait. Nothing has changed unless the error's outcome is `unknown`.
    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt]

    // @Operation(.idempotent, resource: "stream")
    /// Entries of a stream in the order of their revisions.
    ///
    /// - Parameters:
    ///   - stream: The stream; one without entries has none.
    ///   - revision: The first entry wanted. `nil` is the first one forwards and the last one backwards.
    ///   - limit: The most entries wanted; at least 1. A handler may return fewer only at the stream's end or at its
    ///     own page limit.
    ///   - backwards: Whether to read towards revision 0.
    /// - Returns: The entries. Forwards there are none beyond the stream's end; backwards they begin at its last one then.
    /// - Throws: `compacted` where `revision` lies below the stream's compaction (forwards from `nil`: where its first
    ///   entry does; backwards: the result ends there instead).
    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry]

    // @Operation(.idempotent, resource: "stream")
    /// The entry of a stream with an id, whatever its origin; the one with the lowest revision where there are several.
    ///
    /// - Throws: `compacted` where its payload was compacted away.
    func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry?

    // @Operation(.idempotent)
    /// Entries of all streams in the order of their positions.
    ///
    /// A reader that has seen a position never later finds a new entry at or below it. Compacted entries are
    /// delivered without their payload.
    ///
    /// - Parameters:
    ///   - position: Only entries after this one.
    ///   - limit: The most entries wanted; at least 1. Fewer come only at the journal's end or at the handler's own
    ///     page limit; an empty page means the end.
    /// - Returns: The entries; none at the journal's end.
    /// - Throws: ``EffectError``, as for every method.
    func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry]

    /// Entries of all streams as they are committed, from a position on.
    ///
    /// - Parameter position: Only entries after this one.
    /// - Returns: The entries, without end.
    func subscribe(after position: Position) -> JournalSubscription

    // @Operation(.idempotent, resource: "snapshot")
    /// Keeps the state of a stream; a later one replaces an earlier one: the capability ``Capability/snapshots``.
    ///
    /// - Parameter snapshot: The state; what it `covers` is computed from its stream and revision.
    /// - Throws: `invalidArgument` where the revision lies beyond the stream's end; `preconditionFailed` where a
    ///   snapshot of a higher revision is kept already.
    func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError)

    // @Operation(.idempotent, resource: "stream")
    /// The last snapshot kept of a stream, or `nil`.
    func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot?

    // @Operation(.idempotent, resource: "stream")
    /// Drops the payloads of a stream's entries below a revision and keeps their headers: the capability
    /// ``Capability/compaction``. It happens only when asked; ids, chain and replication stay as they were.
    ///
    /// - Parameters:
    ///   - stream: The stream.
    ///   - revision: Entries below this revision lose their payloads.
    /// - Throws: `preconditionFailed` where no snapshot of the stream covers all of them.
    func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError)

    // @Operation(.idempotent)
    /// How far the journal knows each origin's entries.
    func frontier() async throws(EffectError) -> JournalFrontier

    // @Operation(.idempotent)
    /// Entries beyond a frontier, for another journal to merge: the capability ``Capability/replication``.
    ///
    /// - Parameters:
    ///   - frontier: What the other journal has; heads of origins unknown here are ignored.
    ///   - limit: The most entries wanted; at least 1.
    /// - Returns: Per origin a run that begins right after `frontier`, with the snapshots that cover the compacted ones.
    /// - Throws: `conflict` naming the origin where a head in `frontier` disagrees with this journal's entry.
    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch

    // @Operation(.idempotent)
    /// Takes in entries of other journals, all or nothing: the capability ``Capability/replication``.
    ///
    /// Merging is idempotent, commutative and associative over the set of entries. New entries get revisions and
    /// positions of this journal.
    ///
    /// - Parameter batch: Per origin a run without gaps that begins at or below this journal's frontier + 1, and the
    ///   snapshots that cover its compacted entries.
    /// - Returns: How many entries were new and how many known.
    /// - Throws: `preconditionFailed` for a gap or a compacted entry without a covering snapshot; `conflict` where an
    ///   entry disagrees with a known one or does not extend the known head (the origin's chain forks); nothing
    ///   has changed then.
    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt

    // @Operation(.idempotent)
    /// Reads the whole journal and checks every payload, hash, chain, revision and position.
    func verify() async throws(EffectError) -> VerificationReport
}

extension JournalEffects {
    /// Appends entries to one stream, all or nothing.
    ///
    /// - Parameters:
    ///   - drafts: The entries in their order.
    ///   - stream: The stream.
    ///   - expectation: What the stream must look like.
    /// - Returns: Where the entries went.
    /// - Throws: What ``append(_:)`` throws.
    @discardableResult
    public func append(
        _ drafts: [JournalEntry.Draft],
        to stream: StreamName,
        expecting expectation: ExpectedRevision = .any
    ) async throws(EffectError) -> AppendReceipt {
        try await append([StreamAppend(drafts, to: stream, expecting: expectation)])[0]
    }

    /// Entries of a stream in the order of their revisions, forwards.
    public func read(
        _ stream: StreamName,
        from revision: Revision? = nil,
        limit: Int
    ) async throws(EffectError) -> [JournalEntry] {
        try await read(stream, from: revision, limit: limit, backwards: false)
    }
}
