internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var timestamps: [JournalLaw] {
        [
            JournalLaw("an origin's timestamps strictly increase, within an append and between appends") { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<20), to: "notes")
                _ = try await concurrently(8) { task in
                    for turn in 0..<5 {
                        try await journal.append([.numbered(100 + task * 5 + turn)], to: StreamName("stream \(task)"))
                    }
                }
                try expectIncreasingTimestamps(try await journal.everything())
            },
            JournalLaw("timestamps increase when the clock jumps back an hour", .ability(.stepWallClock)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<3), to: "notes")
                try await harness.steppingWallClock(by: .seconds(-3600))
                try await journal.append(.numbered(3..<6), to: "notes")
                try await harness.steppingWallClock(by: .seconds(7200))
                try await journal.append(.numbered(6..<9), to: "notes")
                let entries = try await journal.everything()
                try expectIncreasingTimestamps(entries)
                let ahead = entries[6].timestamp.milliseconds
                let behind = entries[2].timestamp.milliseconds
                try expect(ahead >= behind + 3_500_000, "the timestamp does not follow the clock ahead")
                try await journal.expectClean("after the clock was stepped")
            },
            JournalLaw(
                "timestamps increase over a reopening although the clock jumps back an hour",
                .ability(.stepWallClock),
                .ability(.reopen)
            ) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<3), to: "notes")
                try await harness.steppingWallClock(by: .seconds(-3600))
                let reopened = try await harness.reopened(journal)
                try await reopened.append(.numbered(3..<6), to: "notes")
                try expectIncreasingTimestamps(try await reopened.everything())
            },
            JournalLaw("after a merge of a later timestamp an append's is later still", .capability(.replication)) {
                harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let now = try require(await journal.everything().first, "the entry").timestamp
                let later = HybridTimestamp(milliseconds: now.milliseconds + 3_600_000, counter: 5)
                var foreign = ForeignOrigin(seed: 14)
                _ = try await journal.merge(
                    JournalBatch(entries: [try await foreign.entry(.numbered(2), timestamp: later, for: harness)])
                )
                try await journal.append([.numbered(3)], to: "notes")
                let last = try require(await journal.everything().last, "the last entry")
                try expectEqual(last.id, .numbered(3), "the last entry's id")
                try expect(last.timestamp > later, "the timestamp \(last.timestamp) is not after the merged \(later)")
            },
        ]
    }
}

/// Fails unless timestamps strictly increase with the sequence, for each origin.
private func expectIncreasingTimestamps(_ entries: [JournalEntry], line: Int = #line) throws {
    for (origin, entries) in Dictionary(grouping: entries, by: \.origin) {
        let inSequence = entries.sorted { $0.sequence < $1.sequence }
        for (earlier, later) in zip(inSequence, inSequence.dropFirst()) {
            let place = "between the sequences \(earlier.sequence) and \(later.sequence) of origin \(origin)"
            try expect(earlier.timestamp < later.timestamp, "the timestamp does not increase \(place)", line: line)
        }
    }
}
