#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("The clock of a journal on PostgreSQL")
struct JournalClockTests {
    @Test("a journal that has merged the last timestamp that it takes goes on with later ones")
    func lastTimestamp() async throws {
        let server = try LocalServer.shared
        let entries = try await server.withJournal(in: server.newSchema()) { journal in
            try await journal.append([draft()], to: "notes")
            return try await allEntries(journal)
        }
        var last = entries[0]
        last.origin = OriginID(rawValue: 9)
        last.timestamp = JournalValidation.lastTimestamp
        last.hash = last.header.hash(previous: .zero, payload: last.payloadDigest)
        let merged = last
        try await server.withJournal(in: server.newSchema()) { journal in
            try await journal.append([draft()], to: "notes")
            _ = try await journal.merge(JournalBatch(entries: [merged]))
            try await journal.append([draft(), draft()], to: "notes")
            try await journal.append([draft()], to: "others")
            let timestamps = try await allEntries(journal).map(\.timestamp)
            #expect(timestamps.count == 5 && timestamps == timestamps.sorted() && Set(timestamps).count == 5)
            #expect(try await journal.verify().isClean)
        }
    }
}
#endif
