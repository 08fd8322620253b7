internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var durability: [JournalLaw] {
        [
            JournalLaw("a reopened journal holds what it held and goes on where it was", .ability(.reopen)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "a")
                try await journal.append(.numbered(5..<8), to: "b")
                let entries = try await journal.everything()
                let frontier = try await journal.frontier()
                let reopened = try await harness.reopened(journal)
                try expectEqual(try await reopened.everything(), entries, "the entries")
                try expectEqual(try await reopened.frontier(), frontier, "the frontier")
                try await expectSuccess("an append to the end of a stream from before") {
                    try await reopened.append([.numbered(8)], to: "a", expecting: .exactly(Revision(rawValue: 4)))
                }
                let all = try await reopened.everything()
                try expectOrderly(all)
                try expectEqual(Set(all.map(\.origin)).count, 1, "the number of origins")
                try expectChained(all)
                try await reopened.expectClean("after the reopening")
            },
            JournalLaw("an append repeated after a reopening returns the first receipt", .ability(.reopen)) { harness in
                let journal = try await harness.make()
                let first = try await journal.append(.numbered(0..<3), to: "notes", expecting: .empty)
                let reopened = try await harness.reopened(journal)
                let again = try await reopened.append(.numbered(0..<3), to: "notes", expecting: .empty)
                try expectEqual(again, first, "the receipt")
                try expectEqual(try await reopened.everything().count, 3, "the entries")
                try await expectFailure(.conflict, "other content under an id known from before") {
                    try await reopened.append([.numbered(1, "other")], to: "notes")
                }
            },
            JournalLaw("snapshots are kept over a reopening", .ability(.reopen), .capability(.snapshots)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<3), to: "notes")
                let end = Revision(rawValue: 3)
                try await journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: [1, 2]))
                let snapshot = try await journal.latestSnapshot(of: "notes")
                let reopened = try await harness.reopened(journal)
                try expectEqual(try await reopened.latestSnapshot(of: "notes"), snapshot, "the snapshot")
            },
            JournalLaw("a crash loses nothing that has a receipt", .ability(.crash), .capability(.durable)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "a")
                try await journal.append(.numbered(5..<8), to: "b")
                let entries = try await journal.everything()
                let recovered = try await harness.crashed(journal)
                try expectEqual(try await recovered.everything(), entries, "the entries")
                let again = try await recovered.append(.numbered(5..<8), to: "b", expecting: .empty)
                try expectEqual(again.items.count, 3, "the items of the repeated append")
                try await recovered.append([.numbered(8)], to: "a")
                try expectOrderly(try await recovered.everything())
                try await recovered.expectClean("after the crash")
            },
            JournalLaw("a crash amid appends leaves whole appends, and each that has a receipt", .ability(.crash)) {
                harness in
                let journal = try await harness.make()
                let receipts = Collected<AppendReceipt>()
                let writers = (0..<8)
                    .map { task in
                        Task {
                            for turn in 0..<1000 {
                                let number = (task * 1000 + turn) * 2
                                let both = try await journal.append([
                                    StreamAppend([.numbered(number)], to: StreamName("left \(task)")),
                                    StreamAppend([.numbered(number + 1)], to: StreamName("right \(task)")),
                                ])
                                for receipt in both { receipts.add(receipt) }
                            }
                        }
                    }
                defer { for writer in writers { writer.cancel() } }
                try await pause(.milliseconds(50))
                let acknowledged = receipts.soFar
                let recovered = try await harness.crashed(journal)
                for writer in writers { writer.cancel() }
                let entries = try await recovered.everything()
                try expectOrderly(entries)
                try expectChained(entries)
                let ids = Set(entries.map(\.id.rawValue))
                try expectEqual(ids.count, entries.count, "the different ids")
                try expect(entries.count.isMultiple(of: 2), "\(entries.count) entries are left of appends of 2 each")
                if harness.capabilities.contains(.durable) {
                    for receipt in acknowledged {
                        for id in receipt.ids { try expect(ids.contains(id.rawValue), "entry \(id) is lost") }
                    }
                }
                try await recovered.append([.numbered(1_000_000)], to: "after")
                try await recovered.expectClean("after the crash")
            },
            JournalLaw(
                "appends that a crash interrupted are repeated by their ids, and each is there once",
                .ability(.crash)
            ) { harness in
                let journal = try await harness.make()
                let begun = Collected<(stream: StreamName, draft: JournalEntry.Draft)>()
                let writers = (0..<8)
                    .map { task in
                        Task {
                            for turn in 0..<1000 {
                                let draft = JournalEntry.Draft.numbered(task * 1000 + turn)
                                let stream = StreamName("stream \(task)")
                                begun.add((stream, draft))
                                try await journal.append([draft], to: stream)
                            }
                        }
                    }
                defer { for writer in writers { writer.cancel() } }
                try await pause(.milliseconds(30))
                let recovered = try await harness.crashed(journal)
                for writer in writers { writer.cancel() }
                for writer in writers { _ = await writer.result }
                // Also those that were not begun before the crash: their caller knows no better.
                let all = begun.soFar
                for (stream, draft) in all { try await recovered.append([draft], to: stream) }
                let entries = try await recovered.everything()
                try expectEqual(entries.count, all.count, "the entries of as many different appends")
                try expectEqual(Set(entries.map(\.id)), Set(all.map(\.draft.id)), "the different ids")
                try await recovered.expectClean("after the repeated appends")
            },
        ]
    }
}
