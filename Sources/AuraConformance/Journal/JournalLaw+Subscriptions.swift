internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var subscriptions: [JournalLaw] {
        [
            JournalLaw("a subscription catches up and then delivers live, in the order of positions") { harness in
                let journal = try await harness.make()
                for first in stride(from: 0, to: 110, by: 10) {
                    try await journal.append(.numbered(first..<first + 10), to: "notes")
                }
                let entries = try await within(Patience.step, "a subscription up to a live entry") {
                    var delivered = journal.subscribe(after: .start).makeAsyncIterator()
                    // It has begun to catch up when the first live entry comes.
                    var entries = [try require(await delivered.next(), "the first entry")]
                    async let written: Void = { () async throws in
                        for number in 110..<150 {
                            try await journal.append([.numbered(number)], to: StreamName("stream \(number % 3)"))
                            if number.isMultiple(of: 20) { try await pause(.milliseconds(5)) }
                        }
                    }()
                    while entries.last?.id != .numbered(149) {
                        entries.append(try require(await delivered.next(), "the subscription's next entry"))
                    }
                    try await written
                    return entries
                }
                try expectEqual(entries, try await journal.everything(), "the delivered entries")
            },
            JournalLaw("a subscription begins after its position") { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "notes")
                let entries = try await journal.everything()
                let rest = try await journal.subscribe(after: entries[2].position).first(2)
                try expectEqual(rest, Array(entries[3...]), "the entries after the third")
                async let live = journal.subscribe(after: entries[4].position).first(1)
                try await pause()
                try await journal.append([.numbered(5)], to: "other")
                try expectEqual(try await live.map(\.id), [.numbered(5)], "the entry after the last")
            },
            JournalLaw("a waiting subscription wakes for each append") { harness in
                let journal = try await harness.make()
                let (seen, report) = AsyncStream<EntryID>.makeStream()
                let subscriber = Task {
                    for try await entry in journal.subscribe(after: .start) { report.yield(entry.id) }
                }
                defer { subscriber.cancel() }
                try await within(Patience.step, "waking a subscriber twelve times") {
                    var delivered = seen.makeAsyncIterator()
                    for number in stride(from: 0, to: 12, by: 2) {
                        if number.isMultiple(of: 4) { try await pause() }
                        try await journal.append([.numbered(number)], to: "notes")
                        try expectEqual(await delivered.next(), .numbered(number), "the entry that it woke for")
                        _ = try await journal.append([
                            StreamAppend([], to: "notes"), StreamAppend([.numbered(number + 1)], to: "other"),
                        ])
                        try expectEqual(await delivered.next(), .numbered(number + 1), "the entry that it woke for")
                    }
                }
            },
            JournalLaw("every one of several subscriptions gets every entry, under concurrent writers") { harness in
                let journal = try await harness.make()
                let starts = try await concurrently(4) { task in
                    if task == 0 { return [JournalEntry]() }
                    return try await withThrowingTaskGroup(of: [JournalEntry].self) { group in
                        group.addTask { try await journal.subscribe(after: .start).first(30) }
                        for turn in 0..<10 {
                            let draft = JournalEntry.Draft.numbered(task * 100 + turn)
                            try await journal.append([draft], to: StreamName("stream \(task)"))
                        }
                        return try await group.reduce(into: []) { $0 += $1 }
                    }
                }
                let entries = try await journal.everything()
                for delivered in starts.dropFirst() {
                    try expectEqual(delivered, entries, "the entries that one subscription got")
                }
            },
            JournalLaw("a slow subscriber loses nothing while writers run ahead") { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<10), to: "notes")
                let slow = try await within(Patience.step, "a slow subscriber") {
                    var delivered = journal.subscribe(after: .start).makeAsyncIterator()
                    var entries = [try require(await delivered.next(), "the first entry")]
                    for first in stride(from: 10, to: 200, by: 10) {
                        try await journal.append(.numbered(first..<first + 10), to: "notes")
                    }
                    while entries.last?.id != .numbered(199) {
                        entries.append(try require(await delivered.next(), "the subscription's next entry"))
                    }
                    return entries
                }
                try expectEqual(slow, try await journal.everything(), "the entries that it got")
            },
            JournalLaw("cancelling the task of a waiting subscription ends it with cancelled") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let subscriber = begun {
                    var count = 0
                    for try await _ in journal.subscribe(after: .start) { count += 1 }
                    return count
                }
                try await pause()
                subscriber.cancel()
                try await within(Patience.step, "a cancelled subscription") {
                    _ = try await expectFailure(.cancelled, "a cancelled subscription", outcome: nil) {
                        try await subscriber.value
                    }
                }
                try await expectCancelled("a subscription") {
                    var iterator = journal.subscribe(after: .start).makeAsyncIterator()
                    return try await iterator.next()
                }
                try await journal.append([.numbered(2)], to: "notes")
                let entries = try await journal.subscribe(after: .start).first(2)
                try expectEqual(entries.map(\.id), [.numbered(1), .numbered(2)], "another subscription's entries")
            },
        ]
    }
}
