internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var merging: [JournalLaw] {
        [
            JournalLaw("a merge is idempotent", .capability(.replication)) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 31)
                let entries = try await foreign.entries(.numbered(0..<6), for: harness)
                let first = try await journal.merge(JournalBatch(entries: Array(entries[..<4])))
                try expectEqual(first, MergeReceipt(added: 4, known: 0), "the receipt of the first merge")
                let before = try await journal.everything()
                let again = try await journal.merge(JournalBatch(entries: Array(entries[..<4])))
                try expectEqual(again, MergeReceipt(added: 0, known: 4), "the receipt of the repeated merge")
                try await journal.expectUnchanged(since: before, "a repeated merge")
                let overlapping = try await journal.merge(JournalBatch(entries: Array(entries[2...])))
                try expectEqual(overlapping, MergeReceipt(added: 2, known: 2), "the receipt of an overlapping merge")
                let nothing = try await journal.merge(JournalBatch(entries: []))
                try expectEqual(nothing, MergeReceipt(added: 0, known: 0), "the receipt of a merge of nothing")
                try await journal.expectClean("after repeated merges")
            },
            JournalLaw("a journal's own entries come back as known", .capability(.replication)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "notes")
                let before = try await journal.everything()
                let receipt = try await journal.merge(journal.entries(beyond: JournalFrontier(), limit: 100))
                try expectEqual(receipt, MergeReceipt(added: 0, known: 5), "the receipt")
                try await journal.expectUnchanged(since: before, "the merge")
            },
            JournalLaw("merges are commutative and associative over the set of entries", .capability(.replication)) {
                harness in
                for seed: UInt64 in 40..<46 {
                    try await exchangeAtRandom(harness, seed: seed)
                }
            },
            JournalLaw(
                "equal roots mean equal sets, and different sets have different roots",
                .capability(.replication)
            ) {
                harness in
                let first = try await harness.make()
                let second = try await harness.make()
                var one = ForeignOrigin(seed: 32)
                var two = ForeignOrigin(seed: 33)
                let ones = try await one.entries(.numbered(0..<3), for: harness)
                let twos = try await two.entries(.numbered(10..<12), for: harness)
                _ = try await first.merge(JournalBatch(entries: ones))
                _ = try await second.merge(JournalBatch(entries: twos))
                let roots = [try await first.frontier().rootHash, try await second.frontier().rootHash]
                try expect(roots[0] != roots[1], "different sets have the same root")
                _ = try await first.merge(JournalBatch(entries: twos))
                _ = try await second.merge(JournalBatch(entries: ones))
                try await expectSameEntries([first, second])
            },
            JournalLaw("a gap in an origin's run is refused and changes nothing", .capability(.replication)) {
                harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 34)
                var sound = ForeignOrigin(seed: 35)
                let entries = try await foreign.entries(.numbered(0..<6), for: harness)
                let others = try await sound.entries(.numbered(10..<13), for: harness)
                _ = try await journal.merge(JournalBatch(entries: [entries[0]]))
                let before = try await journal.everything()
                let gaps: [[JournalEntry]] = [
                    Array(entries[2...]), [entries[1], entries[3]], others + [entries[1], entries[2], entries[4]],
                    [entries[5]] + others,
                ]
                for gap in gaps {
                    let sequences = gap.map(\.sequence)
                    try await expectFailure(.preconditionFailed, "a merge of the sequences \(sequences) after 1") {
                        try await journal.merge(JournalBatch(entries: gap))
                    }
                }
                try await journal.expectUnchanged(since: before, "refused merges")
                try expectEqual(try await journal.merge(JournalBatch(entries: entries + others)).added, 8, "the rest")
            },
            JournalLaw("an entry that was altered on its way is refused", .capability(.replication)) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 36)
                let entries = try await foreign.entries(.numbered(0..<4), for: harness)
                _ = try await journal.merge(JournalBatch(entries: [entries[0]]))
                let before = try await journal.everything()
                for (what, alter) in alterations {
                    for known in [0, 1, 3] {
                        var altered = entries
                        alter(&altered[known])
                        try await expectFailure(.conflict, "a merge with the \(what) of entry \(known) altered") {
                            try await journal.merge(JournalBatch(entries: altered))
                        }
                    }
                }
                try await journal.expectUnchanged(since: before, "refused merges")
                try expectEqual(try await journal.merge(JournalBatch(entries: entries)).added, 3, "the sound entries")
            },
            JournalLaw("a fork of an origin's chain is refused and named", .capability(.replication)) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 37)
                let trunk = try await foreign.entries(.numbered(0..<3), for: harness)
                var fork = ForeignOrigin(forking: foreign.origin, after: foreign.head)
                let left = try await foreign.entries(.numbered(3..<6), for: harness)
                let right = try await fork.entries(.numbered(13..<18), for: harness)
                _ = try await journal.merge(JournalBatch(entries: trunk + left))
                let before = try await journal.everything()
                for branch in [trunk + right, right, Array(right[3...])] {
                    let error = try await expectFailure(.conflict, "a merge of a fork") {
                        try await journal.merge(JournalBatch(entries: branch))
                    }
                    let isNamed = error.description.contains(foreign.origin.description)
                    try expect(isNamed, "'\(error)' does not name the origin \(foreign.origin)")
                }
                try await journal.expectUnchanged(since: before, "refused merges")
                try await journal.expectClean("after refused merges")
            },
            JournalLaw("entries of a journal's own origin that it lacks are a conflict", .capability(.replication)) {
                harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<3), to: "notes")
                let before = try await journal.everything()
                let origin = try await journal.onlyOrigin()
                let head = try require(await journal.frontier().heads[origin], "the head")
                // What a restored copy of this journal lacks: the original went on writing.
                var original = ForeignOrigin(forking: origin, after: head)
                let lost = try await original.entries(.numbered(3..<5), for: harness)
                for entries in [lost, before + lost] {
                    try await expectFailure(.conflict, "a merge of entries that this journal lost") {
                        try await journal.merge(JournalBatch(entries: entries))
                    }
                }
                try await journal.expectUnchanged(since: before, "refused merges")
            },
            JournalLaw("an id that an origin uses twice in a stream is a conflict", .capability(.replication)) {
                harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 39)
                let first = try await foreign.entries(.numbered(0..<2), for: harness)
                let again = try await foreign.entries([.numbered(2), .numbered(1, "again")], for: harness)
                try await expectFailure(.conflict, "a merge that has an id twice") {
                    try await journal.merge(JournalBatch(entries: first + again))
                }
                try await journal.expectUnchanged(since: [], "a refused merge")
                _ = try await journal.merge(JournalBatch(entries: first))
                let before = try await journal.everything()
                try await expectFailure(.conflict, "a merge of a known id") {
                    try await journal.merge(JournalBatch(entries: again))
                }
                try await journal.expectUnchanged(since: before, "a refused merge")
            },
            JournalLaw("a merged entry beyond the limits is refused", .capability(.replication)) { harness in
                let journal = try await harness.make()
                var drafts: [(what: String, draft: JournalEntry.Draft, stream: StreamName)] = [
                    ("without a stream", .numbered(1), ""),
                    ("without a kind", .numbered(1, kind: ""), "notes"),
                    (
                        "of a kind that is too long",
                        .numbered(1, kind: EntryKind(String(repeating: "k", count: EntryKind.maximumByteCount + 1))),
                        "notes"
                    ),
                ]
                let most = harness.capabilities.limit(.payloadBytes)
                if most <= reachableBytes {
                    let payload = String(repeating: "p", count: most + 1)
                    drafts.append(("of a payload that is too long", .numbered(1, payload), "notes"))
                }
                for (what, draft, stream) in drafts {
                    var foreign = ForeignOrigin(seed: 52)
                    let entry = try await foreign.entry(draft, in: stream, for: harness)
                    try await expectFailure(.invalidArgument, "a merge of an entry \(what)") {
                        try await journal.merge(JournalBatch(entries: [entry]))
                    }
                }
                try await journal.expectUnchanged(since: [], "refused merges")
            },
            JournalLaw("an error of a merge prints no payload", .capability(.replication)) { harness in
                let journal = try await harness.make()
                let marker = "the-payload-that-no-error-prints"
                var foreign = ForeignOrigin(seed: 38)
                var altered = try await foreign.entry(.numbered(1, marker), for: harness)
                altered.body = .payload(Array((marker + marker).utf8))
                let error = try await expectFailure(.conflict, "a merge of an altered payload") {
                    try await journal.merge(JournalBatch(entries: [altered]))
                }
                try expectDiscreet(error, effect: JournalEffect.name, hiding: marker)
            },
        ]
    }

    /// Ways to alter an entry that its hash must give away.
    private static var alterations: [(String, @Sendable (inout JournalEntry) -> Void)] {
        [
            ("payload", { $0.body = .payload(Array("altered".utf8)) }),
            ("kind", { $0.kind = "altered/1" }),
            ("stream", { $0.stream = "altered" }),
            ("id", { $0.id = .numbered(77) }),
            ("timestamp", { $0.timestamp = HybridTimestamp(rawValue: $0.timestamp.rawValue + 1) }),
            ("hash", { $0.hash = SHA256.hash($0.hash.bytes) }),
        ]
    }

    /// Lets three journals append, exchange at random, then all with all, and expects equal sets.
    private static func exchangeAtRandom(_ harness: any ConformanceHarness<Handler>, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let journals = [try await harness.make(), try await harness.make(), try await harness.make()]
        var number = 0
        for _ in 0..<40 {
            let target = journals[Int.random(in: 0..<3, using: &generator)]
            if generator.happens(0.6) {
                let count = Int.random(in: 1...3, using: &generator)
                let stream = StreamName("stream \(Int.random(in: 0..<3, using: &generator))")
                try await target.append(.numbered(number..<number + count), to: stream)
                number += count
            } else {
                let source = journals[Int.random(in: 0..<3, using: &generator)]
                let limit = Int.random(in: 1...10, using: &generator)
                _ = try await target.merge(source.entries(beyond: target.frontier(), limit: limit))
            }
        }
        var pairs = (0..<3).flatMap { target in (0..<3).map { (target, $0) } }
        pairs.shuffle(using: &generator)
        for (target, source) in pairs + pairs {
            let batch = try await journals[source].entries(beyond: journals[target].frontier(), limit: 1000)
            _ = try await journals[target].merge(batch)
        }
        try await expectSameEntries(journals)
        for journal in journals {
            let entries = try await journal.everything()
            try expectEqual(entries.count, number, "the entries with seed \(seed)")
            try await journal.expectClean("with seed \(seed)")
        }
        let contents = try await journals[0].everything().map(EntryContent.init)
        for journal in journals.dropFirst() {
            try expectEqual(Set(try await journal.everything().map(EntryContent.init)), Set(contents), "the contents")
        }
    }
}
