internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var refusals: [JournalLaw] {
        [
            JournalLaw("an empty stream name and an empty kind are refused") { harness in
                let journal = try await harness.make()
                try await expectFailure(.invalidArgument, "an append to a stream without a name") {
                    try await journal.append([.numbered(1)], to: "")
                }
                try await expectFailure(.invalidArgument, "an append of an entry without a kind") {
                    try await journal.append([.numbered(1, kind: "")], to: "notes")
                }
                try await journal.expectUnchanged(since: [], "refused appends")
            },
            JournalLaw("every operation on a stream refuses one without a name") { harness in
                let journal = try await harness.make()
                try await expectFailure(.invalidArgument, "a read") { try await journal.read("", limit: 1) }
                try await expectFailure(.invalidArgument, "a read backwards") {
                    try await journal.read("", from: nil, limit: 1, backwards: true)
                }
                try await expectFailure(.invalidArgument, "an entry") { try await journal.entry("", id: .numbered(1)) }
                let capabilities = harness.capabilities
                if capabilities.contains(.snapshots) {
                    try await expectFailure(.invalidArgument, "a snapshot") { try await journal.latestSnapshot(of: "") }
                    let snapshot = JournalSnapshot(stream: "", revision: .first, state: [])
                    try await expectFailure(.invalidArgument, "saving a snapshot") {
                        try await journal.saveSnapshot(snapshot)
                    }
                }
                if capabilities.contains(.compaction) {
                    try await expectFailure(.invalidArgument, "a compaction") {
                        try await journal.compact("", before: .first)
                    }
                }
            },
            JournalLaw("a kind of \(EntryKind.maximumByteCount) bytes is taken, and a longer one refused") { harness in
                let journal = try await harness.make()
                let longest = EntryKind(String(repeating: "k", count: EntryKind.maximumByteCount))
                try await journal.append([.numbered(1, kind: longest)], to: "notes")
                let before = try await journal.everything()
                try expectEqual(before.map(\.kind), [longest], "the longest kind")
                // As many letters, but more bytes.
                for text in [longest.text + "k", String(repeating: "é", count: 128)] {
                    try await expectFailure(.invalidArgument, "a kind of \(text.utf8.count) bytes") {
                        try await journal.append([.numbered(2, kind: EntryKind(text))], to: "notes")
                    }
                }
                try await journal.expectUnchanged(since: before, "refused appends")
            },
            JournalLaw("a stream name is taken up to its limit", .limit(.streamNameBytes, atMost: reachableBytes)) {
                harness in
                let journal = try await harness.make()
                let limit = harness.capabilities.limit(.streamNameBytes)
                let longest = String(repeating: "s", count: limit)
                try await journal.append([.numbered(1)], to: StreamName(longest))
                try await expectFailure(.invalidArgument, "a stream name of \(limit + 1) bytes") {
                    try await journal.append([.numbered(2)], to: StreamName(longest + "s"))
                }
                try expectEqual(try await journal.everything().count, 1, "the entries")
            },
            JournalLaw("a payload is taken up to its limit", .limit(.payloadBytes, atMost: reachableBytes)) { harness in
                let journal = try await harness.make()
                let limit = harness.capabilities.limit(.payloadBytes)
                func draft(_ number: Int, _ count: Int) -> JournalEntry.Draft {
                    JournalEntry.Draft(
                        id: .numbered(number),
                        kind: "bytes/1",
                        payload: Array(repeating: 7, count: count)
                    )
                }
                try await journal.append([draft(1, limit)], to: "notes")
                try await expectFailure(.invalidArgument, "a payload of \(limit + 1) bytes") {
                    try await journal.append([draft(2, 1), draft(3, limit + 1)], to: "notes")
                }
                let entry = try await journal.entry("notes", id: .numbered(1))
                try expectEqual(entry?.payload?.count, limit, "the bytes of the largest payload")
                try expectEqual(try await journal.everything().count, 1, "the entries")
            },
            JournalLaw("an append takes entries up to its limit", .limit(.appendEntries, atMost: 100_000)) { harness in
                let journal = try await harness.make()
                let limit = harness.capabilities.limit(.appendEntries)
                try await expectFailure(.invalidArgument, "an append of \(limit + 1) entries") {
                    try await journal.append(.numbered(0..<limit + 1), to: "notes")
                }
                try await expectFailure(.invalidArgument, "an append of \(limit + 1) entries to two streams") {
                    try await journal.append([
                        StreamAppend(.numbered(0..<limit), to: "notes"), StreamAppend([.numbered(0)], to: "other"),
                    ])
                }
                try await journal.expectUnchanged(since: [], "refused appends")
                let receipt = try await journal.append(.numbered(0..<limit), to: "notes")
                try expectEqual(receipt.items.count, limit, "the items of the largest append's receipt")
            },
            JournalLaw(
                "an error of a snapshot or a compaction prints no state",
                .capability(.snapshots),
                .capability(.compaction)
            ) { harness in
                let journal = try await harness.make()
                let marker = "the-state-that-no-error-prints"
                func snapshot(_ revision: UInt64) -> JournalSnapshot {
                    JournalSnapshot(stream: "notes", revision: Revision(rawValue: revision), state: Array(marker.utf8))
                }
                try await journal.append((0..<4).map { .numbered($0, marker) }, to: "notes")
                var errors = [
                    try await expectFailure(.invalidArgument, "a snapshot beyond the end") {
                        try await journal.saveSnapshot(snapshot(99))
                    },
                    try await expectFailure(.preconditionFailed, "a compaction that no snapshot covers") {
                        try await journal.compact("notes", before: Revision(rawValue: 2))
                    },
                ]
                try await journal.saveSnapshot(snapshot(3))
                try await journal.compact("notes", before: Revision(rawValue: 2))
                errors += [
                    try await expectFailure(.preconditionFailed, "a snapshot of a lower revision") {
                        try await journal.saveSnapshot(snapshot(2))
                    },
                    try await expectFailure(.compacted, "a read below a compaction") {
                        try await journal.read("notes", limit: 1)
                    },
                    try await expectFailure(.compacted, "a compacted entry") {
                        try await journal.entry("notes", id: .numbered(1))
                    },
                ]
                for error in errors {
                    try expectDiscreet(error, effect: JournalEffect.name, hiding: marker)
                    try expect(!error.isRetryable, "'\(error)' says that trying again may help")
                }
            },
            JournalLaw("an error prints no payload and says where it comes from") { harness in
                let journal = try await harness.make()
                let marker = "the-payload-that-no-error-prints"
                let other = JournalEntry.Draft.numbered(1, marker + marker)
                try await journal.append([.numbered(1, marker)], to: "notes")
                let errors = [
                    try await expectFailure(.preconditionFailed, "a failed expectation") {
                        try await journal.append([.numbered(2, marker)], to: "notes", expecting: .empty)
                    },
                    try await expectFailure(.conflict, "other content under a known id") {
                        try await journal.append([other], to: "notes")
                    },
                    try await expectFailure(.conflict, "a partly known append") {
                        try await journal.append([.numbered(1, marker), .numbered(3, marker)], to: "notes")
                    },
                    try await expectFailure(.invalidArgument, "an id that occurs twice") {
                        try await journal.append([.numbered(4, marker), .numbered(4, marker)], to: "notes")
                    },
                    try await expectFailure(.invalidArgument, "a stream without a name") {
                        try await journal.append([.numbered(5, marker)], to: "")
                    },
                    try await expectFailure(.invalidArgument, "a limit of zero") {
                        try await journal.read("notes", limit: 0)
                    },
                ]
                for error in errors {
                    try expectDiscreet(error, effect: JournalEffect.name, hiding: marker)
                    try expect(!error.isRetryable, "'\(error)' says that trying again may help")
                }
            },
        ]
    }
}
