#if OpenSSL
internal import AuraEffects
internal import AuraMemory
internal import AuraOpenSSL
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

/// A node of a test: an origin with a key store of its own, whose journal is in memory.
///
/// Its clock stands still, so that it signs only when it is asked to.
struct SigningNode: Sendable {
    let vault: Vault
    let time: ManualTimeHandler
    let origin: OriginID
    let base: MemoryJournalHandler
    /// What others trust it by.
    let trustedKey: TrustedKey

    init(_ number: UInt64) async throws {
        vault = Vault()
        time = ManualTimeHandler()
        origin = OriginID(rawValue: UInt128(number))
        base = MemoryJournalHandler(time: time, origin: origin)
        let key = try await vault.createKey("device", .ed25519)
        trustedKey = TrustedKey(origin: origin, publicKey: try await vault.crypto.publicKey(of: key.id))
    }

    /// Opens the journal; where others are trusted, their signatures are required.
    func open(
        trusting others: [SigningNode]? = nil,
        budget: ResourceBudget = HandlerContext.system.budget
    ) async throws -> SignedJournalHandler {
        try await open(trusting: others.map { $0.map(\.trustedKey) }, budget: budget)
    }

    func open(
        trusting keys: [TrustedKey]?,
        over base: (any JournalEffects)? = nil,
        budget: ResourceBudget = HandlerContext.system.budget
    ) async throws -> SignedJournalHandler {
        let settings = SignedJournalHandler.Settings(key: "device", isRequired: keys != nil, trusted: keys ?? [])
        return try await .open(over: base ?? self.base, settings, vault.context(budget: budget, time: time))
    }

    /// Lets the interval pass after which heads are signed.
    func pass() async throws {
        try await time.waitForSleepers(1)
        time.advance(by: .milliseconds(100))
    }

    /// A signature of a head as the node would make it.
    func signature(of head: JournalFrontier.Head, in id: EntryID) async throws -> HeadSignature {
        let key = try await vault.key("device", version: nil)
        let publicKey = try await vault.crypto.publicKey(of: key.id)
        var signature = HeadSignature(origin: origin, head: head, keyVersion: 1, publicKey: publicKey)
        signature.signature = try await vault.crypto.sign(signature.message(in: id), key: key.id)
        return signature
    }
}

extension JournalEffects {
    /// Everything in the order of positions.
    func everything() async throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        while true {
            let page = try await readAll(after: entries.last?.position ?? .start, limit: 1000)
            if page.isEmpty { return entries }
            entries += page
        }
    }

    /// Appends notes whose texts are numbers.
    func note(_ numbers: Range<Int>, byteCount: Int = 8) async throws {
        let drafts = numbers.map { JournalEntry.Draft.note($0, byteCount: byteCount) }
        _ = try await append(drafts, to: "notes")
    }

    /// What another journal lacks of this one.
    func batch(for other: any JournalEffects, limit: Int = 1000) async throws -> JournalBatch {
        try await entries(beyond: other.frontier(), limit: limit)
    }
}

extension JournalEntry.Draft {
    static func note(_ number: Int, byteCount: Int = 8) -> JournalEntry.Draft {
        let text = Array("\(number)".utf8)
        let padding = [UInt8](repeating: 46, count: max(0, byteCount - text.count))
        return JournalEntry.Draft(id: EntryID(rawValue: UInt128(number) + 1), kind: "note/1", payload: text + padding)
    }
}

extension [JournalEntry] {
    /// The sequences of the entries that are signatures of what they follow.
    var signatures: [UInt64] { filter { HeadSignature(following: $0) != nil }.map(\.sequence) }
}

/// Writes entries in another journal's name, as who controls a peer or a file can: with sound hashes and without its key.
struct Forger {
    let origin: OriginID
    private(set) var head: JournalFrontier.Head

    init(_ origin: OriginID, after head: JournalFrontier.Head? = nil) {
        self.origin = origin
        self.head = head ?? JournalFrontier.Head(sequence: 0, hash: .zero)
    }

    init(after entry: JournalEntry) {
        self.init(entry.origin, after: JournalFrontier.Head(sequence: entry.sequence, hash: entry.hash))
    }

    mutating func entry(_ draft: JournalEntry.Draft, in stream: StreamName = "notes") -> JournalEntry {
        let header = JournalEntry.Header(
            origin: origin,
            sequence: head.sequence + 1,
            timestamp: HybridTimestamp(milliseconds: 1_800_000_000_000 + head.sequence, counter: 0),
            id: draft.id,
            stream: stream,
            kind: draft.kind
        )
        let hash = header.hash(previous: head.hash, payload: SHA256.hash(draft.payload))
        head = JournalFrontier.Head(sequence: header.sequence, hash: hash)
        return JournalEntry(
            stream: stream,
            revision: .first,
            position: .start,
            origin: origin,
            sequence: header.sequence,
            id: draft.id,
            timestamp: header.timestamp,
            kind: draft.kind,
            body: .payload(draft.payload),
            hash: hash
        )
    }

    mutating func notes(_ numbers: Range<Int>, byteCount: Int = 8) -> [JournalEntry] {
        numbers.map { entry(.note($0, byteCount: byteCount)) }
    }

    /// An entry that carries a signature.
    mutating func entry(_ signature: HeadSignature, _ id: EntryID) -> JournalEntry {
        let draft = JournalEntry.Draft(id: id, kind: HeadSignature.kind, payload: signature.payload)
        return entry(draft, in: HeadSignature.stream(of: origin))
    }
}

/// The error that `body` throws.
func refusal(_ body: () async throws -> Void) async throws -> EffectError {
    try #require(await #expect(throws: EffectError.self) { try await body() })
}
#endif
