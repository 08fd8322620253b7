#if SQLite
internal import AuraEffects
internal import Foundation
internal import Testing

/// `journal info`, `tail`, `verify` and `compact`.
struct JournalReadingTests {
    let place: Workplace
    let location = "sqlite:journal.db"

    init() throws {
        place = try Workplace()
    }

    @Test("info says how much there is, whose, and which streams")
    func info() async throws {
        try await place.append(["one", "two", "three"], of: "journal.db")
        try await place.append(["four"], to: "other\u{1b}[31m", of: "journal.db")
        let entries = try await place.entries(of: "journal.db")
        let origin = try #require(entries.first?.origin)
        let frontier = try await place.withJournal("journal.db") { journal, _ in try await journal.frontier() }

        let json = try place.aura("journal", "info", location, "--streams", "--json").json
        #expect(json["handler"] as? String == "sqlite")
        #expect(json["entries"] as? Int == 4)
        #expect(json["rootHash"] as? String == frontier.rootHash.description)
        #expect(json["origin"] as? String == origin.description)
        #expect(json["isCopy"] as? Bool == false)
        let streams = try #require(json["streams"] as? [[String: Any]])
        #expect(streams.map { $0["stream"] as? String } == ["notes", "other\u{1b}[31m"])
        #expect(streams[0]["entries"] as? Int == 3)
        #expect(streams[0]["payloadBytes"] as? Int == 11)

        let text = try place.aura("journal", "info", location, "--streams").output
        #expect(text.contains("4 entries of 1 origin"))
        #expect(text.contains("\(origin)  4  (this journal's)"))
        #expect(!text.contains("\u{1b}"))
    }

    @Test("tail prints the last entries, those after a position, and those of a stream or kind")
    func tail() async throws {
        try await place.append((0..<30).map { "note \($0)" }, of: "journal.db")
        try await place.append(["gone"], to: "removals", of: "journal.db", kind: "note.removed/1")
        let last = try place.aura("journal", "tail", location)
        try #require(last.lines.count == 10)
        #expect(last.lines.last?.hasPrefix("31  removals:0  ") == true)
        #expect(last.lines.last?.hasSuffix("  note.removed/1  gone") == true)

        let after = try place.aura("journal", "tail", location, "--after", "5", "--limit", "2", "--json").jsonLines
        #expect(after.map { $0["position"] as? Int } == [6, 7])
        #expect(after.map { $0["text"] as? String } == ["note 5", "note 6"])

        let all = try place.aura("journal", "tail", location, "--after", "0", "--json").jsonLines
        let entries = try await place.entries(of: "journal.db")
        #expect(all.map { $0["hash"] as? String } == entries.map(\.hash.description))
        #expect(all.map { $0["id"] as? String } == entries.map(\.id.description))

        let kinds = try place.aura("journal", "tail", location, "--kind", "note.added/1", "--limit", "3", "--json")
        #expect(try kinds.jsonLines.map { $0["text"] as? String } == ["note 27", "note 28", "note 29"])
        let stream = try place.aura("journal", "tail", location, "--stream", "removals", "--json")
        #expect(try stream.jsonLines.map { $0["stream"] as? String } == ["removals"])
        #expect(try place.aura("journal", "tail", location, "--stream", "none").lines == [])
    }

