internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem

/// A memory journal of which some operations are replaced by broken ones.
struct BrokenJournal: JournalEffects {
    let base = MemoryJournalHandler(time: SystemTimeHandler(), random: SystemRandomHandler())
    var capabilities = MemoryJournalHandler.capabilities
    var append: (@Sendable ([StreamAppend]) async throws(EffectError) -> [AppendReceipt])?
    var entry: @Sendable (JournalEntry) -> JournalEntry = { $0 }
    var readAll: (@Sendable (Position, Int) async throws(EffectError) -> [JournalEntry])?
    var subscribe: (@Sendable (Position) -> JournalSubscription)?
    var saveSnapshot: (@Sendable (JournalSnapshot) async throws(EffectError) -> Void)?
    var compact: (@Sendable (StreamName, Revision) async throws(EffectError) -> Void)?
    var merge: (@Sendable (JournalBatch) async throws(EffectError) -> MergeReceipt)?

    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        if let append { return try await append(appends) }
        return try await base.append(appends)
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try await base.read(stream, from: revision, limit: limit, backwards: backwards).map(entry)
    }

    func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try await base.entry(stream, id: id).map(entry)
    }

    func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        if let readAll { return try await readAll(position, limit) }
        return try await base.readAll(after: position, limit: limit).map(entry)
    }

    func subscribe(after position: Position) -> JournalSubscription {
        subscribe?(position) ?? base.subscribe(after: position)
    }

    func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        if let saveSnapshot { return try await saveSnapshot(snapshot) }
        try await base.saveSnapshot(snapshot)
    }

    func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try await base.latestSnapshot(of: stream)
    }

    func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        if let compact { return try await compact(stream, revision) }
        try await base.compact(stream, before: revision)
    }

    func frontier() async throws(EffectError) -> JournalFrontier {
        try await base.frontier()
    }

    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try await base.entries(beyond: frontier, limit: limit)
    }

    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        if let merge { return try await merge(batch) }
        return try await base.merge(batch)
    }

    func verify() async throws(EffectError) -> VerificationReport {
        try await base.verify()
    }
}

struct BrokenJournalHarness: JournalHarness {
    let defect: JournalDefect

    var capabilities: Capabilities { defect.make().capabilities }

    func make() async throws -> any JournalEffects { defect.make() }

    func finish() async {}
}
