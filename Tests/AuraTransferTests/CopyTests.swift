internal import AuraEffects
internal import AuraMemory
internal import AuraTransfer
internal import Testing

@Suite("Copying a journal")
struct CopyTests {
    @Test("a copy has the same entries, stubs and snapshots, and a second one adds nothing")
    func copy() async throws {
        let source = try await sampleJournal()
        let target = journal(3)
        let receipt = try await JournalCopy(from: source, to: target).run()
        #expect(receipt.added == 7)
        #expect(receipt.sourceRootHash == receipt.destinationRootHash)
        #expect(portable(try await allEntries(target)) == portable(try await allEntries(source)))
        #expect(try await target.latestSnapshot(of: "a") == source.latestSnapshot(of: "a"))
        #expect(try await target.verify().isClean)
        let again = try await JournalCopy(from: source, to: target).run()
        #expect(again.added == 0)
        #expect(again.known == 7)
    }

    @Test("a copy goes on where the destination ends, beside entries of its own")
    func resumption() async throws {
        let source = journal(1)
        for start in stride(from: 0, to: 25_000, by: 5000) {
            try await source.append((start..<start + 5000).map { draft(UInt128($0 + 1), "entry \($0)") }, to: "s")
        }
        let target = journal(2)
        try await target.append([draft(1, "own")], to: "own")
        _ = try await target.merge(try await source.entries(beyond: JournalFrontier(), limit: 700))
        let receipt = try await JournalCopy(from: source, to: target).run()
        #expect(receipt.added == 24_300)
        #expect(receipt.known == 700)
        #expect(receipt.sourceRootHash != receipt.destinationRootHash)
        #expect(try await allEntries(target).count == 25_001)
        #expect(try await target.verify().isClean)
    }

    @Test("a fork is refused, in whichever journal it is longer", arguments: [1, 5, 9])
    func fork(held: Int) async throws {
        let source = journal(1)
        try await source.append((1...5).map { draft($0, "entry") }, to: "s")
        let forked = journal(1)
        try await forked.append((0..<held).map { draft(UInt128(90 + $0), "other") }, to: "s")
        let target = journal(2)
        _ = try await target.merge(try await forked.entries(beyond: JournalFrontier(), limit: 10))
        let before = try await target.frontier()
        let error = await thrownError { () throws(EffectError) in
            _ = try await JournalCopy(from: source, to: target).run()
        }
        #expect(error?.code == .conflict)
        #expect(try await target.frontier() == before)
    }

    @Test("an entry that was altered in the source is not copied, and those of the pages before it are")
    func alteredSource() async throws {
        let base = journal(1)
        for start in stride(from: 0, to: 15_000, by: 5000) {
            try await base.append((start..<start + 5000).map { draft(UInt128($0 + 1), "entry \($0)") }, to: "s")
        }
        let altered = FaultyJournal(base, altering: 12_345)
        let target = journal(2)
        let error = await thrownError { () throws(EffectError) in
            _ = try await JournalCopy(from: altered, to: target).run()
        }
        #expect(error?.code == .corrupted)
        #expect(error?.message.hasPrefix("Entry 12345 of origin") == true, "\(String(describing: error))")
        #expect(try await allEntries(target).count == 10_000)
        #expect(try await target.verify().isClean)
    }

    @Test("a destination that loses what it was given is noticed")
    func forgetfulDestination() async throws {
        let source = try await sampleJournal()
        let error = await thrownError { () throws(EffectError) in
            _ = try await JournalCopy(from: source, to: FaultyJournal(journal(3), isForgetful: true)).run()
        }
        #expect(error?.code == .corrupted)
        #expect(error?.message.hasPrefix("The destination ends at entry 0 of origin") == true)
    }
}