    @Test("payloads print as text where they are UTF-8 and in hexadecimal otherwise, and no terminal obeys them")
    func payloads() async throws {
        try await place.withJournal("journal.db") { journal, effects in
            let payloads: [[UInt8]] = [
                Array("a\nb\u{1b}[2J".utf8), [0xff, 0x00], [], Array(repeating: 0x61, count: 5000),
            ]
            let drafts = payloads.map { JournalEntry.Draft(id: EntryID(effects), kind: "k", payload: $0) }
            try await journal.append(drafts, to: "s")
        }
        let outcome = try place.aura("journal", "tail", location)
        try #require(outcome.lines.count == 4)
        #expect(!outcome.output.contains("\u{1b}"))
        #expect(
            outcome.lines[0].contains("a\\nb\\u{001B}[2J") || outcome.lines[0].contains("a\\nb\\u{1B}[2J"),
            "\(outcome.lines[0])"
        )
        #expect(outcome.lines[1].hasSuffix("hex ff00"))
        #expect(outcome.lines[3].count < 300)
        #expect(try place.aura("journal", "tail", location, "--full").lines[3].count > 5000)
        let json = try place.aura("journal", "tail", location, "--json").jsonLines
        #expect(json[0]["text"] as? String == "a\nb\u{1b}[2J")
        #expect(json[1]["hex"] as? String == "ff00")
        #expect((json[3]["text"] as? String)?.count == 5000)
    }

    @Test("tail --follow prints what another process appends, until it is stopped")
    func follow() async throws {
        try await place.append(["before"], of: "journal.db")
        let process = try AuraProcess(["journal", "tail", location, "--follow", "--json"], in: place)
        #expect(process.waitForOutput("before").contains("before"))
        try await place.append(["after"], of: "journal.db")
        #expect(process.waitForOutput("after").contains("\"position\":2"))
        process.send(SIGINT)
        let outcome = process.wait()
        #expect(outcome.code == 130)
        #expect(outcome.errors == "")
    }

    @Test("verify ends with 0 where nothing is wrong, and with 65 and every problem with its position otherwise")
    func verify() async throws {
        try await place.append(["first one", "second one", "third one"], of: "journal.db")
        let clean = try place.aura("journal", "verify", location)
        #expect(clean.code == 0)
        #expect(clean.output.contains("3 entries of 1 origin checked"))
        #expect(clean.output.hasSuffix("nothing is wrong\n"))

        try place.damage("journal.db", at: "second one")
        let damaged = try place.aura("journal", "verify", location)
        #expect(damaged.code == 65)
        #expect(damaged.output.contains("wrong: position 2: the entry is damaged"))
        let json = try place.aura("journal", "verify", location, "--json")
        #expect(json.code == 65)
        #expect(try json.json["clean"] as? Bool == false)
        let problems = try #require(try json.json["problems"] as? [[String: Any]])
        #expect(problems.first?["position"] as? Int == 2)

        // The last entry is the head of its origin.
        try place.damage("journal.db", at: "third one")
        let head = try place.aura("journal", "verify", location)
        #expect(head.code == 65)
        #expect(head.output.contains("wrong: position 3: the entry is damaged"))
    }

    @Test("compact needs a snapshot, says with --dry-run what would go, and drops just that")
    func compact() async throws {
        try await place.append(["one", "two", "three", "four"], of: "journal.db")
        let without = try place.aura("journal", "compact", location, "notes", "--json")
        #expect(without.code == 1)
        #expect(try without.jsonError["code"] as? String == "preconditionFailed")
        #expect((try without.jsonError["message"] as? String)?.contains("has no snapshot") == true)

        try await place.withJournal("journal.db") { journal, _ in
            try await journal.saveSnapshot(
                JournalSnapshot(stream: "notes", revision: Revision(rawValue: 3), state: [1])
            )
        }
        let beyond = try place.aura("journal", "compact", location, "notes", "--before", "4")
        #expect(beyond.code == 1)
        #expect(beyond.errors.contains("below revision 3 only"))

        let dry = try place.aura("journal", "compact", location, "notes", "--dry-run", "--json").json
        #expect(dry["entries"] as? Int == 3)
        #expect(dry["payloadBytes"] as? Int == 11)
        #expect(try await place.entries(of: "journal.db").allSatisfy { $0.payload != nil })

        let part = try place.aura("journal", "compact", location, "notes", "--before", "2")
        #expect(part.code == 0)
        #expect(part.output.hasPrefix("2 entries of stream 'notes' below revision 2 lost their payloads, 6 B"))
        #expect(try await place.entries(of: "journal.db").map { $0.payload == nil } == [true, true, false, false])
        let rest = try place.aura("journal", "compact", location, "notes", "--json").json
        #expect(rest["entries"] as? Int == 1)
        #expect(
            try place.aura("journal", "compact", location, "notes", "--dry-run", "--json").json["entries"] as? Int == 0
        )
        #expect(try place.aura("journal", "verify", location).code == 0)
        #expect(try place.aura("journal", "tail", location).lines[0].hasSuffix("(compacted)"))
    }

    @Test("what a handler cannot do is said with what to do instead")
    func unsupported() throws {
        for command in [["adopt", "memory:"], ["backup", "memory:", "x"], ["restore", "memory:", "x"]] {
            let outcome = try AuraProcess(["journal"] + command + ["--json"], in: place).wait()
            #expect(outcome.code == 1)
            #expect(try outcome.jsonError["code"] as? String == "unsupported")
        }
        #expect(try place.names == [])
    }
}
#endif
