internal import AuraEffects
internal import Testing

@testable internal import AuraReplication

@Suite("Messages")
struct MessageTests {
    @Test("requests come back as they were written")
    func requests() throws {
        var chain = ForeignChain(1)
        let requests: [ReplicationRequest] = [
            .frontier(FrontierPage(after: nil, through: nil, heads: [])),
            .frontier(FrontierPage(after: OriginID(rawValue: 1), through: OriginID(rawValue: 900), heads: heads(300))),
            .pull(PullRequest(heads: heads(3), batchBytes: 1, messageBytes: 4096)),
            .part(PartRequest(subject: .payload(after: heads(1)[0]), offset: 1 << 40, messageBytes: 1 << 30)),
            .part(PartRequest(subject: .snapshot(of: "Ünïcödé \u{0}"), offset: 0, messageBytes: 4096)),
            .settle,
            .push(FrontierPage(after: nil, through: nil, heads: heads(2)), EntryBatch(entries: chain.entries(3))),
        ]
        for request in requests { #expect(try ReplicationRequest(request.encoded) == request) }
    }

    @Test("a batch comes back as it was written, with each name once")
    func batch() throws {
        var chains = [ForeignChain(1), ForeignChain(2)]
        var entries: [JournalEntry] = []
        for number in 0..<200 {
            entries += chains[number % 2].entries(1, in: StreamName("a stream with a long name \(number % 3)"))
        }
        entries[7].body = .compacted(entries[7].payloadDigest)
        var encoder = EntryEncoder(MessageWriter(.batch), forkedOrigins: [OriginID(rawValue: 5)], messageBytes: 1 << 20)
        for entry in entries {
            let isWritten = encoder.append(entry)
            #expect(isWritten)
        }
        let bytes = encoder.finish(hasMore: true)
        #expect(bytes.count < 200 * 100)
        guard case .batch(let batch) = try ReplicationReply(bytes) else {
            Issue.record("no batch")
            return
        }
        #expect(batch == EntryBatch(entries: entries, forkedOrigins: [OriginID(rawValue: 5)], hasMore: true))
    }

    @Test("every message that is cut short is refused")
    func cutShort() throws {
        var chain = ForeignChain(1)
        var encoder = EntryEncoder(MessageWriter(.batch), messageBytes: 1 << 20)
        for entry in chain.entries(3) { _ = encoder.append(entry) }
        let replies = [
            encoder.finish(hasMore: false),
            ReplicationReply.encoded(.page(FrontierPage(after: nil, through: nil, heads: heads(3)))),
            ReplicationReply.encoded(.failed),
        ]
        for reply in replies {
            for count in 0..<reply.count {
                #expect(throws: MessageFault.self) { try ReplicationReply(Array(reply.prefix(count))) }
            }
            #expect(throws: MessageFault.self) { try ReplicationReply(reply + [0]) }
        }
    }

    @Test("numbers of any size come back, and none above 64 bits")
    func numbers() throws {
        for number in [0, 1, 127, 128, 16_383, 16_384, UInt64(Int64.max), .max] {
            var writer = MessageWriter(.settle)
            writer.append(number: number)
            let read = try MessageReader.read(Array(writer.bytes.dropFirst(2))) { reader throws(MessageFault) in
                try reader.number()
            }
            #expect(read == number)
        }
        for bytes in [[UInt8](repeating: 0xff, count: 9) + [2], [UInt8](repeating: 0x80, count: 10) + [0]] {
            #expect(throws: MessageFault.self) {
                try MessageReader.read(bytes) { reader throws(MessageFault) in try reader.number() }
            }
        }
    }

    @Test("a snapshot comes back as it was written")
    func snapshot() throws {
        let covers = [OriginID(rawValue: 1): UInt64(5), OriginID(rawValue: 2): UInt64(Int64.max)]
        let snapshot = JournalSnapshot(stream: "notes", revision: .first, state: [1, 2, 3], covers: covers)
        #expect(try SnapshotCoding.decode(SnapshotCoding.encode(snapshot), of: "notes") == snapshot)
    }

    private func heads(_ count: Int) -> [OriginHead] {
        (1...count)
            .map { number in
                OriginHead(
                    origin: OriginID(rawValue: UInt128(number) << 1 + 1),
                    sequence: UInt64(number * 1000),
                    hash: SHA256.hash([UInt8(truncatingIfNeeded: number)])
                )
            }
    }
}
