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
                try await reopened.append([.numbered(8)], to: "a", expecting: .exactly(Revision(rawValue: 4)))
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
        ]
    }

    static var sharing: [JournalLaw] {
        [
            JournalLaw("two handlers on the same data share one origin, one order and every entry", .ability(.share)) {
                harness in
                let first = try await harness.make()
                let second = try await harness.sharing(first)
                let both = [first, second]
                _ = try await concurrently(8) { task in
                    for turn in 0..<8 {
                        let draft = JournalEntry.Draft.numbered(task * 100 + turn)
                        try await both[task % 2].append([draft], to: StreamName("stream \(task % 3)"))
                    }
                }
                let entries = try await first.everything()
                try expectEqual(entries.count, 64, "the entries")
                try expectEqual(try await second.everything(), entries, "the second handler's entries")
                try expectOrderly(entries)
                try expectEqual(Set(entries.map(\.origin)).count, 1, "the number of origins")
                try expectChained(entries)
                try await second.expectClean("after writes by both")
            },
            JournalLaw("two handlers on the same data judge expectations and ids together", .ability(.share)) {
                harness in
                let first = try await harness.make()
                let second = try await harness.sharing(first)
                let both = [first, second]
                let receipt = try await first.append([.numbered(1)], to: "notes", expecting: .empty)
                let again = try await second.append([.numbered(1)], to: "notes", expecting: .empty)
                try expectEqual(again, receipt, "the receipt of the append repeated by the other handler")
                let results = try await concurrently(10) { task in
                    await outcome {
                        try await both[task % 2]
                            .append(
                                [.numbered(10 + task)],
                                to: "notes",
                                expecting: .exactly(.first)
                            )
                    }
                }
                try expectEqual(results.compactMap { try? $0.get() }.count, 1, "how many appends went through")
                try expectEqual(try await second.everything().count, 2, "the entries")
            },
            JournalLaw("an append by another handler on the same data wakes a subscription", .ability(.share)) {
                harness in
                let first = try await harness.make()
                let second = try await harness.sharing(first)
                async let delivered = first.subscribe(after: .start).first(12)
                for number in 0..<12 {
                    if number.isMultiple(of: 4) { try await pause(.milliseconds(50)) }
                    try await (number.isMultiple(of: 3) ? first : second).append([.numbered(number)], to: "notes")
                }
                let ids = try await delivered.map(\.id)
                try expectEqual(ids, (0..<12).map { .numbered($0) }, "the delivered ids")
            },
        ]
    }
}
