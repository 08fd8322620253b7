internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Merging and compaction")
struct JournalMergeTests {
    @Test("three journals that replicate in any order come to the same root")
    func convergence() async throws {
        let journals = (1...3).map { journal(UInt128($0)) }
        var generator = EffectRandomNumberGenerator(SeededRandomHandler(seed: 3))
        var makers = (1...3).map { DraftMaker(firstID: UInt128($0) << 64) }
        for _ in 0..<60 {
            let index = Int.random(in: 0..<3, using: &generator)
            let stream = StreamName(["a", "b"].randomElement(using: &generator) ?? "a")
            try await journals[index].append(makers[index].drafts(Int.random(in: 0...3, using: &generator)), to: stream)
            let source = Int.random(in: 0..<3, using: &generator)
            try await replicate(journals[source], into: journals[index])
        }
        for source in journals {
            for target in journals { try await replicate(source, into: target) }
        }
        var roots: Set<SHA256Digest> = []
        for journal in journals {
            try await replicate(journals[0], into: journal)
            roots.insert(try await journal.frontier().rootHash)
            #expect(try await journal.verify().isClean)
        }
        #expect(roots.count == 1)
    }

    @Test("an altered entry, a gap and a fork are refused and change nothing")
    func refusals() async throws {
        let source = journal(1)
        var maker = DraftMaker()
        try await source.append(maker.drafts(4), to: "s")
        let entries = try await source.entries(beyond: JournalFrontier(), limit: 10).entries

        let fork = journal(1)
        var forkMaker = DraftMaker(firstID: 100)
        try await fork.append(forkMaker.drafts(4), to: "s")
        let forked = try await fork.entries(beyond: JournalFrontier(), limit: 10).entries

        var altered = entries
        altered[2].body = .payload(Array("other".utf8))
        let cases: [(String, [JournalEntry], EffectError.Code)] = [
            ("altered payload", altered, .conflict),
            ("gap at the start", Array(entries[3...]), .preconditionFailed),
            ("gap inside", [entries[0], entries[1], entries[3]], .preconditionFailed),
            ("repeated", [entries[1], entries[1], entries[2]], .preconditionFailed),
            ("fork in what is known", forked, .conflict),
            ("fork right after the head", [forked[2]], .conflict),
        ]
        for (name, batch, code) in cases {
            let target = journal(2)
            _ = try await target.merge(JournalBatch(entries: Array(entries[..<2])))
            let before = try await target.frontier()
            let found = await errorCode { () throws(EffectError) in
                _ = try await target.merge(JournalBatch(entries: batch))
            }
            #expect(found == code, "\(name)")
            #expect(try await target.frontier() == before, "\(name)")
        }
    }

    @Test("an id that its origin uses twice in a stream is refused, in one batch and over two")
    func repeatedID() async throws {
        let source = journal(1)
        var maker = DraftMaker()
        try await source.append(maker.drafts(2), to: "s")
        var entries = try await source.entries(beyond: JournalFrontier(), limit: 10).entries
        entries[1].id = entries[0].id
        entries[1].hash = entries[1].header.hash(previous: entries[0].hash, payload: entries[1].payloadDigest)
        for parts in [[entries], [[entries[0]], [entries[1]]]] {
            let target = journal(2)
            var code: EffectError.Code?
            for part in parts {
                code = await errorCode { () throws(EffectError) in
                    _ = try await target.merge(JournalBatch(entries: part))
                }
            }
            #expect(code == .conflict)
        }
    }

    @Test("entries of the own origin that were lost are refused: the journal is a restored copy")
    func restoredCopy() async throws {
        let original = journal(1)
        var maker = DraftMaker()
        try await original.append(maker.drafts(2), to: "s")
        let restored = journal(1)
        let batch = try await original.entries(beyond: JournalFrontier(), limit: 10)
        do throws(EffectError) {
            _ = try await restored.merge(batch)
            Issue.record("The merge should fail.")
        } catch {
            #expect(error.code == .conflict)
            #expect(error.message.contains(OriginID(rawValue: 1).description))
        }
        // The same entries coming back unchanged are merely known.
        #expect(try await original.merge(batch) == MergeReceipt(added: 0, known: 2))
    }

    @Test("a head that disagrees is named")
    func disagreeingHead() async throws {
        let journal = journal(1)
        var maker = DraftMaker()
        try await journal.append(maker.drafts(2), to: "s")
        let frontier = JournalFrontier([OriginID(rawValue: 1): .init(sequence: 1, hash: .zero)])
        do throws(EffectError) {
            _ = try await journal.entries(beyond: frontier, limit: 1)
            Issue.record("The call should fail.")
        } catch {
            #expect(error.code == .conflict)
            #expect(error.message.contains(OriginID(rawValue: 1).description))
        }
    }

