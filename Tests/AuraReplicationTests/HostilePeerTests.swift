internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@testable internal import AuraReplication

@Suite("Hostile peers", .timeLimit(.minutes(5)))
struct HostilePeerTests {
    private let network = MemoryNetwork()
    private let time = ManualTimeHandler()
    private let peer = PeerID("hostile")

    /// Replies that no sound peer gives, each to the first request of the kind that it is for.
    enum Lie: String, CaseIterable, Sendable {
        case nothing
        case version
        case unknownKind
        case otherQuestion
        case trailingBytes
        case manyHeads
        case manyOrigins
        case headsOutOfOrder
        case otherRange
        case gap
        case knownAgain
        case otherOrigin
        case unaskedFork
        case altered
        case missingName
        case hugeDeferred
        case deferredLater
        case endlessPart
        case emptyPart
    }

    @Test(
        "what no sound peer sends is an error that names the peer, and nothing of it is merged",
        arguments: Lie.allCases
    )
    func lies(_ lie: Lie) async throws {
        let node = try TestNode("node", 1, on: network, time: time)
        var chain = ForeignChain(9)
        let sound = chain.entries(10)
        _ = try await node.journal.merge(JournalBatch(entries: Array(sound.prefix(4))))
        try await node.append(0..<3)
        let before = try await node.journal.frontier()
        let handler = try network.join(peer, time: time)
        let liar = Liar(lie: lie, sound: sound, head: chain.head)
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for try await request in handler.incoming("aura.replication") {
                    let reply = Envelope(channel: "aura.replication", payload: liar.reply(to: request.payload))
                    try await handler.reply(reply, to: request)
                }
            }
            let error = await #expect(throws: EffectError.self) {
                try await node.replicator.synchronize(with: peer)
            }
            #expect(error?.message.contains("hostile") == true, "\(lie): \(String(describing: error))")
            #expect(error?.effect == "journal" && error?.operation == "replicate")
            if [.gap, .knownAgain, .otherOrigin, .unaskedFork].contains(lie) {
                #expect(error?.message.contains("not asked for") == true)
            }
            group.cancelAll()
            while let _ = try? await group.next() {}
        }
        #expect(try await node.journal.frontier() == before)
        #expect(try await node.journal.verify().isClean)
    }

    @Test("a peer that says it has what it does not send ends the exchange", arguments: [false, true])
    func emptyPromises(hasMore: Bool) async throws {
        let node = try TestNode("node", 1, on: network, time: time)
        let handler = try network.join(peer, time: time)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for try await request in handler.incoming("aura.replication") {
                    let reply: [UInt8]
                    switch try ReplicationRequest(request.payload) {
                    case .frontier(let page):
                        let heads = (1...50)
                            .map { number in
                                OriginHead(origin: OriginID(rawValue: number), sequence: UInt64(Int64.max), hash: .zero)
                            }
                        let theirs = FrontierPage(after: page.after, through: page.through, heads: heads)
                        reply = ReplicationReply.encoded(.page(theirs))
                    default:
                        var encoder = EntryEncoder(MessageWriter(.batch), messageBytes: 5000)
                        reply = encoder.finish(hasMore: hasMore)
                    }
                    try await handler.reply(Envelope(channel: "aura.replication", payload: reply), to: request)
                }
            }
            let report = try await node.replicator.synchronize(with: peer)
            #expect(report.received == 0)
            group.cancelAll()
            while let _ = try? await group.next() {}
        }
    }

    @Test("replies that were damaged on their way never damage the journal", arguments: 0..<4)
    func damagedReplies(seed: UInt64) async throws {
        let random = SeededRandomHandler(seed: seed)
        for _ in 0..<30 {
            let network = MemoryNetwork()
            let left = try TestNode("left", 1, on: network, time: time, messageBytes: 4096)
            let right = try TestNode("right", 2, on: network, time: time, messageBytes: 4096)
            var chain = ForeignChain(9)
            _ = try await left.journal.merge(
                JournalBatch(entries: chain.entries(20) + chain.entries(1, payloadBytes: 6000))
            )
            try await left.append(0..<20)
            right.network.onReply { request, reply, peer throws(EffectError) in
                var generator = random.generator
                guard Int.random(in: 0..<3, using: &generator) == 0 else { return reply }
                var damaged = reply
                damaged.payload = damage(reply.payload, &generator)
                return damaged
            }
            try await running([left]) {
                for _ in 0..<3 { _ = try? await right.replicator.synchronize(with: left.name) }
            }
            let hashes = Set(try await left.journal.readAll(after: .start, limit: 1000).map(\.hash))
            let arrived = try await right.journal.readAll(after: .start, limit: 1000)
            #expect(arrived.allSatisfy { hashes.contains($0.hash) })
            #expect(try await right.journal.verify().isClean)
        }
    }

    @Test("requests that were damaged on their way are answered, and change nothing", arguments: 0..<4)
    func damagedRequests(seed: UInt64) async throws {
        let node = try TestNode("node", 1, on: network, time: time, messageBytes: 4096)
        let handler = try network.join(peer, time: time)
        try await node.append(0..<20)
        let before = try await node.journal.frontier()
        var chain = ForeignChain(9)
        let entries = chain.entries(3)
        let head = OriginHead(origin: chain.origin, sequence: 3, hash: chain.head.hash)
        let own = before.sortedHeads[0]
        let requests: [ReplicationRequest] = [
            .frontier(FrontierPage(after: nil, through: nil, heads: [own, head])),
            .pull(PullRequest(heads: [head], batchBytes: 5000, messageBytes: 5000)),
            .part(PartRequest(subject: .snapshot(of: "notes"), offset: 3, messageBytes: 5000)),
            .part(PartRequest(subject: .payload(after: head), offset: 3, messageBytes: 5000)),
            .settle,
            // It lacks what precedes the entry.
            .push(FrontierPage(after: nil, through: nil, heads: [own, head]), EntryBatch(entries: [entries[2]])),
        ]
        var generator = SeededRandomHandler(seed: seed).generator
        try await running([node]) {
            // The node asks back where it is told of entries that it lacks.
            let answering = Task {
                for try await request in handler.incoming("aura.replication") {
                    let reply = Envelope(channel: "aura.replication", payload: ReplicationReply.encoded(.failed))
                    try await handler.reply(reply, to: request)
                }
            }
            defer { answering.cancel() }
            for _ in 0..<400 {
                let request = requests[Int.random(in: 0..<requests.count, using: &generator)]
                let payload = damage(request.encoded, &generator)
                let envelope = Envelope(channel: "aura.replication", payload: payload)
                let reply = try await handler.request(envelope, to: node.name, timeout: .seconds(10))
                _ = try ReplicationReply(reply.payload)
            }
        }
        #expect(try await node.journal.frontier() == before)
    }
}

