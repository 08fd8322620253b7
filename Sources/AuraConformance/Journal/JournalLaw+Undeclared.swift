internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var undeclared: [JournalLaw] {
        [
            JournalLaw("snapshots that are not declared are refused as unsupported", .lacks(.snapshots)) { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let snapshot = JournalSnapshot(stream: "notes", revision: Revision(rawValue: 1), state: [1])
                try await expectFailure(.unsupported, "saving a snapshot") { try await journal.saveSnapshot(snapshot) }
                try await expectFailure(.unsupported, "a snapshot") { try await journal.latestSnapshot(of: "notes") }
            },
            JournalLaw("compaction that is not declared is refused as unsupported", .lacks(.compaction)) { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let before = try await journal.everything()
                try await expectFailure(.unsupported, "a compaction") {
                    try await journal.compact("notes", before: Revision(rawValue: 1))
                }
                try await journal.expectUnchanged(since: before, "a refused compaction")
            },
            JournalLaw("replication that is not declared is refused as unsupported", .lacks(.replication)) { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let before = try await journal.everything()
                var foreign = ForeignOrigin(seed: 51)
                let batch = JournalBatch(entries: [try await foreign.entry(.numbered(2), for: harness)])
                try await expectFailure(.unsupported, "entries beyond a frontier") {
                    try await journal.entries(beyond: JournalFrontier(), limit: 1)
                }
                try await expectFailure(.unsupported, "a merge") { try await journal.merge(batch) }
                try await journal.expectUnchanged(since: before, "a refused merge")
            },
        ]
    }
}