    @Test("compacted entries travel with the snapshot that covers them")
    func stubs() async throws {
        let source = journal(1)
        var maker = DraftMaker()
        try await source.append(maker.drafts(3), to: "s")
        try await source.append(maker.drafts(1), to: "other")
        try await source.append(maker.drafts(2), to: "s")
        try await source.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 4), state: [7]))
        try await source.compact("s", before: Revision(rawValue: 4))

        let target = journal(2)
        var batch = try await source.entries(beyond: JournalFrontier(), limit: 10)
        #expect(batch.snapshots.map(\.stream) == ["s"])
        let snapshots = batch.snapshots
        batch.snapshots = []
        let alone = batch
        #expect(await errorCode { () throws(EffectError) in _ = try await target.merge(alone) } == .preconditionFailed)
        #expect(try await target.frontier() == JournalFrontier())
        batch.snapshots = snapshots
        #expect(try await target.merge(batch) == MergeReceipt(added: 6, known: 0))
        let kept = try #require(try await target.latestSnapshot(of: "s"))
        #expect(kept.revision == Revision(rawValue: 4))
        #expect(kept.state == [7])
        #expect(kept.covers == [OriginID(rawValue: 1): 5])
        #expect(try await target.verify().isClean)
        #expect(try await target.frontier().rootHash == source.frontier().rootHash)
        for journal in [source, target] {
            #expect(
                await errorCode { () throws(EffectError) in
                    _ = try await journal.read("s", limit: 1)
                } == .compacted
            )
            let rest = try await journal.read("s", from: kept.revision, limit: 10)
            #expect(rest.map { $0.payload != nil } == [true])
        }
    }

    @Test("compacted entries above a gap are read as such, and no snapshot may forget them")
    func aboveGap() async throws {
        let source = journal(1)
        var maker = DraftMaker()
        try await source.append(maker.drafts(2), to: "s")
        try await source.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 2), state: [7]))
        try await source.compact("s", before: Revision(rawValue: 2))

        let target = journal(2)
        try await target.append(maker.drafts(1), to: "s")
        try await replicate(source, into: target)
        #expect(try await target.read("s", limit: 10).map { $0.payload == nil } == [false, true, true])
        #expect(try await target.latestSnapshot(of: "s")?.revision == .first)
        #expect(
            await errorCode { () throws(EffectError) in
                try await target.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 2), state: []))
            } == .preconditionFailed
        )
        try await target.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 3), state: [8]))
        let covers = try await target.latestSnapshot(of: "s")?.covers
        #expect(covers == [OriginID(rawValue: 1): 2, OriginID(rawValue: 2): 1])
        try await target.compact("s", before: Revision(rawValue: 1))
        #expect(
            await errorCode { () throws(EffectError) in
                _ = try await target.read("s", from: Revision(rawValue: 2), limit: 1)
            } == .compacted
        )
    }

    @Test("snapshots that each hold what the other lacks are refused where both are needed")
    func divergentSnapshots() async throws {
        let journals = [journal(1), journal(2)]
        var maker = DraftMaker()
        for journal in journals {
            try await journal.append(maker.drafts(2), to: "s")
            try await journal.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 2), state: [7]))
        }
        try await journals[0].compact("s", before: Revision(rawValue: 2))
        // Nothing is compacted here yet, so the snapshot can be given up for the one that is needed.
        let lenient = journal(3)
        try await lenient.append(maker.drafts(1), to: "s")
        try await lenient.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 1), state: [9]))
        try await replicate(journals[0], into: lenient)
        #expect(try await lenient.latestSnapshot(of: "s")?.state == [7])

        try await journals[1].compact("s", before: Revision(rawValue: 1))
        let batch = try await journals[0].entries(beyond: journals[1].frontier(), limit: 10)
        #expect(
            await errorCode { () throws(EffectError) in
                _ = try await journals[1].merge(batch)
            } == .preconditionFailed
        )
        #expect(try await journals[1].latestSnapshot(of: "s")?.covers == [OriginID(rawValue: 2): 2])
    }

    @Test("a batch that is cut short moves the snapshot's revision as the rest arrives")
    func pages() async throws {
        let source = journal(1)
        var maker = DraftMaker()
        try await source.append(maker.drafts(7), to: "s")
        try await source.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 6), state: [7]))
        try await source.compact("s", before: Revision(rawValue: 6))
        let target = journal(2)
        for expected in [UInt64(2), 4, 6, 6] {
            let batch = try await source.entries(beyond: target.frontier(), limit: 2)
            _ = try await target.merge(batch)
            #expect(try await target.latestSnapshot(of: "s")?.revision.rawValue == expected)
        }
        #expect(try await target.read("s", from: Revision(rawValue: 6), limit: 5).count == 1)
    }
}
