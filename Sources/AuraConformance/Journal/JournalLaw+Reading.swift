internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var reading: [JournalLaw] {
        [
            JournalLaw("a stream is read forwards and backwards from any revision") { harness in
                let journal = try await harness.make()
                for number in 0..<10 {
                    try await journal.append([.numbered(number)], to: "notes")
                    try await journal.append([.numbered(100 + number)], to: "noise")
                }
                func revisions(_ from: UInt64?, _ limit: Int, _ backwards: Bool) async throws -> [UInt64] {
                    let from = from.map { Revision(rawValue: $0) }
                    let entries = try await journal.read("notes", from: from, limit: limit, backwards: backwards)
                    for entry in entries {
                        let id = EntryID.numbered(Int(entry.revision.rawValue))
                        try expectEqual(entry.id, id, "the id at revision \(entry.revision)")
                    }
                    return entries.map(\.revision.rawValue)
                }
                try expectEqual(try await revisions(nil, 3, false), [0, 1, 2], "forwards from the first")
                try expectEqual(try await revisions(0, 3, false), [0, 1, 2], "forwards from 0")
                try expectEqual(try await revisions(4, 2, false), [4, 5], "forwards from 4")
                try expectEqual(try await revisions(8, 5, false), [8, 9], "forwards to the end")
                try expectEqual(try await revisions(10, 5, false), [], "forwards from the end")
                try expectEqual(try await revisions(.max, 5, false), [], "forwards from beyond the end")
                try expectEqual(try await revisions(nil, 3, true), [9, 8, 7], "backwards from the last")
                try expectEqual(try await revisions(9, 1, true), [9], "backwards from 9")
                try expectEqual(try await revisions(2, 5, true), [2, 1, 0], "backwards to the first")
                try expectEqual(try await revisions(0, 5, true), [0], "backwards from 0")
            },
            JournalLaw("a read backwards from beyond the end begins at the last entry") { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<3), to: "notes")
                for from: UInt64 in [3, 50, .max] {
                    let entries = try await journal.read(
                        "notes",
                        from: Revision(rawValue: from),
                        limit: 2,
                        backwards: true
                    )
                    try expectEqual(entries.map(\.revision.rawValue), [2, 1], "backwards from \(from)")
                }
            },
            JournalLaw("a read returns no more than its limit, and less only at the end or the page limit") { harness in
                let journal = try await harness.make()
                let page = harness.capabilities.limit(.pageElements)
                try await journal.append(.numbered(0..<20), to: "notes")
                for limit in [1, 2, 7, 19, 20, 21, 1000, .max] {
                    let expected = min(limit, 20, page)
                    let forwards = try await journal.read("notes", limit: limit)
                    try expectEqual(forwards.count, expected, "the entries read with limit \(limit)")
                    let backwards = try await journal.read("notes", from: nil, limit: limit, backwards: true)
                    try expectEqual(backwards.count, expected, "the entries read backwards with limit \(limit)")
                    let all = try await journal.readAll(after: .start, limit: limit)
                    try expectEqual(all.count, expected, "all entries read with limit \(limit)")
                }
            },
            JournalLaw("a larger request gets a page of the declared size", .limit(.pageElements, atMost: 20_000)) {
                harness in
                let journal = try await harness.make()
                let page = harness.capabilities.limit(.pageElements)
                let step = min(500, harness.capabilities.limit(.appendEntries))
                for start in stride(from: 0, to: page + 1, by: step) {
                    try await journal.append(.numbered(start..<min(start + step, page + 1)), to: "notes")
                }
                let read = try await journal.read("notes", limit: .max)
                let readAll = try await journal.readAll(after: .start, limit: page + 1)
                try expectEqual(read.count, page, "the page of a stream")
                try expectEqual(readAll.count, page, "the page of all entries")
                try expectEqual(try await journal.wholeStream("notes", pageSize: .max).count, page + 1, "the pages")
            },
            JournalLaw("all entries are read in the order of positions, after a position") { harness in
                let journal = try await harness.make()
                for number in 0..<12 {
                    try await journal.append([.numbered(number)], to: StreamName("stream \(number % 3)"))
                }
                let entries = try await journal.everything(pageSize: 5)
                try expectOrderly(entries)
                try expectEqual(entries.map(\.id), (0..<12).map { .numbered($0) }, "the ids in the order of commits")
                for (index, entry) in entries.enumerated() {
                    let rest = try await journal.readAll(after: entry.position, limit: 100)
                    try expectEqual(rest, Array(entries[(index + 1)...]), "the entries after \(entry.position)")
                }
                let beyond = try await journal.readAll(after: Position(rawValue: UInt64(Int64.max)), limit: 10)
                try expectEqual(beyond, [], "the entries after the last possible position")
            },
            JournalLaw("a limit below 1 is refused") { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                for limit in [0, -1, .min] {
                    try await expectFailure(.invalidArgument, "a read with limit \(limit)") {
                        try await journal.read("notes", limit: limit)
                    }
                    try await expectFailure(.invalidArgument, "a read backwards with limit \(limit)") {
                        try await journal.read("notes", from: nil, limit: limit, backwards: true)
                    }
                    try await expectFailure(.invalidArgument, "a read of all with limit \(limit)") {
                        try await journal.readAll(after: .start, limit: limit)
                    }
                }
            },
        ]
    }
}
