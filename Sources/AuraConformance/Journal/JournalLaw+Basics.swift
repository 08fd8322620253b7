internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var basics: [JournalLaw] {
        [
            JournalLaw("the handler declares what its harness says") { harness in
                let journal = try await harness.make()
                try expectEqual(journal.capabilities, harness.capabilities, "the declaration")
            },
            JournalLaw("a new journal is empty") { harness in
                let journal = try await harness.make()
                try expectEqual(try await journal.readAll(after: .start, limit: 10), [], "all entries")
                try expectEqual(try await journal.read("notes", limit: 10), [], "a stream without entries")
                let backwards = try await journal.read("notes", from: nil, limit: 10, backwards: true)
                try expectEqual(backwards, [], "a stream without entries, backwards")
                try expectEqual(try await journal.entry("notes", id: .numbered(1)), nil, "an unknown entry")
                try expectEqual(try await journal.frontier(), JournalFrontier(), "the frontier")
                try await journal.expectClean("in a new journal")
            },
            JournalLaw("an appended entry is read back as it was written") { harness in
                let journal = try await harness.make()
                let draft = JournalEntry.Draft.numbered(1, kind: "Note.Added/1")
                let receipt = try await journal.append([draft], to: "notes", expecting: .empty)
                let entry = try require(await journal.read("notes", limit: 1).first, "the entry")
                try expectEqual(receipt.stream, "notes", "the receipt's stream")
                let item = AppendReceipt.Item(id: draft.id, revision: .first, position: entry.position)
                try expectEqual(receipt.items, [item], "the receipt's items")
                try expectEqual(entry.stream, "notes", "the stream")
                try expectEqual(entry.id, draft.id, "the id")
                try expectEqual(entry.kind, draft.kind, "the kind")
                try expectEqual(entry.payload, draft.payload, "the payload")
                try expect(entry.position > .start, "the first position is not after the start")
                try expectEqual(try await journal.everything(), [entry], "all entries")
            },
            JournalLaw("revisions are 0, 1, 2 and so on in every stream, and positions strictly increase") { harness in
                let journal = try await harness.make()
                var generator = SeededGenerator(seed: 11)
                var number = 0
                var receipts: [AppendReceipt] = []
                for _ in 0..<40 {
                    let stream = StreamName("stream \(Int.random(in: 0..<5, using: &generator))")
                    let count = Int.random(in: 1...4, using: &generator)
                    receipts.append(try await journal.append(.numbered(number..<number + count), to: stream))
                    number += count
                }
                let entries = try await journal.everything()
                try expectOrderly(entries)
                let items = entries.map { AppendReceipt.Item(id: $0.id, revision: $0.revision, position: $0.position) }
                try expectEqual(receipts.flatMap(\.items), items, "the receipts in the order of the appends")
                try expectEqual(entries.map(\.id), (0..<number).map { .numbered($0) }, "the ids in their order")
            },
            JournalLaw("one append adds to several streams, with a receipt for each in its order") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "b")
                let receipts = try await journal.append([
                    StreamAppend(.numbered(2..<4), to: "c", expecting: .empty),
                    StreamAppend([.numbered(4)], to: "b", expecting: .exactly(.first)),
                    StreamAppend([.numbered(5)], to: "a"),
                ])
                try expectEqual(receipts.map(\.stream), ["c", "b", "a"], "the receipts' streams")
                let revisions = receipts.map { $0.items.map(\.revision.rawValue) }
                try expectEqual(revisions, [[0, 1], [1], [0]], "the receipts' revisions")
                let entries = try await journal.everything()
                try expectOrderly(entries)
                try expectEqual(entries.map(\.id), (1..<6).map { .numbered($0) }, "the ids in their order")
            },
            JournalLaw("an append of nothing changes nothing and checks nothing") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let before = try await journal.everything()
                let none = try await journal.append([])
                try expectEqual(none, [], "the receipts of no appends")
                let unmet: [ExpectedRevision] = [.any, .empty, .exactly(Revision(rawValue: 7))]
                for expectation in unmet {
                    let receipt = try await journal.append([], to: "notes", expecting: expectation)
                    try expectEqual(receipt, AppendReceipt(stream: "notes", items: []), "the receipt for nothing")
                    try expectEqual(receipt.lastRevision, nil, "the last revision of nothing")
                }
                let receipts = try await journal.append([
                    StreamAppend([], to: "another"), StreamAppend([.numbered(2)], to: "notes"),
                ])
                try expectEqual(receipts.map(\.items.count), [0, 1], "the receipts' items beside nothing")
                try expectEqual(try await journal.everything().prefix(1), before[...], "the entries before")
                try expectEqual(try await journal.read("another", limit: 1), [], "the stream that nothing was added to")
            },
            JournalLaw("payloads of any size and every byte survive") { harness in
                let journal = try await harness.make()
                let limit = harness.capabilities.limit(.payloadBytes)
                var generator = SeededGenerator(seed: 12)
                let payloads: [[UInt8]] = [
                    [], [0], Array(0...255), generator.bytes(min(limit, 70_000)), generator.bytes(min(limit, 1 << 20)),
                ]
                for (number, payload) in payloads.enumerated() {
                    let draft = JournalEntry.Draft(id: .numbered(number), kind: "bytes/1", payload: payload)
                    try await journal.append([draft], to: "payloads")
                }
                for (number, payload) in payloads.enumerated() {
                    let entry = try await journal.entry("payloads", id: .numbered(number))
                    try expect(entry?.payload == payload, "the payload of \(payload.count) bytes came back changed")
                }
                try await journal.expectClean("with such payloads")
            },
            JournalLaw("any text is a stream's name, and look-alikes are different streams") { harness in
                let journal = try await harness.make()
                let names = unusualTexts(atMost: harness.capabilities.limit(.streamNameBytes))
                for (number, name) in names.enumerated() {
                    try await journal.append([.numbered(number)], to: StreamName(name))
                }
                for (number, name) in names.enumerated() {
                    let entries = try await journal.read(StreamName(name), limit: 10)
                    try expectEqual(entries.map(\.id), [.numbered(number)], "the entries of stream \(number)")
                    let stream = try require(entries.first, "the entry").stream
                    try expectEqual(stream, StreamName(name), "the name of stream \(number)")
                }
                try await journal.expectClean("with such names")
            },
        ]
    }
}
