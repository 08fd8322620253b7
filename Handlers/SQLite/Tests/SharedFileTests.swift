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
}
#endif
