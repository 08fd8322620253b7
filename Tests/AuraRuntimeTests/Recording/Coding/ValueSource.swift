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
        ] + everyKindOfCloud()
    }

    /// A value of every type that the services of a cloud take or answer with.
    private mutating func everyKindOfCloud() -> [Drawn] {
        [
            Drawn(objectInfo()), Drawn(optional { $0.objectInfo() }), Drawn(objectMetadata()),
            Drawn(ObjectRange(offset: number(100), count: optional { $0.number(100) })), Drawn(cloudPrecondition()),
            Drawn(ObjectReadCondition.matches(cloudRevision())),
            Drawn(ObjectReadCondition.differs(from: cloudRevision())),
            Drawn(optional { PageToken(rawValue: $0.text()) }), Drawn(objectPage()),
            Drawn(ObjectUpload(key: storageKey(), id: text(), metadata: objectMetadata())),
            Drawn(many { UploadedPart(number: $0.number(9), tag: $0.text(), byteCount: $0.number(9)) }),
            Drawn(PresignedURL.Access.put), Drawn(itemKey()), Drawn(item()), Drawn(optional { $0.storedItem() }),
            Drawn(many { $0.itemMutation() }), Drawn(many { $0.optional { $0.cloudRevision() } }),
            Drawn(ItemQuery(text(), .range(from: optional { $0.text() }, before: text()), backwards: boolean())),
            Drawn(ItemQuery(text(), .prefix(text()))), Drawn(ReadConsistency.eventual),
            Drawn(ItemPage(items: many { $0.storedItem() }, next: optional { PageToken(rawValue: $0.text()) })),
            Drawn(many { $0.queueMessage() }), Drawn(QueueSource.deadLetters), Drawn(many { $0.receivedMessage() }),
            Drawn(many { MessageReceipt(rawValue: $0.text()) }), Drawn(TopicName(rawValue: text())),
            Drawn(many { TopicMessage($0.bytes(), attributes: $0.attributes(), group: $0.group()) }),
            Drawn(many { $0.subscription() }), Drawn(SubscriptionName(rawValue: text())),
            Drawn(FunctionName(rawValue: text())), Drawn(FunctionAnswer.returned(bytes())),
            Drawn(FunctionAnswer.failed(FunctionFailure(kind: text(), message: text()))),
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

    // MARK: Parts of the cloud

    private mutating func cloudRevision() -> CloudRevision { CloudRevision(rawValue: text()) }
    private mutating func group() -> MessageGroup? { optional { MessageGroup(rawValue: $0.text()) } }

    private mutating func cloudPrecondition() -> CloudPrecondition {
        [.none, .absent, .matches(cloudRevision())][number(3)]
    }

    private mutating func attributes() -> [String: String] {
        Dictionary(many { ($0.text(), $0.text()) }) { first, _ in first }
    }

    private mutating func objectMetadata() -> ObjectMetadata {
        ObjectMetadata(contentType: optional { $0.text() }, attributes: attributes())
    }

    private mutating func objectInfo() -> ObjectInfo {
        ObjectInfo(
            key: storageKey(),
            revision: cloudRevision(),
            byteCount: number(1000),
            metadata: objectMetadata(),
            modified: wallTime()
        )
    }

    private mutating func objectPage() -> ObjectPage {
        let items = many {
            ObjectPage.Item(
                key: $0.storageKey(),
                revision: $0.cloudRevision(),
                byteCount: $0.number(1000),
                modified: $0.wallTime()
            )
        }
        return ObjectPage(items: items, next: optional { PageToken(rawValue: $0.text()) })
    }

    private mutating func itemKey() -> ItemKey { ItemKey(text(), text()) }

    private mutating func itemValue(_ depth: Int = 2) -> ItemValue {
        switch number(depth > 0 ? 8 : 6) {
        case 0: .null
        case 1: .boolean(boolean())
        case 2: .integer(Int64(truncatingIfNeeded: word()))
        case 3: .double([0, 0.1, -1.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude][number(5)])
        case 4: .text(text())
        case 5: .bytes(bytes())
        case 6: .list(many { $0.itemValue(depth - 1) })
        default: .map(Dictionary(many { ($0.text(), $0.itemValue(depth - 1)) }) { first, _ in first })
        }
    }

    private mutating func item() -> Item {
        let attributes = many { ($0.text(), $0.itemValue()) }
        return Item(Dictionary(attributes) { first, _ in first }, expires: optional { $0.wallTime() })
    }

    private mutating func storedItem() -> StoredItem {
        StoredItem(key: itemKey(), item: item(), revision: cloudRevision())
    }

    private mutating func itemMutation() -> ItemMutation {
        ItemMutation(itemKey(), boolean() ? .remove : .put(item()), if: cloudPrecondition())
    }

    private mutating func queueMessage() -> QueueMessage {
        QueueMessage(
            bytes(),
            attributes: attributes(),
            delay: duration(),
            group: group(),
            deduplicationID: optional { $0.text() }
        )
    }

    private mutating func receivedMessage() -> ReceivedMessage {
        ReceivedMessage(
            id: MessageID(rawValue: text()),
            receipt: MessageReceipt(rawValue: text()),
            body: bytes(),
            attributes: attributes(),
            group: group(),
            deliveryCount: number(9),
            sent: wallTime()
        )
    }

    private mutating func subscription() -> Subscription {
        let filter = many { source in (source.text(), source.many { $0.text() }) }
        return Subscription(
            SubscriptionName(rawValue: text()),
            to: TopicName(rawValue: text()),
            delivery: boolean() ? .pull : .push(to: text()),
            filter: Dictionary(filter) { first, _ in first }
        )
    }
}
