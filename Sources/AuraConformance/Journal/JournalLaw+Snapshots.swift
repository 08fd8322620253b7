internal import AuraEffects

extension Law where Handler == any JournalEffects {
    static var snapshots: [JournalLaw] {
        [
            JournalLaw("a stream without a snapshot has none", .capability(.snapshots)) { harness in
                let journal = try await harness.make()
                try expectEqual(try await journal.latestSnapshot(of: "notes"), nil, "the snapshot")
                try await journal.append([.numbered(1)], to: "notes")
                try expectEqual(try await journal.latestSnapshot(of: "notes"), nil, "the snapshot")
            },
            JournalLaw("the latest snapshot of a stream is the last one saved", .capability(.snapshots)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "notes")
                try await journal.append(.numbered(5..<7), to: "other")
                for (revision, state) in [(0, []), (2, [2]), (5, [5, 5]), (5, [6, 6])] as [(UInt64, [UInt8])] {
                    let revision = Revision(rawValue: revision)
                    try await journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: revision, state: state))
                    let latest = try require(await journal.latestSnapshot(of: "notes"), "the snapshot")
                    try expectEqual(latest.stream, "notes", "the snapshot's stream")
                    try expectEqual(latest.revision, revision, "the snapshot's revision")
                    try expectEqual(latest.state, state, "the snapshot's state")
                }
                try expectEqual(try await journal.latestSnapshot(of: "other"), nil, "another stream's snapshot")
                try await journal.expectClean("with a snapshot")
            },
            JournalLaw("a snapshot covers its entries' origins and sequences", .capability(.snapshots)) { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(0)], to: "noise")
                try await journal.append(.numbered(1..<4), to: "notes")
                try await journal.append([.numbered(4)], to: "noise")
                try await journal.append([.numbered(5)], to: "notes")
                let origin = try await journal.onlyOrigin()
                let expected: [(UInt64, [OriginID: UInt64])] = [
                    (0, [:]), (1, [origin: 2]), (3, [origin: 4]), (4, [origin: 6]),
                ]
                for (revision, covers) in expected {
                    // What the caller claims to cover is of no importance.
                    let claimed = JournalSnapshot(
                        stream: "notes",
                        revision: Revision(rawValue: revision),
                        state: [],
                        covers: [origin: 99, OriginID(rawValue: 5): 7]
                    )
                    try await journal.saveSnapshot(claimed)
                    let latest = try require(await journal.latestSnapshot(of: "notes"), "the snapshot")
                    try expectEqual(latest.covers, covers, "what the snapshot at \(revision) covers")
                }
            },
            JournalLaw(
                "a snapshot covers the entries of every origin in its stream",
                .capability(.snapshots),
                .capability(.replication)
            ) { harness in
                let journal = try await harness.make()
                var foreign = ForeignOrigin(seed: 17)
                try await journal.append([.numbered(0)], to: "notes")
                let own = try await journal.onlyOrigin()
                let batch =
                    try await foreign.entries(.numbered(1..<3), in: "noise", for: harness)
                    + foreign.entries(.numbered(3..<5), for: harness)
                _ = try await journal.merge(JournalBatch(entries: batch))
                let end = Revision(rawValue: 3)
                try await journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: []))
                let latest = try require(await journal.latestSnapshot(of: "notes"), "the snapshot")
                try expectEqual(latest.covers, [own: 1, foreign.origin: 4], "what the snapshot covers")
            },
            JournalLaw("a snapshot beyond the stream's end is refused", .capability(.snapshots)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<2), to: "notes")
                for (stream, revision) in [("notes", 3), ("notes", .max), ("other", 1)] as [(StreamName, UInt64)] {
                    let revision = Revision(rawValue: revision)
                    try await expectFailure(.invalidArgument, "a snapshot at revision \(revision) of \(stream)") {
                        try await journal.saveSnapshot(JournalSnapshot(stream: stream, revision: revision, state: []))
                    }
                    try expectEqual(try await journal.latestSnapshot(of: stream), nil, "the snapshot")
                }
            },
            JournalLaw("a snapshot does not replace one of a higher revision", .capability(.snapshots)) { harness in
                let journal = try await harness.make()
                try await journal.append(.numbered(0..<5), to: "notes")
                func snapshot(_ revision: UInt64, _ state: [UInt8]) -> JournalSnapshot {
                    JournalSnapshot(stream: "notes", revision: Revision(rawValue: revision), state: state)
                }
                try await journal.saveSnapshot(snapshot(4, [4]))
                for lower: UInt64 in [0, 3] {
                    try await expectFailure(.preconditionFailed, "a snapshot at revision \(lower)") {
                        try await journal.saveSnapshot(snapshot(lower, [1]))
                    }
                }
                try expectEqual(try await journal.latestSnapshot(of: "notes")?.state, [4], "the snapshot's state")
            },
            JournalLaw(
                "a snapshot is taken up to its limit",
                .capability(.snapshots),
                .limit(.snapshotBytes, atMost: reachableBytes)
            ) { harness in
                let journal = try await harness.make()
                try await journal.append([.numbered(1)], to: "notes")
                let limit = harness.capabilities.limit(.snapshotBytes)
                func snapshot(_ count: Int) -> JournalSnapshot {
                    let state = Array(repeating: UInt8(9), count: count)
                    return JournalSnapshot(stream: "notes", revision: Revision(rawValue: 1), state: state)
                }
                try await journal.saveSnapshot(snapshot(limit))
                try await expectFailure(.invalidArgument, "a snapshot of \(limit + 1) bytes") {
                    try await journal.saveSnapshot(snapshot(limit + 1))
                }
                let state = try await journal.latestSnapshot(of: "notes")?.state
                try expectEqual(state?.count, limit, "the bytes of the largest snapshot")
            },
        ]
    }
}