/// Flips, cuts, repeats or invents bytes.
private func damage(_ bytes: [UInt8], _ generator: inout some RandomNumberGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
        guard !bytes.isEmpty else { return [] }
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[index] = 0xff
        case 2: bytes.removeLast(bytes.count - index)
        case 3: bytes.remove(at: index)
        default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        }
    }
    return bytes
}

/// A peer that has a sound chain and tells one lie about it.
private struct Liar {
    let lie: HostilePeerTests.Lie
    /// A chain of ten entries of one origin, of which the other journal has four.
    let sound: [JournalEntry]
    let head: JournalFrontier.Head

    func reply(to request: [UInt8]) -> [UInt8] {
        switch try? ReplicationRequest(request) {
        case .frontier(let page), .push(let page, _): frontier(page)
        case .pull: batch
        case .part: part
        case .settle, nil: ReplicationReply.encodedSettled
        }
    }

    private func frontier(_ asked: FrontierPage) -> [UInt8] {
        let origin = sound[0].origin
        let theirs = OriginHead(origin: origin, sequence: head.sequence, hash: head.hash)
        var heads = [theirs]
        var page = FrontierPage(after: asked.after, through: asked.through, heads: heads)
        switch lie {
        case .nothing: return []
        case .version: return [2, 0x81, 1]
        case .unknownKind: return [1, 0x70, 1]
        case .otherQuestion: return ReplicationReply.encodedSettled
        case .trailingBytes: return ReplicationReply.encoded(.same) + [0]
        case .manyHeads: return [1, 0x81, 0, 0, 0] + [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]
        case .headsOutOfOrder: heads = [theirs, theirs]
        case .otherRange: page.after = OriginID(rawValue: 3)
        default: break
        }
        page.heads = heads
        return ReplicationReply.encoded(.page(page))
    }

    private var batch: [UInt8] {
        var other = ForeignChain(77)
        switch lie {
        case .manyOrigins: return [1, 0x82, 0xff, 0xff, 0xff, 0xff, 0x7f]
        case .gap: return encoded(Array(sound[5...]))
        case .knownAgain: return encoded(Array(sound[3...]))
        case .otherOrigin: return encoded(Array(sound[4...]) + other.entries(1))
        case .unaskedFork: return encoded([], forked: [other.origin])
        case .altered:
            var altered = Array(sound[4...])
            altered[3].body = .payload([1, 2, 3])
            return encoded(altered)
        case .missingName:
            var bytes = encoded([sound[4]])
            bytes[4] = 9
            return bytes
        case .hugeDeferred:
            return deferred(Array(repeating: 0xff, count: 8) + [0x7f])
        case .deferredLater:
            var first = encoded([sound[4]])
            first.removeLast(2)
            return first + deferred([5]).dropFirst(3)
        case .endlessPart, .emptyPart:
            return deferred([0x80, 0x20])
        default: return encoded(Array(sound[4...]))
        }
    }

    private var part: [UInt8] {
        lie == .endlessPart
            ? ReplicationReply.encoded(totalBytes: 4096, check: 1, bytes: [UInt8](repeating: 0, count: 5000)[...])
            : ReplicationReply.encoded(totalBytes: 4096, check: 1, bytes: [])
    }

    private func encoded(_ entries: [JournalEntry], forked: [OriginID] = []) -> [UInt8] {
        var encoder = EntryEncoder(MessageWriter(.batch), forkedOrigins: forked, messageBytes: 100_000)
        for entry in entries { _ = encoder.append(entry) }
        return encoder.finish(hasMore: false)
    }

    /// The next entry as one whose payload comes in parts, with a size.
    private func deferred(_ size: [UInt8]) -> [UInt8] {
        var entry = sound[4]
        entry.body = .compacted(entry.payloadDigest)
        var bytes = encoded([entry])
        bytes[3] = EntryEncoder.Tag.deferred.rawValue
        bytes.removeLast(2)
        return bytes + size + [0, 0]
    }
}
