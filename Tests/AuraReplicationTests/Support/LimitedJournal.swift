internal import AuraEffects

/// A journal that declares less than the one underneath.
struct LimitedJournal: JournalEffects {
    let base: any JournalEffects
    let capabilities: Capabilities

    init(_ base: any JournalEffects, features: Set<Capability>? = nil, limits: [Limit: Int] = [:]) {
        self.base = base
        var capabilities = base.capabilities
        if let features { capabilities.features = features }
        capabilities.limits.merge(limits) { $1 }
        self.capabilities = capabilities
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

    func subscribe(after position: Position) -> JournalSubscription { base.subscribe(after: position) }

    func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) { try await base.saveSnapshot(snapshot) }

    func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try await base.latestSnapshot(of: stream)
    }

    func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try await base.compact(stream, before: revision)
    }

    func frontier() async throws(EffectError) -> JournalFrontier { try await base.frontier() }

    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try await base.entries(beyond: frontier, limit: limit)
    }

    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt { try await base.merge(batch) }

    func verify() async throws(EffectError) -> VerificationReport { try await base.verify() }
}
