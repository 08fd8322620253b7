internal import AuraEffects
internal import Synchronization
internal import Testing

@testable internal import FieldnotesCore

@Suite("An import that is interrupted")
struct InterruptTests {
    private static func tree(_ fixture: Fixture) {
        for number in 0..<400 {
            fixture.folder.put("note \(number) of the heron", at: "/notes/\(number % 7)/n\(number).txt", modified: 1000)
        }
        fixture.folder.put(ImportTests.largeText, at: "/notes/3/large.log", modified: 2000)
    }

    /// How many operations a whole import takes, so that the moments spread over all of them.
    private static func operationCount(hasTransactions: Bool) async throws -> Int {
        let fixture = Fixture(hasTransactions: hasTransactions)
        tree(fixture)
        let interrupter = Interrupter(at: .max)
        var importer = Importer(into: Notebook(interrupter.wrap(fixture.effects)))
        _ = try await importer.run("/notes")
        return interrupter.count
    }

    @Test("goes on where it was: nothing is lost, nothing comes twice", arguments: [true, false])
    func resume(hasTransactions: Bool) async throws {
        let whole = Fixture()
        Self.tree(whole)
        _ = try await whole.importFolder()
        let expected = try await whole.contents()
        let expectedEntries = Set(try await whole.entries().map(\.id))
        let operations = try await Self.operationCount(hasTransactions: hasTransactions)

        var generator = Generator(seed: 20)
        for _ in 0..<Soak.count(20, soak: 100) {
            let moment = Int.random(in: 0..<operations, using: &generator)
            let fixture = Fixture(hasTransactions: hasTransactions)
            Self.tree(fixture)
            let interrupter = Interrupter(at: moment)
            let task = Task { () async -> EffectError? in
                await thrownError { () throws(EffectError) in
                    var importer = Importer(into: Notebook(interrupter.wrap(fixture.effects)))
                    _ = try await importer.run("/notes")
                }
            }
            #expect(await task.value?.code == .cancelled, "at operation \(moment) of \(operations)")
            let kept = try await fixture.contents()
            #expect(Set(kept).isSubset(of: expected))
            let report = try await fixture.importFolder()
            #expect(report.unchanged == kept.count && report.edited == 0)
            #expect(try await fixture.contents() == expected, "at operation \(moment) of \(operations)")
            let entries = try await fixture.entries()
            #expect(entries.count == expectedEntries.count, "at operation \(moment) of \(operations)")
            #expect(Set(entries.map(\.id)) == expectedEntries)
            let found = try await NoteSearch(fixture.notebook).run("heron note", limit: .max)
            #expect(found.hits.count == 400)
        }
    }
}

/// Cancels the task that makes the n-th operation.
private final class Interrupter: Sendable {
    private let moment: Int
    private let made = Mutex(0)

    init(at moment: Int) {
        self.moment = moment
    }

    var count: Int { made.withLock { $0 } }

    func tick() {
        let isMoment = made.withLock { made in
            defer { made += 1 }
            return made == moment
        }
        if isMoment { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
    }

    /// The same effects, interrupted before and after each operation.
    func wrap(_ effects: EffectSystem) -> EffectSystem {
        var wrapped = effects
        wrapped.storage = InterruptedStorage(base: effects.storage, interrupter: self)
        wrapped.journal = InterruptedJournal(base: effects.journal, interrupter: self)
        return wrapped
    }
}

private struct InterruptedStorage: StorageEffects {
    let base: any StorageEffects
    let interrupter: Interrupter

    var capabilities: Capabilities { base.capabilities }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        interrupter.tick()
        return try await base.read(key)
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        interrupter.tick()
        defer { interrupter.tick() }
        return try await base.write(bytes, to: key, if: precondition)
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        interrupter.tick()
        defer { interrupter.tick() }
        return try await base.remove(key, if: precondition)
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        interrupter.tick()
        return try await base.list(prefix: prefix, after: key, limit: limit)
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        interrupter.tick()
        defer { interrupter.tick() }
        return try await base.transact(mutations)
    }
}

private struct InterruptedJournal: JournalEffects {
    let base: any JournalEffects
    let interrupter: Interrupter

    var capabilities: Capabilities { base.capabilities }

    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        interrupter.tick()
        defer { interrupter.tick() }
        return try await base.append(appends)
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        interrupter.tick()
        return try await base.read(stream, from: revision, limit: limit, backwards: backwards)
    }

    func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        interrupter.tick()
        return try await base.entry(stream, id: id)
    }

    func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        interrupter.tick()
        return try await base.readAll(after: position, limit: limit)
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
