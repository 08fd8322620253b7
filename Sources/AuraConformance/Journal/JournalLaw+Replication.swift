internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var replication: [JournalLaw] {
        [
            JournalLaw("entries beyond a frontier are a run per origin", .capability(.replication)) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 21)
                try await journal.append(.numbered(0..<4), to: "notes")
                let own = try await journal.onlyOrigin()
                _ = try await journal.merge(
                    JournalBatch(entries: try await foreign.entries(.numbered(10..<13), for: harness))
                )
                let all = try await journal.everything()
                for known: UInt64 in 0...4 {
                    let hash = all.first { $0.origin == own && $0.sequence == known }?.hash ?? .zero
                    let head = JournalFrontier.Head(sequence: known, hash: hash)
                    let frontier = JournalFrontier(known == 0 ? [:] : [own: head])
                    let batch = try await journal.entries(beyond: frontier, limit: 100)
                    let runs = Dictionary(grouping: batch.entries, by: \.origin).mapValues { $0.map(\.sequence) }
                    var expected: [OriginID: [UInt64]] = [foreign.origin: [1, 2, 3]]
                    if known < 4 { expected[own] = Array(known + 1...4) }
                    try expectEqual(runs, expected, "the sequences beyond \(known)")
                    try expectEqual(batch.hasMore, false, "whether there is more")
                    let contents = Set(all.map(EntryContent.init))
                    try expect(contents.isSuperset(of: batch.entries.map(EntryContent.init)), "entries were changed")
                }
                let nothing = try await journal.entries(beyond: journal.frontier(), limit: 10)
                try expectEqual(nothing.entries, [], "the entries beyond the journal's own frontier")
                try expectEqual(nothing.hasMore, false, "whether there is more than nothing")
            },
            JournalLaw("pages of entries beyond a frontier lead to the end", .capability(.replication)) { harness in
                let source = try await harness.make()
                let target = try await harness.make()
                try await source.append(.numbered(0..<12), to: "notes")
                try await source.append(.numbered(12..<23), to: "notes")
                var foreign = ForeignOrigin(seed: 22)
                _ = try await source.merge(
                    JournalBatch(entries: try await foreign.entries(.numbered(100..<119), for: harness))
                )
                var added = 0
                while true {
                    let batch = try await source.entries(beyond: target.frontier(), limit: 5)
                    let count = batch.entries.count
                    try expect((1...5).contains(count), "a page of limit 5 has \(count) entries")
                    added += try await target.merge(batch).added
                    if !batch.hasMore { break }
                }
                try expectEqual(added, 42, "the merged entries")
                try await expectSameEntries([source, target])
            },
            JournalLaw("heads of origins unknown here are ignored", .capability(.replication)) { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let unknown = JournalFrontier.Head(sequence: 7, hash: SHA256.hash([1]))
                for count: UInt128 in [1, 2, 20] {
                    let origins = (1...count).map { OriginID(rawValue: $0) }
                    let frontier = JournalFrontier(Dictionary(uniqueKeysWithValues: origins.map { ($0, unknown) }))
                    let batch = try await journal.entries(beyond: frontier, limit: 10)
                    try expectEqual(batch.entries.map(\.id), [.numbered(1)], "the entries beyond \(count) heads")
                }
            },
            JournalLaw("an origin that the other journal knows further has nothing to send", .capability(.replication))
            {
                harness in
                let source = try await harness.make()
                let target = try await harness.make()
                try await source.append(.numbered(0..<3), to: "notes")
                _ = try await target.merge(source.entries(beyond: JournalFrontier(), limit: 2))
                try await target.append([.numbered(10)], to: "notes")
                let own = try require(await target.everything().last, "the target's own entry")
                let batch = try await target.entries(beyond: source.frontier(), limit: 10)
                try expectEqual(batch.entries.map(EntryContent.init), [EntryContent(own)], "what the source lacks")
            },
            JournalLaw("a head that disagrees is a conflict that names the origin", .capability(.replication)) {
                harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<3), to: "notes")
                let origin = try await journal.onlyOrigin()
                for sequence: UInt64 in 1...3 {
                    let head = JournalFrontier.Head(sequence: sequence, hash: SHA256.hash([1]))
                    let error = try await expectFailure(.conflict, "another hash at sequence \(sequence)") {
                        try await journal.entries(beyond: JournalFrontier([origin: head]), limit: 10)
                    }
                    try expect(error.description.contains(origin.description), "'\(error)' does not name the origin")
                }
            },
            JournalLaw("a limit of entries below 1 is refused", .capability(.replication)) { harness in
                let journal = try await harness.make()
                for limit in [0, -1] {
                    try await expectFailure(.invalidArgument, "entries with limit \(limit)") {
                        try await journal.entries(beyond: JournalFrontier(), limit: limit)
                    }
                }
            },
            JournalLaw("merged entries are the same entries, at this journal's places", .capability(.replication)) {
                harness in
                let source = try await harness.make()
                let target = try await harness.make()
                try await source.append(.numbered(0..<3), to: "notes")
                try await source.append(.numbered(3..<5), to: "other")
                try await target.append(.numbered(10..<12), to: "notes")
                let before = try await target.everything()
                let receipt = try await target.merge(source.entries(beyond: JournalFrontier(), limit: 100))
                try expectEqual(receipt, MergeReceipt(added: 5, known: 0), "the receipt")
                let entries = try await target.everything()
                try expectOrderly(entries)
                try expectEqual(Array(entries.prefix(2)), before, "the entries before the merge")
                let merged = try await source.everything().map(EntryContent.init)
                try expectEqual(entries.dropFirst(2).map(EntryContent.init), merged, "the merged entries")
                try await target.append([.numbered(12)], to: "notes", expecting: .exactly(Revision(rawValue: 4)))
                try await target.expectClean("after the merge")
            },
            JournalLaw("merged entries wake a subscription", .capability(.replication)) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 23)
                let batch = JournalBatch(entries: try await foreign.entries(.numbered(0..<3), for: harness))
                async let delivered = journal.subscribe(after: .start).first(3)
                try await pause()
                _ = try await journal.merge(batch)
                try expectEqual(try await delivered.map(\.id), batch.entries.map(\.id), "the delivered ids")
            },
            JournalLaw("an id known from another origin is new here", .capability(.replication)) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 24)
                _ = try await journal.merge(
                    JournalBatch(entries: [try await foreign.entry(.numbered(1, "foreign"), for: harness)])
                )
                let receipt = try await journal.append([.numbered(1, "own")], to: "notes")
                try expectEqual(receipt.lastRevision, Revision(rawValue: 1), "the own entry's revision")
                let again = try await journal.append([.numbered(1, "own")], to: "notes")
                try expectEqual(again, receipt, "the receipt of the repeated append")
                let found = try await journal.entry("notes", id: .numbered(1))
                try expectEqual(found?.revision, .first, "the revision of the entry found by its id")
                try expectEqual(found?.payload, Array("foreign".utf8), "its payload")
            },
            JournalLaw(
                "compacted entries travel with the snapshot that covers them",
                .capability(.replication),
                .capability(.compaction)
            ) { harness in
                let source = try await harness.make()
                let target = try await harness.make()
                _ = try await source.fillAndCompact(count: 6, keeping: 4)
                let batch = try await source.entries(beyond: JournalFrontier(), limit: 100)
                let snapshot = try require(await source.latestSnapshot(of: "notes"), "the source's snapshot")
                var travelling = snapshot
                travelling.state = snapshot.storedState ?? snapshot.state
                travelling.storedState = nil
                try expectEqual(batch.snapshots, [travelling], "the snapshots that travel")
                try expectEqual(batch.entries.count { $0.payload == nil }, 4, "the entries without a payload")
                var bare = batch
                bare.snapshots = []
                try await expectFailure(.preconditionFailed, "compacted entries without a snapshot") {
                    try await target.merge(bare)
                }
                try await target.expectUnchanged(since: [], "a refused merge")
                try expectEqual(try await target.merge(batch).added, 12, "the merged entries")
                try await expectSameEntries([source, target])
                let arrived = try require(await target.latestSnapshot(of: "notes"), "the snapshot that arrived")
                try expectEqual(arrived.state, snapshot.state, "its state")
                try expectEqual(arrived.covers, snapshot.covers, "what it covers")
                try expectEqual(arrived.revision, snapshot.revision, "its revision")
                try await expectFailure(.compacted, "a read below the compaction that arrived") {
                    try await target.read("notes", limit: 10)
                }
                try await target.expectClean("after compacted entries arrived")
                try expectEqual(try await target.merge(batch).known, 12, "the entries known when merged again")
                let third = try await harness.make()
                _ = try await third.merge(target.entries(beyond: JournalFrontier(), limit: 100))
                try await expectSameEntries([source, target, third])
                let travelled = try await third.latestSnapshot(of: "notes")
                try expectEqual(travelled?.state, snapshot.state, "the state that travelled on")
            },
            JournalLaw(
                "a journal keeps the payloads that it has when their entries come compacted",
                .capability(.replication),
                .capability(.compaction)
            ) { harness in
                let source = try await harness.make()
                let target = try await harness.make()
                try await source.append(.numbered(0..<4), to: "notes")
                _ = try await target.merge(source.entries(beyond: JournalFrontier(), limit: 100))
                let before = try await target.everything()
                let end = Revision(rawValue: 4)
                try await source.saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: [1]))
                try await source.compact("notes", before: end)
                let receipt = try await target.merge(source.entries(beyond: JournalFrontier(), limit: 100))
                try expectEqual(receipt, MergeReceipt(added: 0, known: 4), "the receipt")
                try await target.expectUnchanged(since: before, "a merge of compacted copies")
                try await expectSameEntries([source, target])
            },
            JournalLaw(
                "merged entries are kept over a reopening",
                .capability(.replication),
                .ability(.reopen)
            ) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 25)
                let entries = try await foreign.entries(.numbered(0..<4), for: harness)
                try await journal.append([.numbered(10)], to: "notes")
                _ = try await journal.merge(JournalBatch(entries: Array(entries[..<3])))
                let before = try await journal.everything()
                let frontier = try await journal.frontier()
                let reopened = try await harness.reopened(journal)
                try await reopened.expectUnchanged(since: before, "the reopening")
                try expectEqual(try await reopened.frontier(), frontier, "the frontier")
                let receipt = try await reopened.merge(JournalBatch(entries: entries))
                try expectEqual(receipt, MergeReceipt(added: 1, known: 3), "the receipt of a merge afterwards")
                try await reopened.expectClean("after the merges")
            },
        ]
    }
}

/// Fails unless the journals hold equal sets of entries, compacted or not, and say so by equal roots.
func expectSameEntries(
    _ journals: [any JournalEffects],
    fileID: String = #fileID,
    line: Int = #line
) async throws {
    var expected: (hashes: Set<SHA256Digest>, root: SHA256Digest)?
    for (number, journal) in journals.enumerated() {
        let entries = try await journal.everything()
        try expectOrderly(entries, fileID: fileID, line: line)
        try expectChained(entries, fileID: fileID, line: line)
        let found = (hashes: Set(entries.map(\.hash)), root: try await journal.frontier().rootHash)
        if let expected {
            let place = "of journal \(number) and the first"
            try expect(found.hashes == expected.hashes, "the entries \(place) differ", fileID: fileID, line: line)
            try expect(found.root == expected.root, "the root hashes \(place) differ", fileID: fileID, line: line)
        }
        expected = expected ?? found
    }
}
