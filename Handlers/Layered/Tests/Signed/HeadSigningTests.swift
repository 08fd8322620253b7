#if OpenSSL
internal import AuraEffects
internal import AuraMemory
internal import AuraOpenSSL
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraLayered

@Suite("Signing heads", .timeLimit(.minutes(5)))
struct HeadSigningTests {
    @Test("one signature follows all appends of an interval, and nothing more while nothing happens")
    func groups() async throws {
        let node = try await SigningNode(1)
        let journal = try await node.open()
        try await journal.note(0..<3)
        try await journal.note(3..<5)
        #expect(try await journal.everything().count == 5)
        try await node.pass()
        let signature = try await journal.subscribe(after: Position(rawValue: 5)).first { _ in true }
        #expect(signature?.kind == "aura.head/1")
        #expect(signature?.stream.text == "aura.heads/\(node.origin)")
        #expect(signature?.sequence == 6)
        try await journal.note(5..<6)
        try await node.pass()
        _ = try await journal.subscribe(after: Position(rawValue: 7)).first { _ in true }
        await journal.close()
        #expect(try await journal.everything().signatures == [6, 8])
        #expect(try await journal.verify().isClean)
    }

    @Test("the last head is signed when the journal is closed, by who appended to it")
    func ends() async throws {
        let node = try await SigningNode(1)
        let first = try await node.open()
        try await first.note(0..<2)
        await first.close()
        #expect(try await node.base.everything().signatures == [3])
        let second = try await node.open()
        try await second.note(2..<3)
        let idle = try await node.open()
        await idle.close()
        #expect(try await node.base.everything().signatures == [3])
        await second.close()
        #expect(try await node.base.everything().signatures == [3, 5])
    }

    @Test("what is signed is the head, in the entry that carries the signature")
    func contents() async throws {
        let node = try await SigningNode(1)
        let journal = try await node.open()
        try await journal.note(0..<2)
        await journal.close()
        let entries = try await node.base.everything()
        let signature = try #require(HeadSignature(following: entries[2]))
        #expect(signature.head == JournalFrontier.Head(sequence: 2, hash: entries[1].hash))
        #expect(signature.publicKey == node.trustedKey.publicKey)
        let id = entries[2].id
        #expect(signature == (try await node.signature(of: signature.head, in: id)))
        for (what, change) in Self.changes {
            var changed = signature
            change(&changed)
            let isValid = try await node.vault.crypto.isValidSignature(
                changed.signature,
                of: changed.message(in: id),
                publicKey: node.trustedKey.publicKey,
                algorithm: .ed25519
            )
            #expect(!isValid, "\(what)")
        }
        #expect(signature.message(in: EntryID(rawValue: 7)) != signature.message(in: id))
    }

    private static let changes: [(String, @Sendable (inout HeadSignature) -> Void)] = [
        ("origin", { $0.origin = OriginID(rawValue: 2) }),
        ("sequence", { $0.head.sequence += 1 }),
        ("hash", { $0.head.hash = SHA256.hash([1]) }),
        ("version", { $0.keyVersion += 1 }),
        ("key", { $0.publicKey[0] ^= 1 }),
        ("signature", { $0.signature[0] ^= 1 }),
    ]

    @Test("applications cannot write among the signatures nor compact them")
    func reserved() async throws {
        let node = try await SigningNode(1)
        let journal = try await node.open()
        try await journal.note(0..<1)
        await journal.close()
        let stream = StreamName("aura.heads/\(node.origin)")
        let forged = JournalEntry.Draft(id: EntryID(rawValue: 9), kind: "aura.head/1", payload: [])
        let refusals = [
            try await refusal { try await journal.append([.note(1)], to: stream) },
            try await refusal { try await journal.append([forged], to: "notes") },
            try await refusal { try await journal.compact(stream, before: Revision(rawValue: 1)) },
        ]
        #expect(refusals.map(\.code) == [.invalidArgument, .invalidArgument, .invalidArgument])
        #expect(try await journal.everything().count == 2)
    }

