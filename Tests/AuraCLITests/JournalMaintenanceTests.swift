#if SQLite
internal import AuraEffects
internal import Foundation
internal import Testing

/// `journal backup`, `restore` and `adopt`.
struct JournalMaintenanceTests {
    let place: Workplace
    let location = "sqlite:journal.db"

    init() throws {
        place = try Workplace()
    }

    private func texts(_ name: String) async throws -> [String] {
        try await place.entries(of: name).map { String(decoding: $0.payload ?? [], as: UTF8.self) }
    }

    private func errorOfMerging(_ name: String, into other: String) async throws -> EffectError? {
        let batch = try await place.withJournal(name) { journal, _ in
            try await journal.entries(beyond: JournalFrontier(), limit: 100)
        }
        return try await place.withJournal(other) { journal, _ -> EffectError? in
            do throws(EffectError) {
                _ = try await journal.merge(batch)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("a backup holds what the journal held, and replaces no file unasked")
    func backup() async throws {
        try await place.append(["one", "two"], of: "journal.db")
        let outcome = try place.aura("journal", "backup", location, "backup.db", "--json")
        #expect(outcome.code == 0)
        #expect(try outcome.json["entries"] as? Int == 2)
        #expect(try await texts("backup.db") == ["one", "two"])
        let permissions = try FileManager.default.attributesOfItem(atPath: place.file("backup.db"))[.posixPermissions]
        #expect(permissions as? Int == 0o600)

        try await place.append(["three"], of: "journal.db")
        let again = try place.aura("journal", "backup", location, "backup.db")
        #expect(again.code == 1)
        #expect(again.errors.contains("--force"))
        #expect(try await texts("backup.db") == ["one", "two"])
        #expect(try place.aura("journal", "backup", location, "backup.db", "--force").code == 0)
        #expect(try await texts("backup.db") == ["one", "two", "three"])
    }

    @Test("restore puts a backup in place under a new origin, and keeps what was there")
    func restore() async throws {
        try await place.append(["one", "two"], of: "journal.db")
        #expect(try place.aura("journal", "backup", location, "backup.db").code == 0)
        try await place.append(["after the backup"], of: "journal.db")
        let before = try await place.entries(of: "journal.db")

        let outcome = try place.aura("journal", "restore", location, "backup.db", "--json")
        #expect(outcome.code == 0, "\(outcome.output)")
        let json = try outcome.json
        #expect(json["entries"] as? Int == 2)
        #expect(json["keptAside"] as? String == "journal.db.replaced")
        #expect(json["origin"] as? String != before[0].origin.description)
        #expect(try await texts("journal.db") == ["one", "two"])
        #expect(try await place.entries(of: "journal.db.replaced") == before)
        #expect(try await texts("backup.db") == ["one", "two"])

        // Nobody is warned of it, and it writes under its new origin.
        let info = try place.aura("journal", "info", location, "--json")
        #expect(info.errors == "")
        #expect(try info.json["isCopy"] as? Bool == false)
        try await place.append(["new"], of: "journal.db")
        #expect(try await place.entries(of: "journal.db").last?.origin.description == json["origin"] as? String)

        // What both wrote after the backup can be merged.
        try await place.withJournal("journal.db.replaced") { old, _ in
            try await place.withJournal("journal.db") { new, _ in
                _ = try await new.merge(try await old.entries(beyond: new.frontier(), limit: 100))
                _ = try await old.merge(try await new.entries(beyond: old.frontier(), limit: 100))
                #expect(try await new.frontier().rootHash == old.frontier().rootHash)
            }
        }
        #expect(Set(try await texts("journal.db")) == ["one", "two", "after the backup", "new"])

        // A second one kept aside gets a name of its own.
        let second = try place.aura("journal", "restore", location, "backup.db", "--json")
        #expect(try second.json["keptAside"] as? String == "journal.db.replaced-2")
        #expect(try place.names.allSatisfy { !$0.contains("restoring") && !$0.contains("partial") })
    }

    @Test("restore makes a journal where there is none")
    func restoreIntoNothing() async throws {
        try await place.append(["one"], of: "journal.db")
        #expect(try place.aura("journal", "backup", location, "backup.db").code == 0)
        let outcome = try place.aura("journal", "restore", "sqlite:new/journal.db", "backup.db", "--json")
        #expect(outcome.code == 0, "\(outcome.output)")
        #expect(try outcome.json["keptAside"] is NSNull)
        #expect(try await texts("new/journal.db") == ["one"])
    }

    @Test("restore takes the log of a killed application along with what it keeps aside")
    func restoreKeepsTheLog() async throws {
        try await place.append(["one"], of: "journal.db")
        #expect(try place.aura("journal", "backup", location, "backup.db").code == 0)
        // Copied while it is open: a file with its log beside it, as a killed application leaves them.
        try await place.withJournal("journal.db") { journal, effects in
            let draft = JournalEntry.Draft(id: EntryID(effects), kind: "k", payload: Array("in the log".utf8))
            try await journal.append([draft], to: "notes")
            try place.copy("journal.db", to: "killed.db")
            try place.copy("journal.db-wal", to: "killed.db-wal")
        }
        #expect(try place.aura("journal", "restore", "sqlite:killed.db", "backup.db").code == 0)
        #expect(try await texts("killed.db") == ["one"])
        #expect(try await texts("killed.db.replaced") == ["one", "in the log"])
    }

    @Test("restore leaves a journal alone that a process has open, and names the process")
    func restoreInUse() async throws {
        try await place.append(["one"], of: "journal.db")
        #expect(try place.aura("journal", "backup", location, "backup.db").code == 0)
        try await place.append(["two"], of: "journal.db")
        let user = try AuraProcess(["journal", "tail", location, "--follow"], in: place)
        #expect(user.waitForOutput("two").contains("two"))
        let refused = try place.aura("journal", "restore", location, "backup.db", "--json")
        #expect(refused.code == 1)
        let message = try #require(try refused.jsonError["message"] as? String)
        #expect(message.contains("process \(user.identifier) has the journal open"))
        try await place.append(["three"], of: "journal.db")
        #expect(user.waitForOutput("three").contains("three"))
        user.send(SIGTERM)
        #expect(user.wait().code == 130)
        #expect(try await texts("journal.db") == ["one", "two", "three"])
        #expect(try place.aura("journal", "restore", location, "backup.db").code == 0)
    }

    @Test("restore refuses what is damaged, no journal, or the journal itself, and changes nothing")
    func restoreRefused() async throws {
        try await place.append(["an entry to damage"], of: "journal.db")
        #expect(try place.aura("journal", "backup", location, "damaged.db").code == 0)
        try place.damage("damaged.db", at: "entry to damage")
        try await place.withStorage("storage.db") { storage in _ = try await storage.write([1], to: "key") }
        try place.write("", to: "empty.db")
        try place.write("neither is this", to: "text.db")
        try await place.append(["later"], of: "journal.db")
        let names = try place.names
        let refusals: [(file: String, code: Int32, message: String)] = [
            (
                "damaged.db", 65,
                "damaged.db is damaged; the first of its problems (1): position 1: the entry is damaged"
            ),
            ("storage.db", 1, "storage.db holds no journal"), ("empty.db", 1, "empty.db holds no journal"),
            ("text.db", 65, "not an SQLite database"), ("none.db", 66, "There is no none.db"),
            ("journal.db", 1, "journal.db is the journal itself"),
        ]
        for refusal in refusals {
            let outcome = try place.aura("journal", "restore", location, refusal.file)
            #expect(outcome.code == refusal.code, "\(refusal.file): \(outcome.errors)")
            #expect(outcome.errors.contains(refusal.message), "\(outcome.errors)")
        }
        #expect(try place.names == names)
        #expect(try await texts("journal.db") == ["an entry to damage", "later"])
    }

    @Test("a damaged journal is replaced, and kept as it is")
    func restoreOverDamage() async throws {
        try await place.append(["one"], of: "journal.db")
        #expect(try place.aura("journal", "backup", location, "backup.db").code == 0)
        try place.write("overwritten by accident", to: "journal.db")
        #expect(try place.aura("journal", "restore", location, "backup.db").code == 0)
        #expect(try await texts("journal.db") == ["one"])
        let kept = try String(contentsOfFile: place.file("journal.db.replaced"), encoding: .utf8)
        #expect(kept == "overwritten by accident")
    }

    @Test("a backup that is put in place by hand and goes on writing is noticed; adopting an origin mends it")
    func adopt() async throws {
        try await place.append(["shared"], of: "journal.db")
        let original = try await place.entries(of: "journal.db")[0].origin
        #expect(try place.aura("journal", "backup", location, "backup.db").code == 0)
        try await place.append(["after the backup"], of: "journal.db")

        // By hand, and without adopting: it is warned of, and what it writes forks the origin's chain.
        try place.copy("backup.db", to: "forked.db")
        let info = try place.aura("journal", "info", "sqlite:forked.db")
        #expect(info.output.contains("This is a copy or a restored backup"))
        #expect(info.output.contains("run 'aura journal adopt'"))
        let warned = try place.aura("journal", "verify", "sqlite:forked.db", "--log-level", "warning")
        #expect(warned.errors.contains("forked.db is a copy or a restored backup"))
        try await place.append(["on the copy"], of: "forked.db")
        let fork = try await errorOfMerging("forked.db", into: "journal.db")
        #expect(fork?.code == .conflict)
        #expect(fork?.message.contains(original.description) == true)

        // By hand, and adopting before it writes.
        try place.copy("backup.db", to: "mended.db")
        let adopted = try place.aura("journal", "adopt", "sqlite:mended.db", "--json")
        #expect(adopted.code == 0)
        #expect(try adopted.json["before"] as? String == original.description)
        let origin = try #require(try adopted.json["origin"] as? String)
        #expect(origin != original.description)
        let mended = try place.aura("journal", "info", "sqlite:mended.db", "--json")
        #expect(mended.errors == "")
        #expect(try mended.json["isCopy"] as? Bool == false)
        #expect(try mended.json["origin"] as? String == origin)
        try await place.append(["under its own origin"], of: "mended.db")
        try await place.withJournal("mended.db") { copy, _ in
            try await place.withJournal("journal.db") { journal, _ in
                _ = try await journal.merge(try await copy.entries(beyond: journal.frontier(), limit: 100))
                _ = try await copy.merge(try await journal.entries(beyond: copy.frontier(), limit: 100))
                #expect(try await copy.frontier().rootHash == journal.frontier().rootHash)
            }
        }
        #expect(try await texts("journal.db") == ["shared", "after the backup", "under its own origin"])
        #expect(try place.aura("journal", "verify", location).code == 0)
        #expect(try place.aura("journal", "verify", "sqlite:mended.db").code == 0)
    }
}
#endif
