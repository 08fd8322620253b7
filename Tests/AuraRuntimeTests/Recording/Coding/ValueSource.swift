internal import AuraEffects
internal import AuraMemory
internal import Testing

/// Draws values from a seed.
struct ValueSource {
    /// A value whose type is known to its check alone.
    struct Drawn {
        var checkRoundTrip: () throws -> Void

        init<Value: Codable & Equatable>(_ value: Value) {
            checkRoundTrip = { try roundTrip(value) }
        }
    }

    private var generator: EffectRandomNumberGenerator

    init(seed: UInt64) {
        generator = SeededRandomHandler(seed: seed).generator
    }

    /// A value of every type that the built-in effects take or answer with.
    mutating func everyKind() -> [Drawn] {
        [
            Drawn(word()), Drawn(bytes()), Drawn(ByteCount(bytes: Int(truncatingIfNeeded: word()))),
            Drawn(BytesPerSecond(Int(truncatingIfNeeded: word()))), Drawn(capabilities()), Drawn(storageKey()),
            Drawn(storedValue()), Drawn(Optional(storedValue())), Drawn(StoredValue?.none),
            Drawn(many { $0.precondition() }), Drawn(many { $0.mutation() }), Drawn(page()),
            Drawn(many { $0.optional { $0.storageRevision() } }),
            Drawn(stream()), Drawn(kind()), Drawn(entryID()), Drawn(origin()), Drawn(digest()),
            Drawn(many { $0.append() }), Drawn(many { $0.receipt() }), Drawn(many { $0.entry() }),
            Drawn(optional { $0.entry() }), Drawn(entry().header), Drawn(frontier()), Drawn(snapshot()),
            Drawn(optional { $0.snapshot() }), Drawn(batch()),
            Drawn(MergeReceipt(added: number(100), known: number(100))), Drawn(report()),
            Drawn(JournalIdentity(origin: origin(), isCopy: boolean())), Drawn(Position(rawValue: word())),
            Drawn(optional { Revision(rawValue: $0.word()) }), Drawn(HybridTimestamp(rawValue: word())),
            Drawn(envelope()), Drawn(optional { $0.envelope() }), Drawn(PeerID(text())),
            Drawn(
                optional { $0.boolean() ? PeerEvent.connected(PeerID($0.text())) : .disconnected(PeerID($0.text())) }
            ),
            Drawn(many { PeerID($0.text()) }), Drawn(duration()), Drawn(wallTime()),
            Drawn(MonotonicInstant(nanoseconds: Int64(truncatingIfNeeded: word()))),
            Drawn(KeyID(rawValue: text())), Drawn(KeyAlgorithm(rawValue: text())),
            Drawn(
                PasswordDerivation(
                    .argon2id(memory: .kibibytes(64), passes: number(9), lanes: number(9)),
                    salt: bytes()
                )
            ),
            Drawn(PasswordDerivation(.pbkdf2(iterations: number(9)), salt: bytes())), Drawn(HashFunction.sha384),
            Drawn(
                KeyVersion(
                    name: KeyName(rawValue: text()),
                    version: number(9),
                    algorithm: .ed25519,
                    created: WallTime(nanosecondsSinceEpoch: Int64(truncatingIfNeeded: word())),
                    id: KeyID(rawValue: text())
                )
            ),
            Drawn(SealedBox(nonce: bytes(), ciphertext: bytes())), Drawn(EffectError.Outcome.unknown),
            Drawn(EffectError.Code(rawValue: text())),
        ]
    }

    // MARK: Parts

    private mutating func word() -> UInt64 {
        switch number(8) {
        case 0: 0
        case 1: .max
        case 2: UInt64(Int64.max)
        default: generator.next()
        }
    }

