#if OpenSSL
internal import AuraEffects
internal import AuraMemory
internal import AuraOpenSSL
internal import AuraReplication
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("Replication where signatures are required", .timeLimit(.minutes(5)))
struct SignedReplicationTests {
    private let network = MemoryNetwork()
    private let budget = ResourceBudget.smallBatches

    private func expectEqual(_ journals: SignedJournalHandler...) async throws {
        let roots = try await [journals[0].frontier().rootHash, journals[1].frontier().rootHash]
        #expect(roots[0] == roots[1])
        for journal in journals { #expect(try await journal.verify().problems == []) }
    }

    @Test("two nodes converge, and nothing of them is unsigned")
    func converge() async throws {
        let nodes = [try await SigningNode(1), try await SigningNode(2)]
        let first = try await nodes[0].open(trusting: nodes, budget: budget)
        let second = try await nodes[1].open(trusting: nodes, budget: budget)
        try await first.note(0..<50, byteCount: 1000)
        try await second.note(100..<150, byteCount: 1000)
        let one = try JournalReplicator("one", first, on: network)
        let two = try JournalReplicator("two", second, on: network)
        try await running(two) {
            let report = try await one.synchronize(with: PeerID("two"))
            #expect(report.received == 51 && report.sent == 51)
            #expect(report.quarantined == [] && report.unsent == 0)
            try await first.note(50..<52)
            #expect(try await one.synchronize(with: PeerID("two")).sent == 3)
        }
        try await expectEqual(first, second)
        #expect(try await first.everything().count == 105)
    }

    @Test("an append of many batches is held until its signature comes, and merged whole")
    func manyBatches() async throws {
        let nodes = [try await SigningNode(1), try await SigningNode(2)]
        let first = try await nodes[0].open(trusting: nodes, budget: budget)
        let second = try await nodes[1].open(trusting: nodes, budget: budget)
        try await first.note(0..<300, byteCount: 1000)
        let one = try JournalReplicator("one", first, on: network)
        let two = try JournalReplicator("two", second, on: network)
        try await running(one) {
            let report = try await two.synchronize(with: PeerID("one"))
            #expect(report.received == 301)
            // More than an exchange takes in one turn.
            #expect(report.batches > 16)
            #expect(report.receivedBytes < 400_000, "nothing was sent twice")
        }
        try await expectEqual(first, second)
    }

    @Test("a relay that forges entries in another's name gives on what is signed, and no more")
    func dishonestRelay() async throws {
        let writer = try await SigningNode(1)
        let reader = try await SigningNode(2)
        let written = try await writer.open(trusting: [reader], budget: budget)
        let read = try await reader.open(trusting: [writer], budget: budget)
        try await written.note(0..<20)
        let relay = MemoryJournalHandler(time: ManualTimeHandler(), origin: OriginID(rawValue: 3))
        _ = try await relay.merge(written.batch(for: relay))
        var forger = Forger(after: try #require(try await relay.everything().last))
        _ = try await relay.merge(JournalBatch(entries: forger.notes(500..<540, byteCount: 1000)))
        let relaying = try JournalReplicator("relay", relay, on: network)
        let writing = try JournalReplicator("writer", written, on: network)
        let reading = try JournalReplicator("reader", read, on: network)
        try await running(relaying, writing) {
            #expect(try await reading.synchronize(with: PeerID("relay")).received == 21)
            #expect(try await read.frontier().sequence(of: writer.origin) == 21)
            try await written.note(20..<25)
            #expect(try await reading.synchronize(with: PeerID("writer")).received == 6)
            try await expectEqual(written, read)
            // The relay's chain forks now: that origin is left out of the exchange with it, and with nobody else.
            #expect(try await reading.synchronize(with: PeerID("relay")).quarantined.map(\.reason) == [.forked])
            try await written.note(25..<26)
            #expect(try await reading.synchronize(with: PeerID("writer")).received == 2)
            try await expectEqual(written, read)
        }
    }

    @Test("an origin whose key is not trusted is left out by name, and all others are exchanged")
    func untrusted() async throws {
        let writer = try await SigningNode(1)
        let reader = try await SigningNode(2)
        let stranger = try await SigningNode(3)
        let strange = try await stranger.open(trusting: [])
        try await strange.note(0..<5)
        let written = try await writer.open(trusting: [stranger])
        try await written.note(0..<5)
        _ = try await written.merge(strange.batch(for: written))
        let read = try await reader.open(trusting: [writer])
        let reading = try JournalReplicator("reader", read, on: network)
        let writing = try JournalReplicator("writer", written, on: network)
        try await running(writing) {
            let report = try await reading.synchronize(with: PeerID("writer"))
            #expect(report.received == 6)
            #expect(report.quarantined.map(\.origin) == [stranger.origin])
            #expect(report.quarantined.map(\.reason) == [.refused])
            let line = TrustedKey.line(stranger.origin, stranger.trustedKey.publicKey)
            #expect(report.quarantined.first?.message.contains(line) == true)
        }
        #expect(try await read.frontier().heads.keys.sorted() == [writer.origin])
    }

    @Test("a signature that was forged on its way leaves the origin out as altered")
    func forgedSignature() async throws {
        let writer = try await SigningNode(1)
        let reader = try await SigningNode(2)
        let read = try await reader.open(trusting: [writer])
        var forger = Forger(writer.origin)
        var entries = forger.notes(0..<3)
        let id = EntryID(rawValue: 77)
        var signature = try await writer.signature(of: forger.head, in: id)
        signature.signature[0] ^= 1
        entries.append(forger.entry(signature, id))
        let relay = MemoryJournalHandler(time: ManualTimeHandler(), origin: OriginID(rawValue: 3))
        _ = try await relay.merge(JournalBatch(entries: entries))
        let relaying = try JournalReplicator("relay", relay, on: network)
        let reading = try JournalReplicator("reader", read, on: network)
        try await running(relaying) {
            let report = try await reading.synchronize(with: PeerID("relay"))
            #expect(report.received == 0)
            #expect(report.quarantined.map(\.reason) == [.altered])
        }
        #expect(try await read.everything() == [])
    }
}
#endif
