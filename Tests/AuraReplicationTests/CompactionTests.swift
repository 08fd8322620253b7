internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraReplication

@Suite("Compacted history", .timeLimit(.minutes(5)))
struct CompactionTests {
    private let network = MemoryNetwork()

    @Test("an empty journal gets compacted history with the snapshot that covers it, once")
    func emptyJournal() async throws {
        let left = try TestNode("left", 1, on: network)
        let right = try TestNode("right", 2, on: network)
        try await left.append(0..<1000)
        try await compact(left, before: 900, state: 5000)
        let report = try await running([right]) { try await left.replicator.synchronize(with: right.name) }
        #expect(report.sent == 1000)
        // The snapshot travelled once, though the entries that it covers took several batches.
        #expect(report.sentBytes < 1000 * 120 + 2 * 5000)
        try await expectEqual([left, right], entries: 1000)
        let snapshot = try #require(await right.journal.latestSnapshot(of: "notes"))
        #expect(snapshot.state.count == 5000 && snapshot.revision == Revision(rawValue: 900))
        let rest = try await right.journal.read("notes", from: snapshot.revision, limit: 1000)
        #expect(rest.count == 100)
    }

    @Test("a snapshot that no message has room for comes in parts", arguments: [4096, 10_000])
    func largeSnapshot(messageBytes: Int) async throws {
        let left = try TestNode("left", 1, on: network, messageBytes: messageBytes)
        let right = try TestNode("right", 2, on: network, messageBytes: messageBytes)
        try await left.append(0..<50)
        try await compact(left, before: 50, state: 100_000)
        try await running([right]) { try await left.replicator.synchronize(with: right.name) }
        try await expectEqual([left, right], entries: 50)
        let states = [
            try await left.journal.latestSnapshot(of: "notes")?.state,
            try await right.journal.latestSnapshot(of: "notes")?.state,
        ]
        #expect(states[0] == states[1] && states[0]?.count == 100_000)
    }

    @Test("a later snapshot that takes its place between two parts is sent from its beginning")
    func changedSnapshot() async throws {
        let left = try TestNode("left", 1, on: network, messageBytes: 4096)
        let right = try TestNode("right", 2, on: network, messageBytes: 4096)
        let third = try TestNode("third", 3, on: network, messageBytes: 4096)
        try await left.append(0..<50)
        try await compact(left, before: 40, state: 20_000)
        let later = OneTime()
        right.network.onReply { request, reply, peer throws(EffectError) in
            if case .part? = try? ReplicationReply(reply.payload), later.isFirst {
                let state = [UInt8](repeating: 7, count: 30_000)
                let end = Revision(rawValue: 50)
                try await left.journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: end, state: state))
                // Another peer's parts push those of the first one aside.
                _ = try await third.replicator.synchronize(with: peer)
            }
            return reply
        }
        try await running([left]) { try await right.replicator.synchronize(with: left.name) }
        try await expectEqual([left, right, third], entries: 50)
        #expect(try await right.journal.latestSnapshot(of: "notes")?.state.count == 30_000)
    }

    @Test("a stream that both compacted apart is refused by name, and other origins converge")
    func compactedApart() async throws {
        let left = try TestNode("left", 1, on: network)
        let right = try TestNode("right", 2, on: network)
        try await left.append(0..<10)
        try await right.append(0..<10)
        try await compact(left, before: 10, state: 10)
        try await compact(right, before: 10, state: 10)
        var chain = ForeignChain(9)
        _ = try await right.journal.merge(JournalBatch(entries: chain.entries(5)))
        let report = try await running([right]) { try await left.replicator.synchronize(with: right.name) }
        #expect(report.quarantined.map(\.origin) == [OriginID(rawValue: 2)])
        #expect(report.quarantined.map(\.reason) == [.refused])
        #expect(report.received == 5)
    }

    private func compact(_ node: TestNode, before revision: UInt64, state byteCount: Int) async throws {
        let revision = Revision(rawValue: revision)
        let state = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
        try await node.journal.saveSnapshot(JournalSnapshot(stream: "notes", revision: revision, state: state))
        try await node.journal.compact("notes", before: revision)
    }
}
