internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem

/// A memory journal with a flaw that only certain sequences show.
final class FlawedJournal: JournalEffects {
    enum Flaw: Sendable, CaseIterable {
        /// Several streams are appended to one by one.
        case appendsOneByOne
        /// A known id is answered with its first receipt, whatever the content.
        case overlooksContent
        /// A page backwards begins an entry too early.
        case readsPastRevision
        /// A compaction leaves the last payload.
        case compactsTooLittle
        /// A batch with a gap is passed over in silence.
        case overlooksGaps
        /// Large payloads lose their last byte.
        case cutsPayloads
        /// A verification never ends.
        case hangs
    }

    private let base = MemoryJournalHandler(time: ManualTimeHandler(), random: SystemRandomHandler())
    private let flaw: Flaw

    init(_ flaw: Flaw) {
        self.flaw = flaw
    }

    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        switch flaw {
        case .appendsOneByOne where appends.count > 1:
            var receipts: [AppendReceipt] = []
            for append in appends { receipts += try await base.append([append]) }
            return receipts
        case .overlooksContent:
            return try await base.append(knownContent(appends))
        case .cutsPayloads:
            var appends = appends
            for stream in appends.indices {
                for draft in appends[stream].drafts.indices where appends[stream].drafts[draft].payload.count > 4096 {
                    appends[stream].drafts[draft].payload.removeLast()
                }
            }
            return try await base.append(appends)
        default: return try await base.append(appends)
        }
    }

    private func knownContent(_ appends: [StreamAppend]) async throws(EffectError) -> [StreamAppend] {
        var appends = appends
        for stream in appends.indices {
            for draft in appends[stream].drafts.indices {
                let id = appends[stream].drafts[draft].id
                let known = try await base.readAll(after: .start, limit: 1000)
                    .first { $0.stream == appends[stream].stream && $0.id == id }
                if let known, let payload = known.payload {
                    appends[stream].drafts[draft].kind = known.kind
                    appends[stream].drafts[draft].payload = payload
                }
            }
        }
        return appends
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        let isPast = flaw == .readsPastRevision && backwards && (revision?.rawValue ?? .max) < 1000
        let from = isPast ? revision?.next : revision
        return try await base.read(stream, from: from, limit: limit, backwards: backwards)
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
        let isShort = flaw == .compactsTooLittle && revision > .first
        try await base.compact(stream, before: isShort ? Revision(rawValue: revision.rawValue - 1) : revision)
    }

    func frontier() async throws(EffectError) -> JournalFrontier {
        try await base.frontier()
    }

    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try await base.entries(beyond: frontier, limit: limit)
    }

    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        do throws(EffectError) {
            return try await base.merge(batch)
        } catch {
            guard flaw == .overlooksGaps, error.code == .preconditionFailed else { throw error }
            return MergeReceipt(added: 0, known: 0)
        }
    }

    func verify() async throws(EffectError) -> VerificationReport {
        if flaw == .hangs { try await SystemTimeHandler().sleep(for: .seconds(3600)) }
        return try await base.verify()
    }
}

struct FlawedJournalHarness: JournalHarness {
    let flaw: FlawedJournal.Flaw

    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func make() async throws -> any JournalEffects { FlawedJournal(flaw) }

    func finish() async {}
}
