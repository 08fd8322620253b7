internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var cancellation: [JournalLaw] {
        [
            JournalLaw("an append of a cancelled task is cancelled and changes nothing") { harness in
                let journal = try await harness.make()
                try await expectCancelled("an append") { try await journal.append([.numbered(1)], to: "notes") }
                try await journal.expectUnchanged(since: [], "a cancelled append")
                try await journal.append([.numbered(1, "other")], to: "notes", expecting: .empty)
            },
            JournalLaw("a read of a cancelled task is cancelled") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                try await expectCancelled("a read") { try await journal.read("notes", limit: 1) }
                try await expectCancelled("an entry") { try await journal.entry("notes", id: .numbered(1)) }
                try await expectCancelled("a read of all") { try await journal.readAll(after: .start, limit: 1) }
                try await expectCancelled("a frontier") { try await journal.frontier() }
                try await expectCancelled("a verification") { try await journal.verify() }
            },
            JournalLaw("a snapshot of a cancelled task is not kept", .capability(.snapshots)) { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let snapshot = JournalSnapshot(stream: "notes", revision: Revision(rawValue: 1), state: [1])
                try await expectCancelled("saving a snapshot") { try await journal.saveSnapshot(snapshot) }
                try await expectCancelled("a snapshot") { try await journal.latestSnapshot(of: "notes") }
                try expectEqual(try await journal.latestSnapshot(of: "notes"), nil, "the snapshot")
            },
            JournalLaw(
                "a compaction of a cancelled task drops nothing",
                .capability(.snapshots),
                .capability(.compaction)
            ) { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let end = Revision(rawValue: 1)
                try await journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: [1]))
                let before = try await journal.everything()
                try await expectCancelled("a compaction") { try await journal.compact("notes", before: end) }
                try await journal.expectUnchanged(since: before, "a cancelled compaction")
            },
            JournalLaw("a merge of a cancelled task adds nothing", .capability(.replication)) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 15)
                let batch = JournalBatch(entries: try await foreign.entries(.numbered(0..<3), for: harness))
                try await expectCancelled("a merge") { try await journal.merge(batch) }
                try await expectCancelled("entries") { try await journal.entries(beyond: JournalFrontier(), limit: 1) }
                try await journal.expectUnchanged(since: [], "a cancelled merge")
            },
            JournalLaw("appends that are cancelled while they wait are there wholly or not at all") { harness in
                let journal = try await harness.make()
                let tasks = (0..<200)
                    .map { number in
                        Task {
                            try await journal.append([
                                StreamAppend([.numbered(number * 2)], to: "a"),
                                StreamAppend([.numbered(number * 2 + 1)], to: "b"),
                            ])
                        }
                    }
                var generator = SeededGenerator(seed: 16)
                for task in tasks.shuffled(using: &generator).prefix(120) {
                    if generator.happens(0.2) { await Task.yield() }
                    task.cancel()
                }
                for (number, task) in tasks.enumerated() {
                    let ended = try await within(Patience.step, "append \(number)") { await task.result }
                    let a = try await journal.entry("a", id: .numbered(number * 2))
                    let b = try await journal.entry("b", id: .numbered(number * 2 + 1))
                    try expectEqual(a == nil, b == nil, "whether both streams lack append \(number)")
                    switch ended {
                    case .success: try expect(a != nil, "append \(number) has a receipt but is not there")
                    case .failure(let error as EffectError) where error.outcome == .notApplied:
                        try expect(a == nil, "append \(number) is there although it failed: \(error)")
                    case .failure(let error):
                        try expect(error is EffectError, "append \(number) threw no EffectError")
                    }
                }
                let entries = try await journal.everything()
                try expectOrderly(entries)
                try await journal.expectClean("after cancelled appends")
                let last = try await journal.append([.numbered(1000)], to: "a")
                try expectEqual(last.items.count, 1, "the receipt of an append afterwards")
            },
            JournalLaw(
                "an append that waits for a stalled writer withdraws when its task is cancelled",
                .ability(.stall)
            ) {
                harness in
                let journal = try await harness.make()
                let waiting = Collected<Task<AppendReceipt, any Error>>()
                try await harness.stallingWriter(on: journal) {
                    for number in 0..<3 {
                        waiting.add(begun { try await journal.append([.numbered(number)], to: "notes") })
                    }
                    try await pause()
                    let withdrawn = waiting.soFar[1]
                    withdrawn.cancel()
                    try await within(Patience.step, "withdrawing an append") {
                        _ = try await expectFailure(.cancelled, "a withdrawn append") { try await withdrawn.value }
                    }
                }
                try await within(Patience.step, "the other appends once the writer is gone") {
                    for number in [0, 2] { _ = try await waiting.soFar[number].value }
                }
                let ids = try await journal.everything().map(\.id)
                try expectEqual(Set(ids), [.numbered(0), .numbered(2)], "the ids that were not withdrawn")
                try expectEqual(ids.count, 2, "the entries")
            },
        ]
    }
}
