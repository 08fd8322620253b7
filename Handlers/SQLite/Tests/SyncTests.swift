#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import Testing

@Suite("Syncing")
struct SyncTests {
    @Test("each of one task's appends is synced on its own before its receipt")
    func everyAppendIsSynced() async throws {
        let folder = try TemporaryFolder()
        let worker = try WorkerProcess("count-syncs", folder.file("journal.db"), "1")
        let lines = worker.remainingLines()
        #expect(worker.waitForExit() == 0)
        // With nobody else appending, a sync between the call and the receipt can be no other append's.
        let syncs = lines.filter { $0.hasPrefix("syncs ") }.compactMap { Int($0.dropFirst(6)) }
        #expect(syncs.count == 20)
        #expect(syncs.allSatisfy { $0 >= 1 }, "\(syncs)")
    }

    @Test("each receipt comes after a sync, and concurrent appends share one")
    func receiptsAreSynced() async throws {
        let folder = try TemporaryFolder()
        let worker = try WorkerProcess("count-syncs", folder.file("journal.db"), "16")
        let lines = worker.remainingLines()
        #expect(worker.waitForExit() == 0)
        let syncs = lines.filter { $0.hasPrefix("syncs ") }.compactMap { Int($0.dropFirst(6)) }
        #expect(syncs.count == 16 * 20, "\(lines.filter { !$0.hasPrefix("syncs") })")
        #expect(syncs.allSatisfy { $0 >= 1 })
        let total = lines.first { $0.hasPrefix("total ") }.flatMap { Int($0.dropFirst(6)) }
        let grouped = try #require(total)
        #expect(grouped < 16 * 20, "\(grouped) syncs for \(16 * 20) appends")
    }

    @Test("an append whose sync fails is not acknowledged, and the journal goes on")
    func failedSync() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("journal.db")
        let worker = try WorkerProcess("fail-sync", file)
        let lines = worker.remainingLines()
        #expect(worker.waitForExit() == 0)
        #expect(lines.filter { $0 == "refused unavailable unknown" }.count == 1, "\(lines)")
        let acknowledged = lines.filter { $0.hasPrefix("ack ") }.map { String($0.dropFirst(4)) }
        #expect(acknowledged.count == 5)

        let journal = try await HandlerContext.system().journal(file)
        #expect(try await allEntries(journal).map(\.id.description) == acknowledged)
        #expect(try await journal.verify().isClean)
        await journal.close()
    }
}
#endif
