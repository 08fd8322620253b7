#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import Testing

@Suite("A journal that several processes write")
struct ContentionTests {
    @Test("two handlers that append at once leave no gap and repeat nothing")
    func twoWriters() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        try await server.withJournal(in: schema) { first in
            try await server.withJournal(in: schema) { second in
                let receipts = try await withThrowingTaskGroup(of: [AppendReceipt].self) { group in
                    for task in 0..<12 {
                        group.addTask {
                            var receipts: [AppendReceipt] = []
                            for turn in 0..<40 {
                                let journal = task % 2 == 0 ? first : second
                                let drafts = (0...turn % 3).map { _ in draft() }
                                receipts.append(try await journal.append(drafts, to: StreamName("s \(task % 5)")))
                            }
                            return receipts
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                let entries = try await allEntries(second)
                let items = receipts.flatMap { receipt in receipt.items.map { (receipt.stream, $0) } }
                #expect(entries.map(\.position.rawValue) == (1...UInt64(items.count)).map { $0 })
                for (stream, item) in items {
                    let entry = entries[Int(item.position.rawValue) - 1]
                    #expect(entry.stream == stream && entry.id == item.id && entry.revision == item.revision)
                }
                let report = try await first.verify()
                #expect(report.isClean, "\(report.problems)")
            }
        }
    }

    @Test("an expectation is judged upon what another handler has just written")
    func freshJudgement() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        try await server.withJournal(in: schema) { first in
            try await server.withJournal(in: schema) { second in
                try await first.append([draft()], to: "notes")
                let mine = draft("mine")
                try await second.append([mine], to: "notes")
                // What this one knows is that the stream ends at revision 0.
                try await first.append([draft()], to: "notes", expecting: .exactly(Revision(rawValue: 1)))
                try await second.append([draft()], to: "notes", expecting: .exactly(Revision(rawValue: 2)))
                let refused = await thrownError { () async throws(EffectError) in
                    try await first.append([draft()], to: "notes", expecting: .exactly(Revision(rawValue: 2)))
                }
                #expect(refused?.code == .preconditionFailed)
                let again = try await first.append([mine], to: "notes", expecting: .empty)
                #expect(again.items.map(\.revision) == [Revision(rawValue: 1)])
                #expect(try await allEntries(first).count == 4)
            }
        }
    }

    @Test("the same append by two handlers at once is there once")
    func sameAppend() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        try await server.withJournal(in: schema) { first in
            try await server.withJournal(in: schema) { second in
                for turn in 0..<20 {
                    let same = draft("turn \(turn)")
                    async let one = first.append([same], to: "notes")
                    async let other = second.append([same], to: "notes")
                    let receipts = try await [one, other]
                    #expect(receipts[0] == receipts[1])
                }
                #expect(try await allEntries(first).count == 20)
                #expect(try await second.verify().isClean)
            }
        }
    }

    @Test("one handler's ids that repeat within a group are there once")
    func sameAppendInOneGroup() async throws {
        let server = try LocalServer.shared
        try await server.withJournal(in: server.newSchema()) { journal in
            for turn in 0..<20 {
                let same = draft("turn \(turn)")
                let receipts = try await withThrowingTaskGroup(of: AppendReceipt.self) { group in
                    for _ in 0..<8 { group.addTask { try await journal.append([same], to: "notes") } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(Set(receipts).count == 1)
            }
            #expect(try await allEntries(journal).count == 20)
        }
    }

    @Test("a commit of another handler wakes a subscription long before the next look")
    func notification() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        try await server.withJournal(
            server.configuration(schema: schema, changed: { $0.pollInterval = .seconds(3600) })
        ) { first in
            try await server.withJournal(in: schema) { second in
                let subscriber = Task {
                    var delivered = first.subscribe(after: .start).makeAsyncIterator()
                    return try await delivered.next()
                }
                let listens = "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN \"journal@\(schema)\"'"
                while try server.integer(listens) == 0 { try await Task.sleep(for: .milliseconds(10)) }
                let entry = draft()
                try await second.append([entry], to: "notes")
                #expect(try await subscriber.value?.id == entry.id)
            }
        }
    }

    @Test("an adopted origin is every handler's, and the chains of both origins hold")
    func adoption() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        try await server.withJournal(in: schema) { first in
            try await server.withJournal(in: schema) { second in
                let old = draft()
                try await first.append([old, draft()], to: "notes")
                try await second.append([draft()], to: "notes")
                let before = try await second.identity().origin
                let adopted = try await first.adopt()
                #expect(adopted != before)
                #expect(try await second.identity() == JournalIdentity(origin: adopted, isCopy: false))
                // An id counts with its origin: the same one is another entry now.
                try await second.append([old], to: "notes")
                try await first.append([draft()], to: "other")
                let entries = try await allEntries(first)
                #expect(entries.map(\.origin) == [before, before, before, adopted, adopted])
                #expect(entries.map(\.sequence) == [1, 2, 3, 1, 2])
                let report = try await second.verify()
                #expect(report.isClean, "\(report.problems)")
            }
        }
    }

    @Test("a backup is refused with what to do instead")
    func backup() async throws {
        let server = try LocalServer.shared
        try await server.withJournal(in: server.newSchema()) { journal in
            let error = await thrownError { () async throws(EffectError) in
                try await journal.backup(to: "/nowhere") { _, _ in }
            }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains("pg_dump") == true)
        }
    }
}
#endif
