#if OpenSSL
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("Encrypted journals")
struct EncryptedJournalTests {
    private static func journal() -> MemoryJournalHandler {
        MemoryJournalHandler(time: HandlerContext.system.time, random: HandlerContext.system.random)
    }

    let memory = journal()

    private func draft(_ text: String) -> JournalEntry.Draft {
        let id = EntryID(time: HandlerContext.system.time, random: HandlerContext.system.random)
        return JournalEntry.Draft(id: id, kind: "note/1", payload: Array(text.utf8))
    }

    @Test("an entry that is read has its payload, what is stored, and a hash over the latter")
    func entries() async throws {
        let vault = try await Vault.withKey()
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", vault.context())
        try await journal.append([draft("one"), draft("two")], to: "s")
        let stored = try await memory.readAll(after: .start, limit: 10)
        let read = try await journal.readAll(after: .start, limit: 10)
        #expect(read.map(\.payload) == [Array("one".utf8), Array("two".utf8)])
        for (entry, kept) in zip(read, stored) {
            let bytes = try #require(kept.payload)
            #expect(entry.body == .decrypted(entry.payload ?? [], stored: bytes))
            #expect(entry.hash == kept.hash)
            #expect(!bytes.contains(UInt8(ascii: "w")) || bytes.count > 40)
        }
        #expect(read[0].extends(.zero))
        #expect(read[1].extends(read[0].hash))
        #expect(try await memory.verify().isClean)
        #expect(try await journal.verify().isClean)
    }

    @Test("nodes that share the key replicate ciphertext, and a node without it verifies the chain")
    func replication() async throws {
        let vault = try await Vault.withKey()
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", vault.context())
        try await journal.append([draft("one")], to: "s")
        _ = try await vault.rotateKey("notes")
        try await journal.append([draft("two")], to: "s")
        let other = Self.journal()
        let batch = try await journal.entries(beyond: JournalFrontier(), limit: 10)
        _ = try await other.merge(batch)
        #expect(try await other.verify().isClean)
        let reader = try await EncryptedJournalHandler.open(over: other, key: "notes", vault.context())
        #expect(try await reader.read("s", limit: 10).map(\.payload) == [Array("one".utf8), Array("two".utf8)])
        #expect(try await reader.frontier().rootHash == journal.frontier().rootHash)
        // What was decrypted is taken as it is stored.
        let third = try await EncryptedJournalHandler.open(over: Self.journal(), key: "notes", vault.context())
        let decrypted = try await reader.readAll(after: .start, limit: 10)
        #expect(try await third.merge(JournalBatch(entries: decrypted)).added == 2)
        #expect(try await third.frontier().rootHash == journal.frontier().rootHash)
        let refused = await #expect(throws: EffectError.self) {
            try await Self.journal().merge(JournalBatch(entries: decrypted))
        }
        #expect(refused?.code == .invalidArgument)
    }

    @Test("entries without encryption are not merged, and found where they are there already")
    func plaintext() async throws {
        let vault = try await Vault.withKey()
        let plain = Self.journal()
        try await plain.append([draft("plain")], to: "s")
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", vault.context())
        let batch = try await plain.entries(beyond: JournalFrontier(), limit: 10)
        let refused = await #expect(throws: EffectError.self) { try await journal.merge(batch) }
        #expect(refused?.code == .conflict)
        #expect(refused?.message.contains("not encrypted") == true)
        let opened = await #expect(throws: EffectError.self) {
            try await EncryptedJournalHandler.open(over: plain, key: "notes", vault.context())
        }
        #expect(opened?.code == .corrupted)
        try await journal.append([draft("sealed")], to: "s")
        try await memory.append([draft("plain")], to: "s")
        let read = await #expect(throws: EffectError.self) { try await journal.readAll(after: .start, limit: 10) }
        #expect(read?.code == .corrupted)
        let report = try await journal.verify()
        #expect(report.problems.map(\.position) == [Position(rawValue: 2)])
    }

    @Test("a payload under another id, kind or stream does not open")
    func bindings() async throws {
        let vault = try await Vault.withKey()
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", vault.context())
        let original = draft("one")
        try await journal.append([original], to: "s")
        let stored = try #require(try await memory.read("s", limit: 1).first?.payload)
        let moved: [(JournalEntry.Draft, StreamName)] = [
            (JournalEntry.Draft(id: original.id, kind: "note/1", payload: stored), "other"),
            (JournalEntry.Draft(id: original.id, kind: "note/2", payload: stored), "third"),
            (JournalEntry.Draft(id: draft("").id, kind: "note/1", payload: stored), "s"),
        ]
        for (draft, stream) in moved {
            try await memory.append([draft], to: stream)
            let error = await #expect(throws: EffectError.self) {
                try await journal.read(stream, from: nil, limit: 1, backwards: true)
            }
            #expect(error?.code == .corrupted)
        }
    }

    @Test("an append repeated after its payload was compacted away says that it cannot be compared")
    func compactedRepeat() async throws {
        let vault = try await Vault.withKey()
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", vault.context())
        let drafts = [draft("one"), draft("two")]
        let receipt = try await journal.append(drafts, to: "s")
        let end = Revision(rawValue: 1)
        try await journal.saveSnapshot(JournalSnapshot(stream: "s", revision: end, state: Array("state".utf8)))
        #expect(try await journal.latestSnapshot(of: "s")?.state == Array("state".utf8))
        #expect(try await memory.latestSnapshot(of: "s")?.state != Array("state".utf8))
        try await journal.compact("s", before: end)
        let error = await #expect(throws: EffectError.self) { try await journal.append([drafts[0]], to: "s") }
        #expect(error?.code == .compacted)
        #expect(try await journal.append([drafts[1]], to: "s").items == [receipt.items[1]])
        #expect(try await memory.readAll(after: .start, limit: 10).count == 2)
    }
}
#endif
