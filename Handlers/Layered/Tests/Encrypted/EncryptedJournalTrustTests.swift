#if OpenSSL
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("What an encrypted journal takes for its own")
struct EncryptedJournalTrustTests {
    private static func journal() -> MemoryJournalHandler {
        MemoryJournalHandler(time: HandlerContext.system.time, random: HandlerContext.system.random)
    }

    private let memory = journal()

    private func draft(_ payload: [UInt8]) -> JournalEntry.Draft {
        let id = EntryID(time: HandlerContext.system.time, random: HandlerContext.system.random)
        return JournalEntry.Draft(id: id, kind: "note/1", payload: payload)
    }

    /// Three entries of which the first two are compacted.
    private func fillAndCompact(_ vault: Vault) async throws {
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", vault.context())
        for byte: UInt8 in 1...3 { try await journal.append([draft([byte])], to: "s") }
        try await journal.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 2), state: [9]))
        try await journal.compact("s", before: Revision(rawValue: 2))
    }

    @Test("another key of the same name is refused also where the first entry was compacted away")
    func otherKeyAfterCompaction() async throws {
        let vault = try await Vault.withKey()
        try await fillAndCompact(vault)
        #expect(try await memory.readAll(after: .start, limit: 1).first?.payload == nil)
        let wrong = try await Vault.withKey()
        let error = await #expect(throws: EffectError.self) {
            try await EncryptedJournalHandler.open(over: memory, key: "notes", wrong.context())
        }
        #expect(error?.code == .unauthenticated)
        #expect(error?.operation == "open")
        #expect(error?.message.contains("another key than version 1 of 'notes'") == true)
        _ = try await vault.rotateKey("notes")
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", vault.context())
        #expect(try await journal.read("s", from: Revision(rawValue: 2), limit: 10).map(\.payload) == [[3]])
    }

    @Test("compacted entries whose snapshot is gone are damage")
    func lostSnapshot() async throws {
        let vault = try await Vault.withKey()
        try await fillAndCompact(vault)
        let losing = InterceptorChain(
            of: EffectTarget(effect: "journal"),
            interceptors: [SnapshotLoss()],
            time: HandlerContext.system.time
        )
        let error = await #expect(throws: EffectError.self) {
            let journal = JournalEffect.intercepted(memory, by: losing)
            return try await EncryptedJournalHandler.open(over: journal, key: "notes", vault.context())
        }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("no snapshot that covers them") == true)
    }

    /// What another journal holds of a draft, under a chain that is sound.
    private func batch(_ payload: (JournalEntry.Draft) async throws -> [UInt8]) async throws -> JournalBatch {
        let other = Self.journal()
        var forged = draft([])
        forged.payload = try await payload(forged)
        try await other.append([forged], to: "s")
        return try await other.entries(beyond: JournalFrontier(), limit: 10)
    }

    private func sealed(_ draft: JournalEntry.Draft, in stream: StreamName, _ vault: Vault) async throws -> [UInt8] {
        let errors = HandlerErrors(JournalEffect.self, handler: "encrypted")
        let context = vault.context()
        var sealing = EntrySealing(Sealer(DataKeys("notes", context, errors: errors), context), in: "append")
        let sealed = try await sealing.seal(draft, for: stream).payload
        await sealing.forget()
        return sealed
    }

    @Test("what bears the mark of encryption and does not open is not merged, whoever has chained it")
    func forgedEntries() async throws {
        let vault = try await Vault.withKey()
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", vault.context())
        let forgeries: [(JournalEntry.Draft) async throws -> [UInt8]] = [
            { _ in SealedHeader.magic }, { _ in SealedHeader.magic + [UInt8](repeating: 1, count: 200) },
            { try await sealed($0, in: "elsewhere", vault) },
            { draft in
                var bytes = try await sealed(draft, in: "s", vault)
                bytes[bytes.count - 1] ^= 1
                return bytes
            },
        ]
        for forgery in forgeries {
            let batch = try await batch(forgery)
            let error = await #expect(throws: EffectError.self) { try await journal.merge(batch) }
            #expect(error.map { [.conflict, .preconditionFailed].contains($0.code) } == true)
            #expect(error?.operation == "merge")
            #expect(error?.message.contains("origin \(batch.entries[0].origin)") == true)
        }
        #expect(try await memory.readAll(after: .start, limit: 10).isEmpty)
        let sound = try await batch { try await sealed($0, in: "s", vault) }
        #expect(try await journal.merge(sound).added == 1)
    }

    @Test("entries under a version that the key store lacks wait for it")
    func unknownVersion() async throws {
        let secret = Secret([UInt8](repeating: 5, count: 32))
        let (here, there) = (Vault(), Vault())
        for vault in [here, there] { _ = try await vault.add("notes", .hmacSHA256, secret: secret) }
        _ = try await there.add("notes", .hmacSHA256, secret: Secret([UInt8](repeating: 6, count: 32)))
        let journal = try await EncryptedJournalHandler.open(over: memory, key: "notes", here.context())
        let batch = try await batch { try await sealed($0, in: "s", there) }
        let error = await #expect(throws: EffectError.self) { try await journal.merge(batch) }
        #expect(error?.code == .preconditionFailed)
        #expect(error?.message.contains("no version 2 of the key 'notes'") == true)
        _ = try await here.add("notes", .hmacSHA256, secret: Secret([UInt8](repeating: 6, count: 32)))
        #expect(try await journal.merge(batch).added == 1)
    }

    @Test("a snapshot that does not open is not merged, and neither are the entries that it covers")
    func forgedSnapshot() async throws {
        let vault = try await Vault.withKey()
        try await fillAndCompact(vault)
        let sound = try await memory.entries(beyond: JournalFrontier(), limit: 10)
        var forged = sound
        try #require(forged.snapshots.count == 1)
        forged.snapshots[0].state = [1]
        let other = Self.journal()
        let journal = try await EncryptedJournalHandler.open(over: other, key: "notes", vault.context())
        let error = await #expect(throws: EffectError.self) { try await journal.merge(forged) }
        #expect(error?.code == .conflict)
        #expect(error?.message.contains("snapshot of the stream 's'") == true)
        #expect(try await other.readAll(after: .start, limit: 10).isEmpty)
        #expect(try await journal.merge(sound).added == 3)
    }
}

/// A journal that lost its snapshots.
private struct SnapshotLoss: Interceptor {
    let name = "loss"

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        guard call.operation.name == "latestSnapshot" else { return try await next() }
        return AnswerOf<JournalSnapshot?>(nil)
    }
}
#endif