    private mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }
    private mutating func boolean() -> Bool { Bool.random(using: &generator) }

    private mutating func many<Value>(_ draw: (inout ValueSource) -> Value) -> [Value] {
        (0..<number(4)).map { _ in draw(&self) }
    }

    private mutating func optional<Value>(_ draw: (inout ValueSource) -> Value) -> Value? {
        boolean() ? draw(&self) : nil
    }

    private mutating func bytes() -> [UInt8] {
        (0..<[0, 1, 31, 64, 65, 300][number(6)]).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    private mutating func text() -> String {
        var text = ""
        for _ in 0..<number(12) {
            let range: ClosedRange<UInt32> =
                [0...0x1f, 0x20...0x7e, 0x80...0x7ff, 0x300...0x36f, 0xe000...0xffff, 0x1f300...0x1f6ff][number(6)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private mutating func capabilities() -> Capabilities {
        let features = many { Capability(rawValue: $0.text()) }
        let limits = many { (Limit(rawValue: $0.text()), $0.number(1000)) }
        return Capabilities(Set(features), limits: Dictionary(limits) { first, _ in first })
    }

    private mutating func storageKey() -> StorageKey { StorageKey(text()) }
    private mutating func storageRevision() -> StorageRevision { StorageRevision(rawValue: word()) }
    private mutating func storedValue() -> StoredValue { StoredValue(bytes: bytes(), revision: storageRevision()) }

    private mutating func precondition() -> StoragePrecondition {
        [.none, .absent, .matches(storageRevision())][number(3)]
    }

    private mutating func mutation() -> StorageMutation {
        StorageMutation(storageKey(), boolean() ? .remove : .write(bytes()), if: precondition())
    }

    private mutating func page() -> StoragePage {
        let items = many {
            StoragePage.Item(key: $0.storageKey(), revision: $0.storageRevision(), byteCount: $0.number(1000))
        }
        return StoragePage(items: items, next: optional { $0.storageKey() })
    }

    private mutating func stream() -> StreamName { StreamName(text()) }
    private mutating func kind() -> EntryKind { EntryKind(text()) }
    private mutating func identifier() -> UInt128 { UInt128(word()) << 64 | UInt128(word()) }
    private mutating func entryID() -> EntryID { EntryID(rawValue: identifier()) }
    private mutating func origin() -> OriginID { OriginID(rawValue: identifier()) }
    private mutating func digest() -> SHA256Digest { SHA256.hash(bytes()) }

    private mutating func append() -> StreamAppend {
        let drafts = many { JournalEntry.Draft(id: $0.entryID(), kind: $0.kind(), payload: $0.bytes()) }
        let expecting: ExpectedRevision = [.any, .empty, .exactly(Revision(rawValue: word()))][number(3)]
        return StreamAppend(drafts, to: stream(), expecting: expecting)
    }

    private mutating func receipt() -> AppendReceipt {
        let items = many {
            AppendReceipt.Item(
                id: $0.entryID(),
                revision: Revision(rawValue: $0.word()),
                position: Position(rawValue: $0.word())
            )
        }
        return AppendReceipt(stream: stream(), items: items)
    }

    private mutating func entry() -> JournalEntry {
        JournalEntry(
            stream: stream(),
            revision: Revision(rawValue: word()),
            position: Position(rawValue: word()),
            origin: origin(),
            sequence: word(),
            id: entryID(),
            timestamp: HybridTimestamp(rawValue: word()),
            kind: kind(),
            body: boolean() ? .payload(bytes()) : .compacted(digest()),
            hash: digest()
        )
    }

    private mutating func frontier() -> JournalFrontier {
        let heads = many { ($0.origin(), JournalFrontier.Head(sequence: $0.word(), hash: $0.digest())) }
        return JournalFrontier(Dictionary(heads) { first, _ in first })
    }

    private mutating func snapshot() -> JournalSnapshot {
        let covers = many { ($0.origin(), $0.word()) }
        return JournalSnapshot(
            stream: stream(),
            revision: Revision(rawValue: word()),
            state: bytes(),
            covers: Dictionary(covers) { first, _ in first }
        )
    }

    private mutating func batch() -> JournalBatch {
        JournalBatch(entries: many { $0.entry() }, snapshots: many { $0.snapshot() }, hasMore: boolean())
    }

    private mutating func report() -> VerificationReport {
        let problems = many { source in
            VerificationReport.Problem(
                position: source.optional { Position(rawValue: $0.word()) },
                message: source.text()
            )
        }
        return VerificationReport(checkedEntries: number(1000), problems: problems, frontier: frontier())
    }

    private mutating func envelope() -> Envelope {
        let headers = many { ($0.text(), $0.text()) }
        var envelope = Envelope(
            channel: ChannelName(rawValue: text()),
            headers: Dictionary(headers) { first, _ in first },
            payload: bytes()
        )
        envelope.sender = optional { PeerID($0.text()) }
        envelope.replyToken = optional { ReplyToken(rawValue: $0.word()) }
        return envelope
    }

    private mutating func duration() -> Duration { .nanoseconds(Int64(truncatingIfNeeded: word())) }

    private mutating func wallTime() -> WallTime {
        WallTime(
            nanosecondsSinceEpoch: Int64(truncatingIfNeeded: word()),
            uncertainty: optional { $0.duration() }
        )
    }
}
