#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import Foundation
internal import Testing

@Suite("Killing the process")
struct KillTests {
    /// `make test` kills 10 times, `make soak` 100 times.
    static var seeds: Range<UInt64> {
        ProcessInfo.processInfo.environment["AURA_SOAK"] == nil ? 0..<10 : 0..<100
    }

    @Test("every acknowledged entry survives kill -9 of two writing processes once and in order", arguments: seeds)
    func kill(seed: UInt64) async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("journal.db")
        let workers = [try WorkerProcess("append", file, "8"), try WorkerProcess("append", file, "8")]
        for worker in workers { #expect(worker.line() == "ready") }

        // A moment of its own for each seed, and the two processes die apart, the last one after its first receipt.
        var generator = Generator(seed: seed)
        var lines: [String] = []
        for worker in workers {
            if worker === workers.last { lines += worker.lines(through: "ack ") }
            try await Task.sleep(for: .milliseconds(Int(generator.next() % 120) + 5))
            worker.kill()
        }
        lines += workers.flatMap { $0.remainingLines() }
        for worker in workers { worker.waitForExit() }
        #expect(!lines.contains { $0.hasPrefix("refused") }, "\(lines.filter { $0.hasPrefix("refused") })")

        let context = HandlerContext.system()
        let journal = try await context.journal(file)
        let entries = try await allEntries(journal)
        var byID: [String: JournalEntry] = [:]
        for entry in entries {
            #expect(byID.updateValue(entry, forKey: "\(entry.id) \(entry.stream)") == nil, "doubled: \(entry.id)")
        }
        var acknowledged = 0
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 5, words[0] == "ack" else { continue }
            acknowledged += 1
            let entry = try #require(byID["\(words[1]) \(words[2])"], "lost: \(line)")
            #expect(words[3] == entry.revision.description)
            #expect(words[4] == entry.position.description)
        }
        #expect(acknowledged > 0)
        for (stream, entries) in Dictionary(grouping: entries, by: \.stream) {
            #expect(entries.map(\.revision.rawValue) == Array(0..<UInt64(entries.count)), "gap in \(stream)")
        }
        let report = try await journal.verify()
        #expect(report.isClean, "\(report.problems)")
        #expect(report.checkedEntries == entries.count)

        // The journal goes on where it was.
        try await journal.append([context.draft("after")], to: "stream-0")
        #expect(try await journal.verify().isClean)
        await journal.close()
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        init(seed: UInt64) {
            state = seed
        }

        // SplitMix64, Steele, Lea and Flood 2014.
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ state &>> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed &>> 27) &* 0x94d0_49bb_1331_11eb
            return mixed ^ mixed &>> 31
        }
    }
}
#endif
