#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("What a journal on PostgreSQL holds")
struct JournalContentTests {
    @Test("payloads of all sizes come back as they were, in pages of bounded size")
    func sizes() async throws {
        let server = try LocalServer.shared
        try await server.withJournal(
            server.configuration(schema: server.newSchema(), changed: { $0.page = .kibibytes(512) })
        ) { journal in
            let sizes = [0, 1, 8191, 8192, 8193, 300_000, 1_048_576, 5, 8193, 16 * 1024 * 1024, 0, 9000]
            let drafts = sizes.enumerated()
                .map { index, size in
                    draft((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) })
                }
            try await journal.append(Array(drafts.prefix(9)), to: "notes")
            try await journal.append(Array(drafts.dropFirst(9)), to: "notes")
            #expect(try await allEntries(journal).map(\.payload) == drafts.map(\.payload))
            let first = try await journal.readAll(after: .start, limit: 100)
            // A page ends with the entry that fills it.
            #expect(first.count == 7)
            let backwards = try await journal.read("notes", from: nil, limit: 100, backwards: true)
            #expect(backwards.map(\.revision.rawValue) == [11, 10, 9])
            #expect(try await journal.entry("notes", id: drafts[9].id)?.payload == drafts[9].payload)
            #expect(try await journal.verify().isClean)
        }
    }

    @Test("pages of several chunks hold everything in order, forwards and backwards")
    func chunks() async throws {
        let server = try LocalServer.shared
        try await server.withJournal(in: server.newSchema()) { journal in
            for part in 0..<3 {
                try await journal.append((0..<1500).map { draft("\(part * 1500 + $0)") }, to: "notes")
                try await journal.append((0..<7).map { draft("other \($0)") }, to: "other")
            }
            let notes = (0..<4500).map { "\($0)" }
            func texts(_ entries: [JournalEntry]) -> [String] {
                entries.map { String(decoding: $0.payload ?? [], as: UTF8.self) }
            }
            for limit in [1, 511, 512, 513, 1536, 1537, 4499, 4500, 10_000] {
                let forwards = try await journal.read("notes", limit: limit)
                #expect(texts(forwards) == Array(notes.prefix(limit)))
                let backwards = try await journal.read("notes", from: nil, limit: limit, backwards: true)
                #expect(texts(backwards) == Array(notes.reversed().prefix(limit)))
                let all = try await journal.readAll(after: Position(rawValue: 3), limit: limit)
                #expect(all.map(\.position.rawValue) == (4...4521).prefix(limit).map { $0 })
                let batch = try await journal.entries(beyond: JournalFrontier(), limit: limit)
                #expect(batch.entries.map(\.sequence) == (1...4521).prefix(limit).map { $0 })
                #expect(batch.hasMore == (limit < 4521))
            }
        }
    }

    @Test("a row that is missing hides none behind it, and a verification misses it")
    func gap() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        try await server.withJournal(in: schema) { journal in
            try await journal.append((0..<3000).map { draft("\($0)") }, to: "notes")
            for position in [1, 700, 701, 2000] {
                try server.query("DELETE FROM \(schema).journal_entries WHERE position = \(position)")
            }
            #expect(try await allEntries(journal).count == 2996)
            #expect(try await allEntries(journal, pageSize: 600).count == 2996)
            let report = try await journal.verify()
            #expect(report.checkedEntries == 2996)
            #expect(report.problems.count >= 4)
        }
    }

    @Test("a head that is not that of the entries is found")
    func wrongHead() async throws {
        let server = try LocalServer.shared
        for change in ["position = position + 1", "sequence = sequence - 1", "clock = 0", "highest_id = NULL"] {
            let schema = server.newSchema()
            try await server.withJournal(in: schema) { journal in
                try await journal.append([draft(), draft()], to: "notes")
                #expect(try await journal.verify().isClean)
                try server.query("UPDATE \(schema).journal_head SET \(change)")
                #expect(try await journal.verify().problems.count == 1, "\(change)")
            }
        }
    }

    @Test("a merge of many entries of several origins goes in as it is")
    func largeMerge() async throws {
        let server = try LocalServer.shared
        try await server.withJournal(in: server.newSchema()) { source in
            for part in 0..<3 {
                try await source.append((0..<4000).map { draft("\(part) \($0)") }, to: StreamName("stream \(part)"))
                if part == 1 { try await source.adopt() }
            }
            try await server.withJournal(in: server.newSchema()) { target in
                try await target.append([draft()], to: "stream 0")
                var batch = JournalBatch(entries: [])
                while true {
                    let more = try await source.entries(beyond: frontier(of: batch), limit: 10_000)
                    batch.entries += more.entries
                    if !more.hasMore { break }
                }
                #expect(try await target.merge(batch) == MergeReceipt(added: 12_000, known: 0))
                #expect(try await target.merge(batch) == MergeReceipt(added: 0, known: 12_000))
                let stream = try await target.read("stream 0", limit: 10_000)
                #expect(stream.map(\.revision.rawValue) == (0...4000).map { $0 })
                try await target.append([draft()], to: "stream 2", expecting: .exactly(Revision(rawValue: 3999)))
                let report = try await target.verify()
                #expect(report.isClean, "\(report.problems)")
                #expect(report.checkedEntries == 12_002)
            }
        }
    }

    private func frontier(of batch: JournalBatch) -> JournalFrontier {
        var frontier = JournalFrontier()
        for entry in batch.entries {
            frontier.heads[entry.origin] = JournalFrontier.Head(sequence: entry.sequence, hash: entry.hash)
        }
        return frontier
    }
}
#endif
