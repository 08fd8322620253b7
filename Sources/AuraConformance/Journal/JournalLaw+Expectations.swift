internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var expectations: [JournalLaw] {
        [
            JournalLaw("an append goes through where its expectation holds") { harness in
                let journal = try await harness.make()
                let met: [(StreamName, ExpectedRevision, Range<Int>)] = [
                    ("notes", .empty, 0..<2), ("notes", .exactly(Revision(rawValue: 1)), 2..<3), ("notes", .any, 3..<4),
                    ("other", .any, 4..<5), ("other", .exactly(.first), 5..<7),
                ]
                for (stream, expectation, numbers) in met {
                    try await expectSuccess("an append to \(stream) expecting \(expectation)") {
                        try await journal.append(.numbered(numbers), to: stream, expecting: expectation)
                    }
                }
                try expectEqual(try await journal.wholeStream("notes").count, 4, "the entries")
            },
            JournalLaw("an append fails and leaves nothing where its expectation does not hold") { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<2), to: "notes")
                let before = try await journal.everything()
                let frontier = try await journal.frontier()
                let unmet: [(StreamName, ExpectedRevision)] = [
                    ("notes", .empty), ("notes", .exactly(.first)), ("notes", .exactly(Revision(rawValue: 2))),
                    ("notes", .exactly(Revision(rawValue: .max))), ("other", .exactly(.first)),
                ]
                for (number, (stream, expectation)) in unmet.enumerated() {
                    try await expectFailure(.preconditionFailed, "expecting \(expectation) of \(stream)") {
                        try await journal.append([.numbered(10 + number)], to: stream, expecting: expectation)
                    }
                }
                try await journal.expectUnchanged(since: before, "failed appends")
                try expectEqual(try await journal.frontier(), frontier, "the frontier after failed appends")
                try await journal.append([.numbered(10)], to: "notes")
                try await journal.expectClean("after failed appends")
            },
            JournalLaw("an append to several streams is all or nothing") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "b")
                let before = try await journal.everything()
                try await expectFailure(.preconditionFailed, "an append of which one expectation fails") {
                    try await journal.append([
                        StreamAppend([.numbered(2)], to: "a", expecting: .empty),
                        StreamAppend([.numbered(3)], to: "b", expecting: .empty),
                        StreamAppend([.numbered(4)], to: "c", expecting: .empty),
                    ])
                }
                try await journal.expectUnchanged(since: before, "an append of which one expectation failed")
                for id in 2..<5 {
                    for stream: StreamName in ["a", "b", "c"] {
                        let entry = try await journal.entry(stream, id: .numbered(id))
                        try expectEqual(entry, nil, "an entry of the failed append")
                    }
                }
            },
            JournalLaw("of concurrent appends with the same expectation exactly one goes through") { harness in
                let journal = try await harness.make()
                for round in 0..<5 {
                    let expectation: ExpectedRevision =
                        round == 0 ? .empty : .exactly(Revision(rawValue: UInt64(round - 1)))
                    let results = try await concurrently(16) { number in
                        await outcome {
                            try await journal.append(
                                [.numbered(round * 16 + number)],
                                to: "contended",
                                expecting: expectation
                            )
                        }
                    }
                    let winners = results.compactMap { try? $0.get() }
                    try expectEqual(winners.count, 1, "how many of 16 appends went through")
                    for case .failure(let error) in results {
                        try expectEqual((error as? EffectError)?.code, .preconditionFailed, "the failure of the others")
                    }
                    let entries = try await journal.wholeStream("contended")
                    try expectEqual(entries.last?.id, winners.first?.ids.first, "the entry that went through")
                    try expectEqual(entries.count, round + 1, "the entries")
                }
            },
            JournalLaw("concurrent appends are each judged on their own") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1000)], to: "stale")
                let results = try await concurrently(60) { number in
                    await outcome {
                        switch number % 3 {
                        case 0: try await journal.append([.numbered(number)], to: StreamName("good \(number % 4)"))
                        case 1: try await journal.append([.numbered(number)], to: "stale", expecting: .empty)
                        default:
                            try await
                                journal.append([
                                    StreamAppend([.numbered(number)], to: "many"),
                                    StreamAppend([.numbered(1000), .numbered(1000)], to: "twice"),
                                ])[0]
                        }
                    }
                }
                for (number, result) in results.enumerated() {
                    switch (number % 3, result) {
                    case (0, .success), (1, .failure), (2, .failure): break
                    default: try expect(false, "append \(number) ended as \(result)")
                    }
                }
                let entries = try await journal.everything()
                try expectOrderly(entries)
                let expected = Set((0..<60).filter { $0 % 3 == 0 }.map { EntryID.numbered($0) } + [.numbered(1000)])
                try expectEqual(Set(entries.map(\.id)), expected, "the ids that went through")
                try expectEqual(entries.count, expected.count, "the entries")
                try await journal.expectClean("after mixed concurrent appends")
            },
        ]
    }
}
