internal import AuraEffects
internal import AuraMemory
internal import AuraTransfer
internal import Synchronization
internal import Testing

@Suite("Export and import")
struct ExportImportTests {
    @Test("what is exported and imported is the same: entries, stubs, snapshots, hashes", arguments: [1, 7, 4096])
    func roundTrip(chunkSize: Int) async throws {
        let source = try await sampleJournal()
        let target = journal(3)
        let receipt = try await JournalImport(into: target)
            .run(from: MemorySource(try await exported(source), chunkSize: chunkSize))
        #expect(receipt.added == 7)
        #expect(receipt.known == 0)
        #expect(receipt.rootHash == receipt.journalRootHash)
        #expect(try await target.frontier() == source.frontier())
        #expect(portable(try await allEntries(target)) == portable(try await allEntries(source)))
        let snapshot = try #require(try await target.latestSnapshot(of: "a"))
        #expect(snapshot == (try await source.latestSnapshot(of: "a")))
        #expect(
            await thrownError { () throws(EffectError) in _ = try await target.read("a", limit: 9) }?.code == .compacted
        )
        #expect(try await target.verify().isClean)
        #expect(try await exported(target) == exported(source))
    }

    @Test("an empty journal is exported and imported")
    func empty() async throws {
        let bytes = try await exported(journal(1))
        #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 2)
        let receipt = try await JournalImport(into: journal(2)).run(from: MemorySource(bytes))
        #expect(receipt.added == 0)
    }

    @Test("an export holds what the journal held when it began")
    func momentInTime() async throws {
        let source = try await sampleJournal()
        let before = try await source.frontier()
        let count = Atomic(UInt64(0))
        let sink = MemorySink { () throws(EffectError) in
            let id = 100 + UInt128(count.add(1, ordering: .relaxed).newValue)
            try await source.append([draft(id, "later")], to: "later")
        }
        let receipt = try await JournalExport(of: source).run(to: sink)
        #expect(receipt.rootHash == before.rootHash)
        #expect(receipt.entries == 7)
        let target = journal(3)
        _ = try await JournalImport(into: target).run(from: MemorySource(await sink.bytes))
        #expect(try await target.frontier() == before)
    }

    @Test("what the journal has is skipped, and an import into a journal with entries of its own adds the rest")
    func resumption() async throws {
        let source = try await sampleJournal()
        let target = journal(3)
        try await target.append([draft(50, "own")], to: "own")
        var first = try await source.entries(beyond: JournalFrontier(), limit: 4)
        first.entries.removeAll { $0.sequence > 3 }
        _ = try await target.merge(first)
        let bytes = try await exported(source)
        let receipt = try await JournalImport(into: target).run(from: MemorySource(bytes))
        #expect(receipt.added == 4)
        #expect(receipt.known == 3)
        #expect(receipt.rootHash != receipt.journalRootHash)
        let again = try await JournalImport(into: target).run(from: MemorySource(bytes))
        #expect(again.added == 0)
        #expect(again.known == 7)
        #expect(try await allEntries(target).count == 8)
        #expect(try await target.verify().isClean)
    }

    @Test("a journal that is further than the file takes nothing and is no fork")
    func furtherJournal() async throws {
        let source = try await sampleJournal()
        let bytes = try await exported(source)
        try await source.append([draft(80, "later")], to: "a")
        let receipt = try await JournalImport(into: source).run(from: MemorySource(bytes))
        #expect(receipt.added == 0)
        #expect(try await allEntries(source).count == 8)
    }

    @Test("a file whose chain forks from the journal's is refused", arguments: [1, 2, 5])
    func fork(held: Int) async throws {
        let bytes = try await exported(sampleJournal())
        // A journal that wrote other entries under the first origin: fewer than the file has, or as many.
        let forked = journal(1)
        try await forked.append((0..<held).map { draft(UInt128(90 + $0), "other") }, to: "a")
        let before = try await forked.frontier()
        let target = journal(3)
        _ = try await target.merge(try await forked.entries(beyond: JournalFrontier(), limit: 10))
        let error = await thrownError { () throws(EffectError) in
            _ = try await JournalImport(into: target).run(from: MemorySource(bytes))
        }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("fork") == true, "\(String(describing: error))")
        #expect(try await target.frontier() == before)
    }

    @Test("batches before an altered line stay, its own is refused, and the whole file then adds the rest")
    func lastGoodBatch() async throws {
        let source = journal(1)
        for start in stride(from: 0, to: 25_000, by: 5000) {
            try await source.append((start..<start + 5000).map { draft(UInt128($0 + 1), "entry \($0)") }, to: "s")
        }
        let bytes = try await exported(source)
        var altered = bytes
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
        altered[ends[15_000] + 20] ^= 1
        let target = journal(2)
        let error = await thrownError { () throws(EffectError) in
            _ = try await JournalImport(into: target).run(from: MemorySource(altered))
        }
        #expect(error?.message.hasPrefix("Line 15002: it was altered") == true, "\(String(describing: error))")
        #expect(try await target.frontier().sequence(of: OriginID(rawValue: 1)) == 10_000)
        #expect(try await target.verify().isClean)
        let steps = Mutex<[TransferProgress]>([])
        let receipt = try await JournalImport(into: target)
            .run(from: MemorySource(bytes)) { step in
                steps.withLock { $0.append(step) }
            }
        #expect(receipt.added == 15_000)
        #expect(receipt.known == 10_000)
        #expect(try await target.frontier() == source.frontier())
        #expect(steps.withLock { $0.last } == TransferProgress(done: 25_000, total: 25_000))
    }

    @Test("a cancelled export is not finished, and a cancelled import leaves whole batches")
    func cancellation() async throws {
        let source = try await sampleJournal()
        let sink = MemorySink()
        let bytes = try await exported(source)
        let target = journal(3)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let exporting = await thrownError { () throws(EffectError) in
                _ = try await JournalExport(of: source).run(to: sink)
            }
            let importing = await thrownError { () throws(EffectError) in
                _ = try await JournalImport(into: target).run(from: MemorySource(bytes))
            }
            return [exporting?.code, importing?.code]
        }
        #expect(await task.value == [.cancelled, .cancelled])
        #expect(await !sink.isFinished)
        #expect(try await allEntries(target).isEmpty)
    }

    @Test("a journal whose chain is broken is not exported")
    func brokenSource() async throws {
        let journal = FaultyJournal(try await sampleJournal(), altering: 5)
        let sink = MemorySink()
        let error = await thrownError { () throws(EffectError) in
            _ = try await JournalExport(of: journal).run(to: sink)
        }
        #expect(error?.code == .corrupted)
        #expect(error?.message.hasPrefix("Entry 5 of origin") == true, "\(String(describing: error))")
        #expect(await !sink.isFinished)
    }
}
