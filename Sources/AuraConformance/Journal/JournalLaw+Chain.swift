internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var chain: [JournalLaw] {
        [
            JournalLaw("every entry carries its origin, that origin's sequence without gaps, and the chained hash") {
                harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "a")
                _ = try await journal.append([
                    StreamAppend(.numbered(5..<7), to: "b"), StreamAppend([.numbered(7)], to: "a"),
                ])
                _ = try await concurrently(4) { task in
                    for turn in 0..<5 {
                        try await journal.append([.numbered(100 + task * 5 + turn)], to: StreamName("s\(task)"))
                    }
                }
                let entries = try await journal.everything()
                try expectEqual(entries.map(\.sequence), (1...28).map { UInt64($0) }, "the sequences")
                try expectEqual(Set(entries.map(\.origin)).count, 1, "the number of origins")
                try expectChained(entries)
            },
            JournalLaw("the frontier is the last sequence and hash of each origin") { harness in
                let journal = try await harness.make()
                var roots: [SHA256Digest] = [try await journal.frontier().rootHash]
                for number in 0..<5 {
                    try await journal.append([.numbered(number)], to: StreamName("stream \(number % 2)"))
                    let last = try require(await journal.everything().last, "the last entry")
                    let frontier = try await journal.frontier()
                    let head = JournalFrontier.Head(sequence: last.sequence, hash: last.hash)
                    try expectEqual(frontier.heads, [last.origin: head], "the frontier")
                    roots.append(frontier.rootHash)
                }
                try expectEqual(Set(roots).count, roots.count, "the different root hashes")
            },
            JournalLaw("journals made independently have different origins") { harness in
                let first = try await harness.make()
                let second = try await harness.make()
                try await first.append([.numbered(1)], to: "notes")
                try expectEqual(try await second.everything(), [], "the entries of the other journal")
                try await second.append([.numbered(1)], to: "notes")
                let origins = [try await first.onlyOrigin(), try await second.onlyOrigin()]
                try expect(origins[0] != origins[1], "both journals have the origin \(origins[0])")
            },
            JournalLaw("a verification counts every entry and finds nothing wrong in a sound journal") { harness in
                let journal = try await harness.make()
                for number in 0..<30 {
                    try await journal.append([.numbered(number)], to: StreamName("stream \(number % 7)"))
                }
                try await journal.expectClean("in a sound journal")
                try expectEqual(try await journal.verify().checkedEntries, 30, "the entries verified")
            },
            JournalLaw("a damaged payload is read as corrupted, and what precedes it as it was", .ability(.damage)) {
                harness in
                let sound = try await harness.make()
                for number in 0..<6 {
                    let draft = JournalEntry.Draft.numbered(number, "a payload that can be damaged, number \(number)")
                    try await sound.append([draft], to: "notes")
                }
                let entries = try await sound.everything()
                let damaging = try require(harness as? any JournalDamagingHarness, "a harness that can damage")
                let journal = try await damaging.damage(sound, .payload, of: entries[3])
                try await expectFailure(.corrupted, "a read of the damaged entry") {
                    try await journal.read("notes", from: Revision(rawValue: 3), limit: 1)
                }
                try await expectFailure(.corrupted, "a read backwards over the damaged entry") {
                    try await journal.read("notes", from: nil, limit: 4, backwards: true)
                }
                try await expectFailure(.corrupted, "the damaged entry by its id") {
                    try await journal.entry("notes", id: .numbered(3))
                }
                try await expectFailure(.corrupted, "a read of all from the damaged entry on") {
                    try await journal.readAll(after: entries[2].position, limit: 3)
                }
                try await within(Patience.step, "a subscription from the damaged entry on") {
                    _ = try await expectFailure(.corrupted, "a subscription from the damaged entry on") {
                        var delivered = journal.subscribe(after: entries[2].position).makeAsyncIterator()
                        return try await delivered.next()
                    }
                }
                try expectEqual(try await journal.read("notes", limit: 3), Array(entries[..<3]), "what precedes it")
            },
        ] + JournalEntryPart.allCases.map(damageIsFound)
    }

    private static func damageIsFound(in part: JournalEntryPart) -> JournalLaw {
        JournalLaw("a verification finds a damaged \(part.rawValue)", .ability(.damage)) {
            harness in
            for damaged in [0, 4, 9] {
                let sound = try await harness.make()
                for number in 0..<10 {
                    let draft = JournalEntry.Draft.numbered(number, "a payload that can be damaged, number \(number)")
                    try await sound.append([draft], to: "notes")
                }
                let entries = try await sound.everything()
                let damaging = try require(harness as? any JournalDamagingHarness, "a harness that can damage")
                let journal = try await damaging.damage(sound, part, of: entries[damaged])
                switch await outcome(of: { try await journal.verify() }) {
                case .success(let report):
                    try expect(!report.isClean, "a verification finds nothing wrong with entry \(damaged)")
                    let isBounded = report.problems.count <= VerificationReport.maximumProblemCount
                    try expect(isBounded, "the report lists \(report.problems.count) problems")
                case .failure(let error):
                    try expectEqual((error as? EffectError)?.code, .corrupted, "the failure of the verification")
                }
            }
        }
    }
}

/// Fails unless each origin's sequences are 1, 2, 3 … and every hash follows from the one before.
func expectChained(_ entries: [JournalEntry], fileID: String = #fileID, line: Int = #line) throws {
    for (origin, entries) in Dictionary(grouping: entries, by: \.origin) {
        var head = JournalFrontier.Head(sequence: 0, hash: .zero)
        for entry in entries.sorted(by: { $0.sequence < $1.sequence }) {
            let place = "of origin \(origin) after \(head.sequence)"
            try expectEqual(entry.sequence, head.sequence + 1, "the sequence \(place)", fileID: fileID, line: line)
            let hash = entry.header.hash(previous: head.hash, payload: entry.payloadDigest)
            try expectEqual(entry.hash, hash, "the hash \(place)", fileID: fileID, line: line)
            head = JournalFrontier.Head(sequence: entry.sequence, hash: hash)
        }
    }
}
