internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraReplication

@Suite("Many origins", .timeLimit(.minutes(5)))
struct ManyOriginsTests {
    private let network = MemoryNetwork()

    @Test("frontiers that no message has room for are exchanged in pages", arguments: [(200, 150), (300, 0), (0, 300)])
    func pages(counts: (left: Int, right: Int)) async throws {
        let left = try TestNode("left", 1, on: network, messageBytes: 4096)
        let right = try TestNode("right", 2, on: network, messageBytes: 4096)
        try await fill(left, counts.left, salt: 1)
        try await fill(right, counts.right, salt: 2)
        let both = 2 * (counts.left + counts.right)
        try await running([right]) {
            let report = try await left.replicator.synchronize(with: right.name)
            #expect(report.received == 2 * counts.right && report.sent == 2 * counts.left && report.unsent == 0)
            let again = try await left.replicator.synchronize(with: right.name)
            #expect(again.received == 0 && again.sent == 0)
        }
        try await expectEqual([left, right], entries: both)
    }

    @Test("many exchanges at once bring each entry once")
    func manyPeers() async throws {
        let nodes = try (1...8).map { try TestNode("node \($0)", UInt128($0), on: network) }
        var chain = ForeignChain(99)
        let entries = chain.entries(800)
        for (index, node) in nodes.enumerated().dropFirst() {
            _ = try await node.journal.merge(JournalBatch(entries: Array(entries.prefix(100 * (index + 1)))))
        }
        try await running(Array(nodes.dropFirst())) {
            await withTaskGroup(of: Void.self) { group in
                for peer in nodes.dropFirst() {
                    group.addTask { _ = try? await nodes[0].replicator.synchronize(with: peer.name) }
                }
            }
        }
        #expect(try await nodes[0].journal.frontier().sequence(of: chain.origin) == 800)
        #expect(nodes[0].network.arrivals.count == 800)
        #expect(nodes[0].network.arrivals.values.allSatisfy { $0 == 1 })
    }

    /// Merges two entries of each of so many origins that are spread over the whole range.
    private func fill(_ node: TestNode, _ count: Int, salt: UInt64) async throws {
        var generator = SeededRandomHandler(seed: salt).generator
        for _ in 0..<count {
            var chain = ForeignChain(UInt128(generator.next()) << 64 | UInt128(generator.next()))
            _ = try await node.journal.merge(JournalBatch(entries: chain.entries(2)))
        }
    }
}
