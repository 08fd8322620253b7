internal import AuraEffects

extension Law where Handler == any JournalEffects {
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
            JournalLaw("a reader never finds a new entry of another handler below what it has seen", .ability(.share)) {
                harness in
                let first = try await harness.make()
                let second = try await harness.sharing(first)
                let writers = [first, second]
                async let written: [Void] = concurrently(4) { task in
                    for turn in 0..<15 {
                        let draft = JournalEntry.Draft.numbered(task * 100 + turn)
                        try await writers[task % 2].append([draft], to: StreamName("stream \(task)"))
                    }
                }
                var seen: [JournalEntry] = []
                while seen.count < 60 {
                    let page = try await first.readAll(after: seen.last?.position ?? .start, limit: 20)
                    seen += page
                    if page.isEmpty {
                        let again = try await first.everything()
                        try expectEqual(Array(again.prefix(seen.count)), seen, "what was seen, read again")
                        await Task.yield()
                    }
                }
                _ = try await written
                try expectEqual(try await second.everything(), seen, "the other handler's entries")
            },
            JournalLaw("a writer that stalls holds up no reader and hides no entry", .ability(.stall)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "notes")
                let seen = Collected<JournalEntry>()
                let writer = Task {
                    try await pause()
                    return try await journal.append([.numbered(5)], to: "notes")
                }
                defer { writer.cancel() }
                try await harness.stallingWriter(on: journal) {
                    try await within(Patience.step, "reading while a writer stalls") {
                        for _ in 0..<6 {
                            let position = seen.soFar.last?.position ?? .start
                            for entry in try await journal.readAll(after: position, limit: 10) { seen.add(entry) }
                            try await pause(.milliseconds(10))
                        }
                    }
                }
                try await within(Patience.step, "an append once the writer is gone") { _ = try await writer.value }
                let entries = try await journal.everything()
                try expect(seen.soFar.count >= 5, "\(seen.soFar.count) of 5 entries were seen while a writer stalled")
                try expectEqual(Array(entries.prefix(seen.soFar.count)), seen.soFar, "what was seen, read again")
                try expectOrderly(entries)
                try expectEqual(entries.map(\.id), (0..<6).map { .numbered($0) }, "the ids in their order")
                try await journal.expectClean("after a writer stalled")
            },
            JournalLaw("an append by another handler on the same data wakes a subscription", .ability(.share)) {
                harness in
                let first = try await harness.make()
                let second = try await harness.sharing(first)
                async let delivered = first.subscribe(after: .start).first(12)
                for number in 0..<12 {
                    // The second handler's append comes while the subscription waits.
                    if number % 3 == 2 { try await pause(.milliseconds(50)) }
                    try await (number.isMultiple(of: 3) ? first : second).append([.numbered(number)], to: "notes")
                }
                let ids = try await delivered.map(\.id)
                try expectEqual(ids, (0..<12).map { .numbered($0) }, "the delivered ids")
            },
        ]
    }
}
