internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var compaction: [JournalLaw] {
        [
            JournalLaw("a compaction drops payloads and keeps headers", .capability(.compaction)) { harness in
                let journal = try await harness.make()
                let before = try await journal.fillAndCompact(count: 6, keeping: 2)
                for end: UInt64 in [2, 4, 6] {
                    try await journal.compact("notes", before: Revision(rawValue: end))
                    let entries = try await journal.everything()
                    try expectEqual(entries.count, before.count, "the entries")
                    for (entry, original) in zip(entries, before) {
                        let isDropped = entry.stream == "notes" && entry.revision < Revision(rawValue: end)
                        var expected = original
                        if isDropped { expected.body = .compacted(original.payloadDigest) }
                        try expectEqual(entry, expected, "the entry at \(original.position), compacted before \(end)")
                    }
                }
            },
            JournalLaw("payloads stay where nobody asks for a compaction", .capability(.snapshots)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "notes")
                let before = try await journal.everything()
                for revision: UInt64 in [3, 5] {
                    let revision = Revision(rawValue: revision)
                    try await journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: revision, state: [1]))
                }
                try await journal.expectUnchanged(since: before, "snapshots")
                try await journal.expectClean("with a snapshot")
            },
            JournalLaw("a compaction leaves chain and frontier as they were", .capability(.compaction)) { harness in
                let journal = try await harness.make()
                let before = try await journal.fillAndCompact(count: 6, keeping: 4)
                try expectChained(try await journal.everything())
                let last = try require(before.last, "the last entry")
                let head = JournalFrontier.Head(sequence: last.sequence, hash: last.hash)
                try expectEqual(try await journal.frontier().heads, [last.origin: head], "the frontier")
                try await journal.expectClean("after the compaction")
                try await journal.append([.numbered(100)], to: "notes", expecting: .exactly(Revision(rawValue: 5)))
                try await journal.expectClean("after an append to what was compacted")
            },
            JournalLaw("reading below a compaction throws compacted", .capability(.compaction)) { harness in
                let journal = try await harness.make()
                let before = try await journal.fillAndCompact(count: 6, keeping: 4)
                let notes = before.filter { $0.stream == "notes" }
                for from: UInt64? in [nil, 0, 3] {
                    let revision = from.map { Revision(rawValue: $0) }
                    try await expectFailure(.compacted, "a read from \(from.map(String.init) ?? "the first")") {
                        try await journal.read("notes", from: revision, limit: 10)
                    }
                }
                try await expectFailure(.compacted, "a read backwards from below the compaction") {
                    try await journal.read("notes", from: Revision(rawValue: 3), limit: 10, backwards: true)
                }
                for entry in notes.prefix(4) {
                    try await expectFailure(.compacted, "the entry \(entry.revision) by its id") {
                        try await journal.entry("notes", id: entry.id)
                    }
                }
                let rest = try await journal.read("notes", from: Revision(rawValue: 4), limit: 10)
                try expectEqual(rest, Array(notes[4...]), "the entries above the compaction")
                let backwards = try await journal.read("notes", from: nil, limit: 10, backwards: true)
                try expectEqual(backwards, notes[4...].reversed(), "the entries backwards to the compaction")
                try expectEqual(try await journal.entry("notes", id: notes[5].id), notes[5], "an entry above it")
                try expectEqual(try await journal.read("other", limit: 10).count, 6, "another stream's entries")
            },
            JournalLaw("a wholly compacted stream goes on at its end", .capability(.compaction)) { harness in
                let journal = try await harness.make()
                _ = try await journal.fillAndCompact(count: 3, keeping: 3)
                let end = Revision(rawValue: 3)
                try await expectFailure(.compacted, "a read from the first") {
                    try await journal.read("notes", limit: 10)
                }
                try expectEqual(try await journal.read("notes", from: end, limit: 10), [], "the entries from the end")
                let backwards = try await journal.read("notes", from: nil, limit: 10, backwards: true)
                try expectEqual(backwards, [], "the entries backwards")
                try await journal.append([.numbered(100)], to: "notes", expecting: .exactly(Revision(rawValue: 2)))
                let ids = try await journal.read("notes", from: end, limit: 10).map(\.id)
                try expectEqual(ids, [.numbered(100)], "the entries from the end")
            },
            JournalLaw("ids of compacted entries are still known", .capability(.compaction)) { harness in
                let journal = try await harness.make()
                let before = try await journal.fillAndCompact(count: 6, keeping: 4)
                let first = try require(before.first { $0.stream == "notes" }, "the first entry")
                let draft = JournalEntry.Draft(id: first.id, kind: first.kind, payload: first.payload ?? [])
                let after = try await journal.everything()
                let receipt = try await journal.append([draft], to: "notes", expecting: .empty)
                let item = AppendReceipt.Item(id: first.id, revision: first.revision, position: first.position)
                try expectEqual(receipt.items, [item], "the receipt of the repeated append")
                var other = draft
                other.payload += [1]
                try await expectFailure(.conflict, "another payload under a compacted id") {
                    try await journal.append([other], to: "notes")
                }
                other = draft
                other.kind = "other/1"
                try await expectFailure(.conflict, "another kind under a compacted id") {
                    try await journal.append([other], to: "notes")
                }
                try await journal.expectUnchanged(since: after, "repeated appends")
            },
            JournalLaw("a compaction that no snapshot covers is refused and drops nothing", .capability(.compaction)) {
                harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<6), to: "notes")
                try await journal.append(.numbered(6..<9), to: "other")
                let before = try await journal.everything()
                try await expectFailure(.preconditionFailed, "a compaction without a snapshot") {
                    try await journal.compact("notes", before: Revision(rawValue: 1))
                }
                let three = Revision(rawValue: 3)
                try await journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: three, state: []))
                for revision: UInt64 in [4, 6, 100, .max] {
                    try await expectFailure(.preconditionFailed, "a compaction before \(revision) of a snapshot at 3") {
                        try await journal.compact("notes", before: Revision(rawValue: revision))
                    }
                }
                try await expectFailure(.preconditionFailed, "a compaction of another stream") {
                    try await journal.compact("other", before: Revision(rawValue: 1))
                }
                try await journal.expectUnchanged(since: before, "refused compactions")
                try await journal.compact("notes", before: three)
            },
            JournalLaw("a compaction repeated or below an earlier one changes nothing", .capability(.compaction)) {
                harness in
                let journal = try await harness.make()
                _ = try await journal.fillAndCompact(count: 6, keeping: 4)
                let after = try await journal.everything()
                let snapshot = try await journal.latestSnapshot(of: "notes")
                for revision: UInt64 in [4, 2, 0] {
                    try await journal.compact("notes", before: Revision(rawValue: revision))
                }
                try await journal.expectUnchanged(since: after, "repeated compactions")
                try expectEqual(try await journal.latestSnapshot(of: "notes"), snapshot, "the snapshot")
                let rest = try await journal.read("notes", from: Revision(rawValue: 4), limit: 10)
                try expectEqual(rest.count, 2, "the entries above the compaction")
            },
            JournalLaw("a subscription delivers compacted entries without their payload", .capability(.compaction)) {
                harness in
                let journal = try await harness.make()
                _ = try await journal.fillAndCompact(count: 4, keeping: 2)
                let delivered = try await journal.subscribe(after: .start).first(8)
                try expectEqual(delivered, try await journal.everything(), "the delivered entries")
                try expectEqual(delivered.count { $0.payload == nil }, 2, "the entries without a payload")
            },
            JournalLaw("compactions are kept over a reopening", .capability(.compaction), .ability(.reopen)) {
                harness in
                let journal = try await harness.make()
                _ = try await journal.fillAndCompact(count: 6, keeping: 4)
                let after = try await journal.everything()
                let reopened = try await harness.reopened(journal)
                try await reopened.expectUnchanged(since: after, "the reopening")
                try await expectFailure(.compacted, "a read from the first") {
                    try await reopened.read("notes", limit: 1)
                }
                try await reopened.expectClean("after the reopening")
            },
        ]
    }
}

extension JournalEffects {
    /// Fills the streams `notes` and `other` in turns and compacts `notes` before a revision.
    ///
    /// - Returns: The entries before the compaction.
    func fillAndCompact(count: Int, keeping revision: UInt64) async throws -> [JournalEntry] {
        for number in 0..<count {
            try await append([.numbered(number * 2)], to: "notes")
            try await append([.numbered(number * 2 + 1)], to: "other")
        }
        let entries = try await everything()
        let end = Revision(rawValue: UInt64(count))
        try await saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: Array("all notes".utf8)))
        try await compact("notes", before: Revision(rawValue: revision))
        return entries
    }
}
