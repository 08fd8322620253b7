#if SQLite
internal import AuraEffects
internal import AuraRuntime
@testable internal import AuraSQLite
internal import Foundation
internal import Testing

@Suite("Files that cannot be used as they are")
struct DamagedFileTests {
    let folder: TemporaryFolder
    let context = HandlerContext.system()

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("a file that is not a database is named and left as it is")
    func notADatabase() async throws {
        let file = folder.file("notes.txt")
        let text = String(repeating: "These are my notes, not a database. ", count: 200)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let error = await thrownError { () throws(EffectError) in _ = try await context.journal(file) }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("not an SQLite database") == true)
        #expect(error?.message.contains(file) == true)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }

    @Test("another application's database is named and left as it is")
    func otherDatabase() async throws {
        let file = folder.file("other.db")
        try execute("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')", on: file)
        let before = try Data(contentsOf: URL(fileURLWithPath: file))
        let error = await thrownError { () throws(EffectError) in _ = try await context.journal(file) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("another application") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
    }

    @Test("a schema from the future is refused by its number, and usable again once it is known")
    func futureSchema() async throws {
        let file = folder.file("journal.db")
        let journal = try await context.journal(file)
        try await journal.append([context.draft("kept")], to: "stream")
        await journal.close()
        try execute("PRAGMA user_version = 7", on: file)
        let error = await thrownError { () throws(EffectError) in _ = try await context.journal(file) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("schema 7") == true)
        try execute("PRAGMA user_version = \(SQLiteSchema.currentVersion)", on: file)
        let reopened = try await context.journal(file)
        #expect(try await allEntries(reopened).count == 1)
        await reopened.close()
    }

    @Test("a file with the first schema is brought up to date and keeps what it held")
    func migration() async throws {
        let file = folder.file("journal.db")
        try execute(
            """
            \(SQLiteSchema.migrations[0])
            PRAGMA application_id = \(SQLiteSchema.applicationID);
            PRAGMA user_version = 1;
            INSERT INTO storage_values VALUES (CAST('key' AS BLOB), 1, 0, 0, x'');
            UPDATE storage_counter SET last_revision = 41;
            """,
            on: file
        )
        let journal = try await context.journal(file)
        try await journal.append([context.draft("entry")], to: "stream")
        #expect(try await journal.verify().isClean)
        await journal.close()
        let storage = try await context.storage(file)
        #expect(try await storage.list(prefix: "", after: nil, limit: 10).items.map(\.key) == ["key"])
        #expect(try await storage.write([1], to: "other") == StorageRevision(rawValue: 42))
        await storage.close()
        let version = try integer("PRAGMA user_version", on: file)
        #expect(version == 3 && version == SQLiteSchema.currentVersion)
    }

    @Test("a flipped byte is found on reading and by verification, and the other entries are still read")
    func flippedByte() async throws {
        let file = folder.file("journal.db")
        let journal = try await context.journal(file)
        let marker = "the entry that will be damaged"
        let drafts = (0..<200).map { context.draft($0 == 100 ? marker : "entry \($0)") }
        let receipt = try await journal.append(drafts, to: "stream")
        await journal.close()
        // Into the database file, so that the byte is not in the log alone.
        try execute("PRAGMA wal_checkpoint(TRUNCATE)", on: file)
        var data = try Data(contentsOf: URL(fileURLWithPath: file))
        let range = try #require(data.range(of: Data(marker.utf8)))
        data[range.lowerBound + 4] ^= 0x20
        try data.write(to: URL(fileURLWithPath: file))

        let damaged = try await context.journal(file)
        let error = await thrownError { () throws(EffectError) in _ = try await allEntries(damaged) }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("position \(receipt.items[100].position)") == true)
        #expect(try await damaged.read("stream", limit: 100).count == 100)
        #expect(try await damaged.read("stream", from: Revision(rawValue: 101), limit: 1000).count == 99)
        let report = try await damaged.verify()
        // The entry itself, and nothing that comes after it.
        #expect(report.problems.map(\.position) == [receipt.items[100].position])
        // What is intact goes on.
        try await damaged.append([context.draft("after")], to: "stream")
        await damaged.close()
    }

