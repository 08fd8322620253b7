#if SQLite
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

@Suite("Care of the file")
struct FileCareTests {
    let folder: TemporaryFolder
    let context = HandlerContext.system()

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("missing folders are made for the owner alone, and so is the file")
    func permissions() async throws {
        let file = folder.file("data/deep/journal.db")
        let journal = try await context.journal(file)
        try await journal.append([context.draft("entry")], to: "stream")
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(folder.file("data")) == 0o700)
        #expect(try mode(folder.file("data/deep")) == 0o700)
        #expect(try mode(file) == 0o600)
        #expect(try mode(file + "-wal") == 0o600)
        await journal.close()
    }

    @Test("a journal behind interceptors is still found for the care of its file")
    func intercepted() async throws {
        let journal = try await context.journal(folder.file("journal.db"))
        var effects = EffectSystem()
        effects.journal = journal
        for name in ["inner", "outer"] {
            effects.intercept(JournalEffect.self, with: [PassingOn(name: name)], time: context.time)
        }
        #expect(effects.journal is InterceptedJournalEffects)
        #expect(try await effects.journal.maintenance?.identity() == journal.identity())
        effects.journal = MemoryJournalHandler(time: context.time, random: context.random)
        effects.intercept(JournalEffect.self, with: [PassingOn(name: "only")], time: context.time)
        #expect(effects.journal.maintenance == nil)
        await journal.close()
    }

    @Test("a backup taken while writers run is one consistent state")
    func backup() async throws {
        let journal = try await context.journal(folder.file("journal.db"))
        try await journal.append((0..<2000).map { context.draft("entry \($0)") }, to: "stream")
        let writer = Task {
            var count = 0
            while !Task.isCancelled {
                count += 1
                try await journal.append([context.draft("late \(count)")], to: "late")
            }
        }
        try await journal.backup(to: folder.file("backup.db"))
        writer.cancel()
        _ = await writer.result
        let copy = try await context.journal(folder.file("backup.db"))
        let entries = try await allEntries(copy)
        #expect(entries.count >= 2000)
        #expect(try await copy.verify().isClean)
        #expect(Array(try await allEntries(journal).prefix(entries.count)) == entries)
        #expect(!FileManager.default.fileExists(atPath: folder.file("backup.db.partial")))
        await copy.close()
        await journal.close()
    }

    @Test("a backup takes the place of an older one, of its log too, and never that of the journal itself")
    func backupReplaces() async throws {
        let journal = try await context.journal(folder.file("journal.db"))
        try await journal.append([context.draft("entry")], to: "stream")
        try Data("a log that was left behind".utf8).write(to: URL(fileURLWithPath: folder.file("backup.db-wal")))
        try await journal.backup(to: folder.file("backup.db"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("backup.db-wal")))
        let error = await thrownError { () throws(EffectError) in
            try await journal.backup(to: folder.file("journal.db"))
        }
        #expect(error?.code == .invalidArgument)
        try await journal.append([context.draft("after")], to: "stream")
        #expect(try await allEntries(journal).count == 2)
        await journal.close()
    }

    @Test("a copy that goes on writing forks the chain and is named; adopting a new origin mends it")
    func adopt() async throws {
        let journal = try await context.journal(folder.file("journal.db"))
        try await journal.append([context.draft("shared")], to: "stream")
        try await journal.backup(to: folder.file("copy.db"))
        let copy = try await context.journal(folder.file("copy.db"))
        try await copy.append([context.draft("on the copy")], to: "stream")
        try await journal.append([context.draft("on the original")], to: "stream")

        let batch = try await copy.entries(beyond: JournalFrontier(), limit: 100)
        let fork = await thrownError { () throws(EffectError) in _ = try await journal.merge(batch) }
        #expect(fork?.code == .conflict)
        #expect(fork?.message.contains("\(batch.entries[0].origin)") == true)

        let other = try await context.journal(folder.file("restored.db"))
        await other.close()
        try await journal.backup(to: folder.file("restored.db"))
        let restored = try await context.journal(folder.file("restored.db"))
        let origin = try await restored.adopt()
        let receipt = try await restored.append([context.draft("under a new origin")], to: "stream")
        let entry = try #require(try await restored.entry("stream", id: receipt.ids[0]))
        #expect(entry.origin == origin)
        #expect(entry.sequence == 1)
        let merged = try await journal.merge(
            try await restored.entries(beyond: try await journal.frontier(), limit: 100)
        )
        #expect(merged.added == 1)
        #expect(try await journal.verify().isClean)
        for journal in [journal, copy, restored] { await journal.close() }
    }

    @Test("opening a copy warns until it adopts an origin of its own; the original is opened without a word")
    func copyIsNoticed() async throws {
        let log = RecordedLog()
        var context = context
        context.logger = Logger(label: "test", factory: { _ in log })
        let journal = try await context.journal(folder.file("journal.db"))
        try await journal.append([context.draft("entry")], to: "stream")
        try await journal.backup(to: folder.file("copy.db"))
        await journal.close()
        let reopened = try await context.journal(folder.file("journal.db"))
        await reopened.close()
        #expect(log.warnings.isEmpty)

        for _ in 0..<2 {
            let copy = try await context.journal(folder.file("copy.db"))
            await copy.close()
        }
        #expect(log.warnings.count == 2)
        #expect(log.warnings.allSatisfy { $0.contains("copy.db") && $0.contains("adopt") })

        let copy = try await context.journal(folder.file("copy.db"))
        try await copy.adopt()
        await copy.close()
        let adopted = try await context.journal(folder.file("copy.db"))
        await adopted.close()
        #expect(log.warnings.count == 3)
    }

    @Test("housekeeping moves the log into the database and drops nothing")
    func housekeeping() async throws {
        let file = folder.file("journal.db")
        let clock = ManualTimeHandler()
        let context = HandlerContext.system(time: clock)
        let journal = try await context.journal(file) { $0.doesHousekeeping = true }
        try await journal.append((0..<100).map { context.draft("entry \($0)") }, to: "stream")
        func logSize() throws -> Int {
            try #require(try FileManager.default.attributesOfItem(atPath: file + "-wal")[.size] as? Int)
        }
        #expect(try logSize() > 0)
        try await clock.waitForSleepers(1)
        clock.advance(by: .seconds(61))
        // It has done its round once it sleeps again.
        try await clock.waitForSleepers(1)
        #expect(try logSize() == 0)
        #expect(try await allEntries(journal).count == 100)
        #expect(try await journal.verify().isClean)
        await journal.close()
    }

    @Test("vacuum on close gives compacted space back")
    func vacuum() async throws {
        let file = folder.file("journal.db")
        let journal = try await context.journal(file) { $0.vacuumsOnClose = true }
        let drafts = (0..<50)
            .map { _ in
                JournalEntry.Draft(
                    id: EntryID(time: context.time, random: context.random),
                    kind: "test.appended/1",
                    payload: Array(repeating: 7, count: 20_000)
                )
            }
        try await journal.append(drafts, to: "stream")
        try await journal.saveSnapshot(JournalSnapshot(stream: "stream", revision: Revision(rawValue: 50), state: []))
        try await journal.compact("stream", before: Revision(rawValue: 50))
        await journal.close()
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect(try #require(size) < 200_000)
        let reopened = try await context.journal(file)
        #expect(try await reopened.verify().isClean)
        await reopened.close()
    }

    @Test("timestamps increase after the clock has jumped back an hour, also across a reopening")
    func clockJump() async throws {
        let file = folder.file("journal.db")
        let clock = ManualTimeHandler()
        let context = HandlerContext.system(time: clock)
        let journal = try await context.journal(file)
        try await journal.append([context.draft("before")], to: "stream")
        clock.jumpWallClock(by: .seconds(-3600))
        try await journal.append([context.draft("after")], to: "stream")
        await journal.close()
        clock.jumpWallClock(by: .seconds(-3600))
        let reopened = try await context.journal(file)
        try await reopened.append([context.draft("reopened")], to: "stream")
        let timestamps = try await allEntries(reopened).map(\.timestamp)
        #expect(timestamps == timestamps.sorted() && Set(timestamps).count == 3)
        await reopened.close()
    }
}

/// Keeps the warnings that a handler logs.
private final class RecordedLog: LogHandler {
    private let recorded = Mutex<[String]>([])

    var warnings: [String] { recorded.withLock { $0 } }

    var metadata: Logger.Metadata {
        get { [:] }
        set { _ = newValue }
    }

    var logLevel: Logger.Level {
        get { .warning }
        set { _ = newValue }
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set { _ = newValue }
    }

    func log(event: LogEvent) {
        recorded.withLock { $0.append("\(event.message)") }
    }
}

private struct PassingOn: Interceptor {
    var name: String

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        try await next()
    }
}
#endif
