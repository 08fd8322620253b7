internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraReplication

@Suite("Large entries", .timeLimit(.minutes(5)))
struct LargeEntryTests {
    private let network = MemoryNetwork()

    @Test("payloads around and beyond the largest message arrive whole", arguments: [4096, 20_000])
    func largePayloads(messageBytes: Int) async throws {
        let left = try TestNode("left", 1, on: network, messageBytes: messageBytes)
        let right = try TestNode("right", 2, on: network, messageBytes: messageBytes)
        var sizes = [0, 1, 10 * messageBytes, 1_000_000, messageBytes, 3]
        sizes += (messageBytes - 300..<messageBytes).map { $0 }
        for (index, size) in sizes.enumerated() {
            let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) }
            let draft = JournalEntry.Draft(id: EntryID(rawValue: UInt128(index) + 1), kind: "test/1", payload: payload)
            try await left.journal.append([draft], to: "notes")
        }
        try await running([right]) { try await left.replicator.synchronize(with: right.name) }
        try await expectEqual([left, right], entries: sizes.count)
        let entries = try await right.journal.readAll(after: .start, limit: 1000)
        #expect(entries.map { $0.payload?.count } == sizes)
    }

    @Test("no message is larger than the network takes, nor a batch than the budget asks for")
    func boundedMessages() async throws {
        let left = try TestNode("left", 1, on: network)
        let right = try TestNode("right", 2, on: network)
        try await left.append(0..<5000)
        let largest = Mutex(0)
        right.network.onReply { request, reply, peer throws(EffectError) in
            largest.withLock { $0 = max($0, reply.payload.count) }
            return reply
        }
        try await running([left]) { try await right.replicator.synchronize(with: left.name) }
        let batch = ResourceBudget.testing.writeBatch.bytes
        #expect((batch..<batch + 200).contains(largest.withLock { $0 }))
    }

    @Test("a payload that is compacted away between its parts comes as compacted")
    func goneMeanwhile() async throws {
        let left = try TestNode("left", 1, on: network, messageBytes: 4096)
        let right = try TestNode("right", 2, on: network, messageBytes: 4096)
        let third = try TestNode("third", 3, on: network, messageBytes: 4096)
        for number in 0..<2 {
            let payload = [UInt8](repeating: UInt8(number), count: 20_000)
            let draft = JournalEntry.Draft(id: EntryID(rawValue: UInt128(number) + 1), kind: "test/1", payload: payload)
            try await left.journal.append([draft], to: "notes")
        }
        let once = OneTime()
        right.network.onReply { request, reply, peer throws(EffectError) in
            if case .part? = try? ReplicationReply(reply.payload), once.isFirst {
                let end = Revision(rawValue: 1)
                try await left.journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: [1]))
                try await left.journal.compact("notes", before: end)
                // Another peer's parts push those of the first one aside.
                _ = try await third.replicator.synchronize(with: peer)
            }
            return reply
        }
        try await running([left]) { try await right.replicator.synchronize(with: left.name) }
        try await expectEqual([left, right, third], entries: 2)
        let payloads = try await right.journal.readAll(after: .start, limit: 10).map { $0.payload?.count }
        #expect(payloads == [nil, 20_000])
    }

    @Test("a payload beyond this journal's own limit is refused before its parts are fetched")
    func beyondLimit() async throws {
        let left = try TestNode("left", 1, on: network, messageBytes: 4096)
        let journal = MemoryJournalHandler(time: ManualTimeHandler(), origin: OriginID(rawValue: 2))
        let small = LimitedJournal(journal, limits: [.payloadBytes: 5000])
        let right = try TestNode("right", 2, on: network, journal: small, messageBytes: 4096)
        var chain = ForeignChain(9)
        _ = try await left.journal.merge(JournalBatch(entries: chain.entries(1, payloadBytes: 50_000)))
        try await left.append(0..<3)
        try await running([left]) {
            let error = await #expect(throws: EffectError.self) {
                try await right.replicator.synchronize(with: left.name)
            }
            #expect(error?.code == .resourceExhausted)
            #expect(right.network.requestCount == 2, "no part was asked for")
            // The origin is left out then, and the others come.
            let report = try await right.replicator.synchronize(with: left.name)
            #expect(report.received == 3 && report.quarantined.map(\.reason) == [.refused])
        }
    }

    @Test("a network whose messages are too small is refused by name")
    func smallMessages() async throws {
        let node = try TestNode("node", 1, on: network, messageBytes: 4095)
        let error = await #expect(throws: EffectError.self) { try await node.replicator.run() }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("4095") == true)
    }
}