    @Test(
        "a row whose numbers are damaged is an error",
        arguments: ["stream", "origin", "kind", "sequence", "revision"]
    )
    func damagedNumber(column: String) async throws {
        let file = folder.file("journal.db")
        let journal = try await context.journal(file)
        try await journal.append((0..<3).map { context.draft("entry \($0)") }, to: "stream")
        await journal.close()
        try execute("UPDATE journal_entries SET \(column) = -123 WHERE position = 2", on: file)
        let damaged = try await context.journal(file)
        let error = await thrownError { () throws(EffectError) in _ = try await allEntries(damaged) }
        #expect(error?.code == .corrupted)
        #expect(try await damaged.verify().problems.contains { $0.position == Position(rawValue: 2) })
        await damaged.close()
    }

    @Test("a journal whose last entry is damaged does not chain to it")
    func damagedHead() async throws {
        let file = folder.file("journal.db")
        let journal = try await context.journal(file)
        try await journal.append((0..<3).map { context.draft("entry \($0)") }, to: "stream")
        await journal.close()
        try execute("UPDATE journal_entries SET hash = zeroblob(32) WHERE position = 3", on: file)
        let damaged = try await context.journal(file)
        let draft = context.draft("after")
        let error = await thrownError { () throws(EffectError) in try await damaged.append([draft], to: "stream") }
        #expect(error?.code == .corrupted)
        #expect(error?.outcome == .notApplied)
        await damaged.close()
    }

    @Test("a flipped byte in a page's header is an error and no wrong entry")
    func flippedHeader() async throws {
        let file = folder.file("journal.db")
        let journal = try await context.journal(file)
        let drafts = (0..<500).map { context.draft("entry \($0)") }
        try await journal.append(drafts, to: "stream")
        await journal.close()
        try execute("PRAGMA wal_checkpoint(TRUNCATE)", on: file)
        let intact = try Data(contentsOf: URL(fileURLWithPath: file))
        var noticed = 0
        for page in 1..<(intact.count / 4096) {
            var data = intact
            data[page * 4096] ^= 0xff
            try data.write(to: URL(fileURLWithPath: file))
            let damaged: SQLiteJournalHandler
            do throws(EffectError) {
                damaged = try await context.journal(file)
            } catch {
                #expect(error.code == .corrupted, "\(error)")
                noticed += 1
                continue
            }
            let error = await thrownError { () throws(EffectError) in
                let entries = try await allEntries(damaged)
                #expect(
                    entries.allSatisfy {
                        $0.payload.map { String(decoding: $0, as: UTF8.self).hasPrefix("entry") } ?? false
                    }
                )
            }
            let report = try await damaged.verify()
            if let error { #expect(error.code == .corrupted, "\(error)") }
            if error != nil || !report.isClean { noticed += 1 }
            await damaged.close()
        }
        #expect(noticed > 0)
    }

    @Test("a damaged value of storage is an error and no wrong bytes; writing it anew mends it")
    func damagedValue() async throws {
        let file = folder.file("storage.db")
        let storage = try await context.storage(file)
        try await storage.write(Array("an intact value".utf8), to: "key")
        await storage.close()
        try execute("UPDATE storage_values SET bytes = CAST('an iNtact value' AS BLOB)", on: file)
        let damaged = try await context.storage(file)
        let error = await thrownError { () throws(EffectError) in _ = try await damaged.read("key") }
        #expect(error?.code == .corrupted)
        try await damaged.write([1, 2, 3], to: "key")
        #expect(try await damaged.read("key")?.bytes == [1, 2, 3])
        await damaged.close()
    }
}
#endif
