internal import AuraEffects

/// A sound journal of which some operations are replaced by broken ones; each is given the sound one.
struct BrokenJournal: JournalEffects {
    typealias Operation<Argument, Result> = @Sendable (SoundJournal, Argument) async throws(EffectError) -> Result

    /// What a read of a stream asks for.
    struct Read: Sendable {
        var stream: StreamName
        var revision: Revision?
        var limit: Int
        var backwards: Bool
    }

    /// What a page of all entries asks for.
    struct Page: Sendable {
        var position: Position
        var limit: Int
    }

    let sound: SoundJournal
    var capabilities: Capabilities
    var append: Operation<[StreamAppend], [AppendReceipt]> = { base, appends throws(EffectError) in
        try await base.append(appends)
    }
    var read: Operation<Read, [JournalEntry]> = { base, read throws(EffectError) in
        try await base.read(read.stream, from: read.revision, limit: read.limit, backwards: read.backwards)
    }
    var entry: Operation<(stream: StreamName, id: EntryID), JournalEntry?> = { base, name throws(EffectError) in
        try await base.entry(name.stream, id: name.id)
    }
    var readAll: Operation<Page, [JournalEntry]> = { base, page throws(EffectError) in
        try await base.readAll(after: page.position, limit: page.limit)
    }
    /// The next page of a subscription, which waits for it.
    var nextPage: Operation<Position, [JournalEntry]>?
    var saveSnapshot: Operation<JournalSnapshot, Void> = { base, snapshot throws(EffectError) in
        try await base.saveSnapshot(snapshot)
    }
    var latestSnapshot: Operation<StreamName, JournalSnapshot?> = { base, stream throws(EffectError) in
        try await base.latestSnapshot(of: stream)
    }
    var compact: Operation<(stream: StreamName, revision: Revision), Void> = { base, end throws(EffectError) in
        try await base.compact(end.stream, before: end.revision)
    }
    var frontier: Operation<Void, JournalFrontier> = { base, _ throws(EffectError) in try await base.frontier() }
    var entries: Operation<(frontier: JournalFrontier, limit: Int), JournalBatch> = { base, page throws(EffectError) in
        try await base.entries(beyond: page.frontier, limit: page.limit)
    }
    var merge: Operation<JournalBatch, MergeReceipt> = { base, batch throws(EffectError) in
        try await base.merge(batch)
    }
    var verify: Operation<Void, VerificationReport> = { base, _ throws(EffectError) in try await base.verify() }
    /// What a reader sees of an entry.
    var shown: @Sendable (JournalEntry) -> JournalEntry = { $0 }
    /// Makes the pages of one subscription, where they depend on the ones before.
    var subscription: (@Sendable (SoundJournal, Position) -> JournalSubscription.PageSource)?

    init(_ sound: SoundJournal) {
        self.sound = sound
        capabilities = sound.capabilities
    }

    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        try await append(sound, appends)
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try await read(sound, Read(stream: stream, revision: revision, limit: limit, backwards: backwards)).map(shown)
    }

    func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try await entry(sound, (stream, id)).map(shown)
    }

    func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try await readAll(sound, Page(position: position, limit: limit)).map(shown)
    }

    func subscribe(after position: Position) -> JournalSubscription {
        if let subscription { return JournalSubscription(after: position, nextPage: subscription(sound, position)) }
        return JournalSubscription(after: position) { [self] position throws(EffectError) in
            if let nextPage { return try await nextPage(sound, position).map(shown) }
            return try await sound.nextPage(after: position).map(shown)
        }
    }

    func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try await saveSnapshot(sound, snapshot)
    }

    func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try await latestSnapshot(sound, stream)
    }

    func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try await compact(sound, (stream, revision))
    }

    func frontier() async throws(EffectError) -> JournalFrontier {
        try await frontier(sound, ())
    }

    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try await entries(sound, (frontier, limit))
    }

    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        try await merge(sound, batch)
    }

    func verify() async throws(EffectError) -> VerificationReport {
        try await verify(sound, ())
    }
}
