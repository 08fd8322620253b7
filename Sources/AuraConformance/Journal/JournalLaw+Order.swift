internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var order: [JournalLaw] {
        [
            JournalLaw("concurrent writers leave no gap, no double and one order") { harness in
                let journal = try await harness.make()
                let receipts = try await concurrently(16) { task in
                    var receipts: [AppendReceipt] = []
                    for turn in 0..<10 {
                        let first = task * 1000 + turn * 2
                        let stream = StreamName("stream \(task % 4)")
                        receipts.append(try await journal.append(.numbered(first..<first + 2), to: stream))
                    }
                    return receipts
                }
                let entries = try await journal.everything(pageSize: 17)
                try expectOrderly(entries)
                try expectEqual(entries.count, 320, "the entries")
                let byPosition = Dictionary(grouping: entries, by: \.position).mapValues { $0[0] }
                for receipt in receipts.joined() {
                    for item in receipt.items {
                        let entry = try require(byPosition[item.position], "the entry at the receipt's position")
                        try expectEqual(entry.id, item.id, "the id at the receipt's position")
                        try expectEqual(entry.revision, item.revision, "the revision at the receipt's position")
                        try expectEqual(entry.stream, receipt.stream, "the stream at the receipt's position")
                    }
                }
                for mine in receipts {
                    let positions = mine.flatMap { $0.items.map(\.position) }
                    try expectEqual(positions, positions.sorted(), "one task's positions in the order of its appends")
                }
                try await journal.expectClean("after concurrent appends")
            },
            JournalLaw("a reader never finds a new entry at or below a position that it has seen") { harness in
                let journal = try await harness.make()
                let writers = 6
                let perWriter = 30
                async let written: [Void] = concurrently(writers) { task in
                    for turn in 0..<perWriter {
                        try await journal.append([.numbered(task * 1000 + turn)], to: StreamName("stream \(task % 3)"))
                    }
                }
                var generator = SeededGenerator(seed: 13)
                var seen: [JournalEntry] = []
                while seen.count < writers * perWriter {
                    let limit = Int.random(in: 1...9, using: &generator)
                    let page = try await journal.readAll(after: seen.last?.position ?? .start, limit: limit)
                    seen += page
                    if page.isEmpty {
                        let again = try await journal.everything()
                        try expectEqual(Array(again.prefix(seen.count)), seen, "what was seen, read again")
                        await Task.yield()
                    }
                }
                _ = try await written
                try expectEqual(try await journal.everything(), seen, "all entries, and those that the reader saw")
            },
            JournalLaw("a reader sees all of an append or nothing of it") { harness in
                let journal = try await harness.make()
                let appends = 40
                async let written: Void = { () async throws in
                    for number in 0..<appends {
                        let first = number * 3
                        _ = try await journal.append([
                            StreamAppend([.numbered(first)], to: "a"),
                            StreamAppend(.numbered(first + 1..<first + 3), to: "b"),
                        ])
                    }
                }()
                var seen = 0
                while seen < appends * 3 {
                    let count = try await journal.everything(pageSize: .max).count
                    if count <= harness.capabilities.limit(.pageElements) {
                        try expect(count.isMultiple(of: 3), "\(count) entries were seen of appends of 3 each")
                    }
                    seen = count
                    await Task.yield()
                }
                try await written
            },
            JournalLaw("what an append's receipt names is there at once for every reader") { harness in
                let journal = try await harness.make()
                _ = try await concurrently(8) { task in
                    for turn in 0..<8 {
                        let stream = StreamName("stream \(task)")
                        let receipt = try await journal.append([.numbered(task * 100 + turn)], to: stream)
                        let item = try require(receipt.items.first, "the receipt's item")
                        let read = try await journal.read(stream, from: item.revision, limit: 1)
                        try expectEqual(read.first?.id, item.id, "the entry at the receipt's revision")
                        let position = Position(rawValue: item.position.rawValue - 1)
                        let all = try await journal.readAll(after: position, limit: 1)
                        try expectEqual(all.first?.id, item.id, "the entry at the receipt's position")
                    }
                }
            },
        ]
    }
}
