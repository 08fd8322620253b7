#if SQLite
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Foundation
internal import Logging
internal import Testing

@Suite("Killing a transfer", .serialized)
struct KillTests {
    private static let isSoak = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil
    /// `make test` kills 10 times, `make soak` 100 times.
    private static let kills = isSoak ? 100 : 10
    private static let entries = isSoak ? 40_000 : 25_000

    private let folder: TemporaryFolder
    private let frontier: JournalFrontier

    init() async throws {
        folder = try TemporaryFolder()
        let journal = try await Self.open(folder.file("source.db"))
        for start in stride(from: 0, to: Self.entries - 5, by: 5000) {
            let count = min(5000, Self.entries - 5 - start)
            let drafts = (start..<start + count).map { draft(UInt128($0 + 1), "entry \($0)") }
            try await journal.append(drafts, to: StreamName("stream-\(start / 5000)"))
        }
        // Another origin, and stubs with the snapshot that covers them.
        let other = MemoryJournalHandler(time: SystemTimeHandler(), origin: OriginID(rawValue: 77))
        try await other.append((1...5).map { draft($0, "other") }, to: "other")
        _ = try await journal.merge(try await other.entries(beyond: JournalFrontier(), limit: 10))
        let snapshot = JournalSnapshot(stream: "stream-1", revision: Revision(rawValue: 100), state: [1, 2, 3])
        try await journal.saveSnapshot(snapshot)
        try await journal.compact("stream-1", before: Revision(rawValue: 100))
        frontier = try await journal.frontier()
        await journal.close()
    }

    private static func open(_ path: String) async throws(EffectError) -> SQLiteJournalHandler {
        let budget = ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 0.3, ioQuota: .mebibytes(10))
        let context = HandlerContext(
            budget: budget,
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
        return try await SQLiteJournalHandler.open(SQLiteConfiguration(path: path, budget: budget), context)
    }

    @Test("an import that is killed goes on when it is run again: nothing is lost or doubled")
    func killedImport() async throws {
        let export = try await AuraProcess.run(["journal", "export", "sqlite:\(folder.file("source.db"))", file])
        #expect(export.status == 0, "\(export.messages)")
        try await killRepeatedly(seed: 1) { ["journal", "import", "sqlite:\($0)", file] }
    }

    @Test("a copy that is killed goes on when it is run again: nothing is lost or doubled")
    func killedCopy() async throws {
        try await killRepeatedly(seed: 2) { ["journal", "copy", "sqlite:\(folder.file("source.db"))", "sqlite:\($0)"] }
    }

    @Test("an export that is killed leaves the older file as it was")
    func killedExport() async throws {
        let arguments = ["journal", "export", "sqlite:\(folder.file("source.db"))", file]
        var generator = EffectRandomNumberGenerator(SeededRandomHandler(seed: 3))
        let whole = try await duration(of: arguments)
        let older = Data("older".utf8)
        var killed = 0
        while killed < 5 {
            try older.write(to: URL(fileURLWithPath: file))
            let delay = whole * Double.random(in: 0...0.8, using: &generator)
            let end = try await AuraProcess.run(arguments, killAfter: delay)
            let found = try Data(contentsOf: URL(fileURLWithPath: file))
            if end.isKilled, found == older { killed += 1 } else { #expect(found.count > 1_000_000) }
        }
        #expect(try await AuraProcess.run(arguments).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.hasSuffix(".partial") }, "\(names)")
        let target = folder.file("target.db")
        #expect(try await AuraProcess.run(["journal", "import", "sqlite:\(target)", file]).status == 0)
        try await expectWhole(target)
    }

    private var file: String { folder.file("export.jsonl") }

    /// Runs a command that fills a journal, and kills it over and over; where it was quicker, another journal is filled.
    private func killRepeatedly(seed: UInt64, _ arguments: (_ target: String) -> [String]) async throws {
        var generator = EffectRandomNumberGenerator(SeededRandomHandler(seed: seed))
        var whole = try await duration(of: arguments(folder.file("first.db")))
        var killed = 0
        var killedHalfway = 0
        // Kills that all came too early or too late would show nothing.
        var isEnough: Bool { killed >= Self.kills && (killedHalfway > 0 || killed >= 10 * Self.kills) }
        for round in 0... {
            let target = folder.file("target-\(round).db")
            var reached = 0
            while true {
                // A part of what the whole takes on this machine now: so late that something is merged, mostly, and not all.
                let delay = isEnough ? nil : whole * Double.random(in: 0...1, using: &generator)
                let end = try await AuraProcess.run(arguments(target), killAfter: delay)
                guard end.isKilled else {
                    #expect(end.status == 0, "\(end.messages)")
                    #expect(end.output.contains(frontier.rootHash.description), "\(end.output)")
                    whole = whole / 1.5
                    break
                }
                killed += 1
                let count = try await entryCount(target)
                #expect(count >= reached, "what was merged before is lost")
                if count == reached { whole = whole * 1.5 }
                if count > 0, count < Self.entries { killedHalfway += 1 }
                reached = count
            }
            try await expectWhole(target)
            if isEnough { break }
        }
        #expect(killedHalfway > 0)
    }

    /// How long a command takes that nobody kills.
    private func duration(of arguments: [String]) async throws -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        let end = try await AuraProcess.run(arguments)
        #expect(end.status == 0, "\(end.messages)")
        return start.duration(to: clock.now)
    }

    /// How many entries there are, each once: as many as the last sequences say.
    private func entryCount(_ target: String) async throws -> Int {
        guard FileManager.default.fileExists(atPath: target) else { return 0 }
        let journal = try await Self.open(target)
        let found = try await allEntries(journal)
        let sum = try await journal.frontier().heads.values.reduce(0) { $0 + Int($1.sequence) }
        await journal.close()
        #expect(found.count == sum)
        return found.count
    }

    private func expectWhole(_ target: String) async throws {
        let journal = try await Self.open(target)
        #expect(try await journal.frontier().rootHash == frontier.rootHash)
        let report = try await journal.verify()
        #expect(report.isClean, "\(report.problems)")
        #expect(report.checkedEntries == Self.entries)
        #expect(try await journal.latestSnapshot(of: "stream-1")?.state == [1, 2, 3])
        await journal.close()
    }
}
#endif