    @Test("a signature that other processes overtake counts for nothing, and is made again")
    func overtaken() async throws {
        let node = try await SigningNode(1)
        let base = OvertakenJournal(node.base, times: 2)
        let journal = try await node.open(trusting: [], over: base)
        try await journal.note(0..<1)
        _ = try await journal.entries(beyond: JournalFrontier(), limit: 10)
        let entries = try await journal.everything()
        #expect(
            entries.map(\.kind.text) == ["note/1", "other/1", "aura.head/1", "other/1", "aura.head/1", "aura.head/1"]
        )
        #expect(entries.signatures == [6])
        #expect(try await journal.verify().isClean)
        base.overtake(times: .max)
        try await journal.note(1..<2)
        let error = try await refusal { _ = try await journal.entries(beyond: JournalFrontier(), limit: 10) }
        #expect(error.code == .unavailable && error.isRetryable)
        base.overtake(times: 0)
        #expect(try await journal.entries(beyond: JournalFrontier(), limit: 100).entries.signatures.count == 2)
        await journal.close()
    }

    @Test("a signature that comes too late, of a handler that is being closed, is not left as the head")
    func overtakenAtTheEnd() async throws {
        let node = try await SigningNode(1)
        let (isHeld, goesOn) = (OneShot<Void>(), OneShot<Void>())
        let base = OvertakenJournal(node.base) {
            isHeld.resolve(())
            await goesOn.value(orWhenCancelled: ())
        }
        let late = try await node.open(trusting: [], over: base)
        try await late.note(0..<1)
        try await node.pass()
        await isHeld.value(orWhenCancelled: ())
        let quick = try await node.open()
        try await quick.note(1..<2)
        await quick.close()
        #expect(try await node.base.everything().signatures == [3])
        // It finds the head signed, and its own signature is still under way.
        #expect(try await late.verify().isClean)
        await late.close()
        let entries = try await node.base.everything()
        #expect(entries.map(\.kind.text) == ["note/1", "note/1", "aura.head/1", "aura.head/1", "aura.head/1"])
        #expect(entries.signatures == [3, 5])
    }

    @Test("a key that is missing or does not sign refuses the start, and says what to do")
    func keys() async throws {
        let vault = try await Vault.withKey()
        let base = MemoryJournalHandler(time: ManualTimeHandler(), origin: OriginID(rawValue: 1))
        let missing = try await refusal {
            _ = try await SignedJournalHandler.open(over: base, .init(key: "device"), vault.context())
        }
        #expect(missing.code == .unauthenticated)
        #expect(missing.message.contains("aura keys create LOCATION device --algorithm ed25519"))
        let other = try await refusal {
            _ = try await SignedJournalHandler.open(over: base, .init(key: "notes"), vault.context())
        }
        #expect(other.code == .invalidArgument)
    }

    @Test("a line of a profile is an origin and a key")
    func lines() {
        let origin = OriginID(rawValue: 0xab)
        let key = (0..<32).map { UInt8($0) }
        let line = TrustedKey.line(origin, key)
        #expect(TrustedKey(line) == TrustedKey(origin: origin, publicKey: key))
        for wrong in [
            "", "\(origin)", String(line.dropLast()), line + "0", line + " x", line.replacing("0", with: "g"),
        ] {
            #expect(TrustedKey(wrong) == nil, "\(wrong)")
        }
    }
}

/// A journal to which another process appends right before each signature, as often as it is told to.
private final class OvertakenJournal: JournalEffects {
    private let base: any JournalEffects
    private let beforeSignature: @Sendable () async -> Void
    private let state: Mutex<(times: Int, number: Int)>

    init(_ base: any JournalEffects, times: Int = 0, beforeSignature: @escaping @Sendable () async -> Void = {}) {
        self.base = base
        self.beforeSignature = beforeSignature
        state = Mutex((times, 1000))
    }

    func overtake(times: Int) {
        state.withLock { $0.times = times }
    }

    var capabilities: Capabilities { base.capabilities }

    func append(_ appends: [StreamAppend]) async throws(EffectError) -> [AppendReceipt] {
        guard appends[0].stream.text.hasPrefix("aura.heads/") else { return try await base.append(appends) }
        await beforeSignature()
        let number: Int? = state.withLock { state in
            guard state.times > 0 else { return nil }
            state.times -= 1
            state.number += 1
            return state.number
        }
        if let number {
            let draft = JournalEntry.Draft(id: EntryID(rawValue: UInt128(number)), kind: "other/1", payload: [])
            _ = try await base.append([draft], to: "others")
        }
        // What has begun goes through, also where its caller is cancelled.
        let append = Task { () async -> Result<[AppendReceipt], EffectError> in
            do throws(EffectError) { return .success(try await base.append(appends)) } catch { return .failure(error) }
        }
        return try await append.value.get()
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) async throws(EffectError) -> [JournalEntry] {
        try await base.read(stream, from: revision, limit: limit, backwards: backwards)
    }

    func entry(_ stream: StreamName, id: EntryID) async throws(EffectError) -> JournalEntry? {
        try await base.entry(stream, id: id)
    }

    func readAll(after position: Position, limit: Int) async throws(EffectError) -> [JournalEntry] {
        try await base.readAll(after: position, limit: limit)
    }

    func subscribe(after position: Position) -> JournalSubscription { base.subscribe(after: position) }

    func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) { try await base.saveSnapshot(snapshot) }

    func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try await base.latestSnapshot(of: stream)
    }

    func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try await base.compact(stream, before: revision)
    }

    func frontier() async throws(EffectError) -> JournalFrontier { try await base.frontier() }

    func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try await base.entries(beyond: frontier, limit: limit)
    }

    func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt { try await base.merge(batch) }

    func verify() async throws(EffectError) -> VerificationReport { try await base.verify() }
}
#endif
