internal import AuraEffects

/// A journal with a handler that is at fault.
struct FaultyJournal: JournalEffects {
    private let base: any JournalEffects
    /// The id of an entry that it gives another payload, as a handler does that does not notice damage.
    private let alteredID: UInt128?
    /// Whether it says that it merged what it did not keep.
    private let isForgetful: Bool

    init(_ base: any JournalEffects, altering id: UInt128? = nil, isForgetful: Bool = false) {
        self.base = base
        alteredID = id
        self.isForgetful = isForgetful
    }

    var capabilities: Capabilities { base.capabilities }

    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        var batch = try await base.entries(beyond: frontier, limit: limit)
        for index in batch.entries.indices where batch.entries[index].id.rawValue == alteredID {
            batch.entries[index].body = .payload([0])
        }
        return batch
    }

    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try await base.append(appends)
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try await base.read(stream, from: revision, limit: limit, backwards: backwards)
    }

    func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try await base.entry(stream, id: id)
    }

    func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try await base.readAll(after: position, limit: limit)
    }

    func subscribe(after position: Position) -> JournalSubscription {
        base.subscribe(after: position)
    }

    func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try await base.saveSnapshot(snapshot)
    }

    func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try await base.latestSnapshot(of: stream)
    }

    func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try await base.compact(stream, before: revision)
    }

    func frontier() async throws(EffectError) -> JournalFrontier {
        try await base.frontier()
    }

    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        if isForgetful { return MergeReceipt(added: batch.entries.count, known: 0) }
        return try await base.merge(batch)
    }

    func verify() async throws(EffectError) -> VerificationReport {
        try await base.verify()
    }
}
