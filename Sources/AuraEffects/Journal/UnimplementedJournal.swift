struct UnimplementedJournal: JournalEffects {
    var capabilities: Capabilities { Capabilities() }

    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        throw .unimplemented(JournalEffect.name, "append")
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        throw .unimplemented(JournalEffect.name, "read")
    }

    func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        throw .unimplemented(JournalEffect.name, "entry")
    }

    func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        throw .unimplemented(JournalEffect.name, "readAll")
    }

    func subscribe(after position: Position) -> JournalSubscription {
        JournalSubscription(after: position) { _ throws(EffectError) in
            throw .unimplemented(JournalEffect.name, "subscribe")
        }
    }

    func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        throw .unimplemented(JournalEffect.name, "saveSnapshot")
    }

    func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        throw .unimplemented(JournalEffect.name, "latestSnapshot")
    }

    func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        throw .unimplemented(JournalEffect.name, "compact")
    }

    func frontier() async throws(EffectError) -> JournalFrontier {
        throw .unimplemented(JournalEffect.name, "frontier")
    }

    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        throw .unimplemented(JournalEffect.name, "entries")
    }

    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        throw .unimplemented(JournalEffect.name, "merge")
    }

    func verify() async throws(EffectError) -> VerificationReport {
        throw .unimplemented(JournalEffect.name, "verify")
    }
}
