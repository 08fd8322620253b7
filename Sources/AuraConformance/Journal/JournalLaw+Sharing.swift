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
