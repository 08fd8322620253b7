#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import Testing

@Suite("Several processes on one file")
struct SharedFileTests {
    @Test("a subscriber is woken by another process and gets each of its entries once, in order")
    func subscriberIsWoken() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("journal.db")
        let journal = try await HandlerContext.system().journal(file)
        let subscriber = Task {
            var entries: [JournalEntry] = []
            for try await entry in journal.subscribe(after: .start) {
                entries.append(entry)
                if entries.count == 200 { break }
            }
            return entries
        }
        // The subscriber waits on an empty journal before the other process writes its first entry.
        try await Task.sleep(for: .milliseconds(100))
        let worker = try WorkerProcess("append", file, "4")
        let entries = try await subscriber.value
        worker.kill()
        _ = worker.remainingLines()
        worker.waitForExit()
        #expect(entries == Array(try await allEntries(journal).prefix(200)))
        await journal.close()
    }

    @Test("journal and storage on one file keep their locks while other processes come and go")
    func comingAndGoing() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("data.db")
        let context = HandlerContext.system()
        let journal = try await context.journal(file)
        let storage = try await context.storage(file)
        for round in 0..<2 {
            // Another process that takes itself for the last user removes the log when it closes.
            let worker = try WorkerProcess("count-syncs", file, "1")
            _ = worker.remainingLines()
            #expect(worker.waitForExit() == 0)
            try await journal.append([context.draft("round \(round)")], to: "stream")
            try await storage.write([UInt8(round)], to: "key")
        }
        #expect(try await allEntries(journal).count == 42)
        await storage.close()
        await journal.close()
        let reopened = try await context.journal(file)
        #expect(try await allEntries(reopened).count == 42)
        #expect(try await reopened.verify().isClean)
        await reopened.close()
    }
}
#endif
