internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var ids: [JournalLaw] {
        [
            JournalLaw("an append repeated by its ids changes nothing and returns the first receipt") { harness in
                let journal = try await harness.make()
                let first = try await journal.append(.numbered(0..<3), to: "notes", expecting: .empty)
                try await journal.append([.numbered(3)], to: "notes")
                let before = try await journal.everything()
                let expectations: [ExpectedRevision] = [.empty, .any, .exactly(Revision(rawValue: 9))]
                for stale in expectations {
                    let again = try await expectSuccess("the append repeated with the expectation \(stale)") {
                        try await journal.append(.numbered(0..<3), to: "notes", expecting: stale)
                    }
                    try expectEqual(again, first, "the receipt of the append repeated with the expectation \(stale)")
                }
                let part = try await journal.append([.numbered(1)], to: "notes")
                try expectEqual(part.items, [first.items[1]], "the receipt of a part of the append")
                try await journal.expectUnchanged(since: before, "repeated appends")
            },
            JournalLaw("an append to several streams repeated by its ids returns the first receipts") { harness in
                let journal = try await harness.make()
                let appends = [
                    StreamAppend([.numbered(1)], to: "b", expecting: .empty),
                    StreamAppend(.numbered(2..<4), to: "a", expecting: .empty),
                ]
                let first = try await journal.append(appends)
                let before = try await journal.everything()
                try expectEqual(try await journal.append(appends), first, "the receipts of the repeated append")
                try await journal.expectUnchanged(since: before, "a repeated append")
            },
            JournalLaw("concurrent appends of the same draft append it once") { harness in
                let journal = try await harness.make()
                let receipts = try await concurrently(16) { _ in
                    try await journal.append([.numbered(1)], to: "notes", expecting: .empty)
                }
                try expectEqual(Set(receipts).count, 1, "the different receipts")
                try expectEqual(try await journal.everything().count, 1, "the entries")
            },
            JournalLaw("a known id with other content is a conflict") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let before = try await journal.everything()
                let others = [
                    JournalEntry.Draft.numbered(1, "other payload"), .numbered(1, kind: "other/1"), .numbered(1, ""),
                ]
                for other in others {
                    try await expectFailure(.conflict, "other content under a known id") {
                        try await journal.append([other], to: "notes", expecting: .any)
                    }
                    try await expectFailure(.conflict, "other content under a known id, with a stale expectation") {
                        try await journal.append([other], to: "notes", expecting: .empty)
                    }
                }
                try await journal.expectUnchanged(since: before, "conflicting appends")
            },
            JournalLaw("an append of which only some ids are known is a conflict") { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<2), to: "notes")
                let before = try await journal.everything()
                let mixed: [[StreamAppend]] = [
                    [StreamAppend(.numbered(1..<3), to: "notes")],
                    [StreamAppend([.numbered(2), .numbered(0)], to: "notes")],
                    [StreamAppend([.numbered(0)], to: "notes"), StreamAppend([.numbered(5)], to: "other")],
                    [StreamAppend([.numbered(5)], to: "other"), StreamAppend([.numbered(0)], to: "notes")],
                ]
                for appends in mixed {
                    try await expectFailure(.conflict, "an append of known and unknown ids") {
                        try await journal.append(appends)
                    }
                }
                try await journal.expectUnchanged(since: before, "conflicting appends")
            },
            JournalLaw("the same id in another stream is another entry") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                try await journal.append([.numbered(1, "other")], to: "other", expecting: .empty)
                _ = try await journal.append([
                    StreamAppend([.numbered(2)], to: "third"), StreamAppend([.numbered(2)], to: "fourth"),
                ])
                try expectEqual(try await journal.everything().count, 4, "the entries")
                let other = try await journal.entry("other", id: .numbered(1))
                try expectEqual(other?.payload, Array("other".utf8), "the other stream's entry")
            },
            JournalLaw("an id or a stream that occurs twice in an append is refused") { harness in
                let journal = try await harness.make()
                try await expectFailure(.invalidArgument, "an id that occurs twice") {
                    try await journal.append([.numbered(1), .numbered(2), .numbered(1)], to: "notes")
                }
                try await expectFailure(.invalidArgument, "a stream that occurs twice") {
                    try await journal.append([
                        StreamAppend([.numbered(1)], to: "notes"), StreamAppend([.numbered(2)], to: "notes"),
                    ])
                }
                try await journal.expectUnchanged(since: [], "refused appends")
            },
            JournalLaw("an entry is found by its stream and id") { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<20), to: "notes")
                try await journal.append(.numbered(20..<25), to: "other")
                for entry in try await journal.everything() {
                    let found = try await journal.entry(entry.stream, id: entry.id)
                    try expectEqual(found, entry, "the entry found by its id")
                }
                try expectEqual(try await journal.entry("notes", id: .numbered(21)), nil, "another stream's id")
                try expectEqual(try await journal.entry("notes", id: .numbered(99)), nil, "an unknown id")
            },
        ]
    }
}
