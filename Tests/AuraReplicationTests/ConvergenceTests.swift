internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraReplication

@Suite("Convergence", .timeLimit(.minutes(5)))
struct ConvergenceTests {
    @Test("an exchange brings the entries of both journals to the other one")
    func bothWays() async throws {
        let network = MemoryNetwork()
        let left = try TestNode("left", 1, on: network)
        let right = try TestNode("right", 2, on: network)
        try await left.append(0..<700)
        try await right.append(0..<40, to: "other")
        let report = try await running([right]) { try await left.replicator.synchronize(with: right.name) }
        #expect(report.received == 40)
        #expect(report.sent == 700)
        #expect(report.unsent == 0)
        #expect(report.quarantined.isEmpty)
        try await expectEqual([left, right], entries: 740)
    }

    @Test("an exchange of equal journals sends no entry")
    func equalJournals() async throws {
        let network = MemoryNetwork()
        let left = try TestNode("left", 1, on: network)
        let right = try TestNode("right", 2, on: network)
        try await left.append(0..<30)
        try await running([right]) {
            try await left.replicator.synchronize(with: right.name)
            let arrived = right.network.arrivedCount
            let report = try await left.replicator.synchronize(with: right.name)
            #expect(report.sent == 0 && report.received == 0 && report.batches == 0)
            #expect(right.network.arrivedCount == arrived)
        }
    }

    @Test("only missing entries travel")
    func onlyMissing() async throws {
        let network = MemoryNetwork()
        let left = try TestNode("left", 1, on: network)
        let right = try TestNode("right", 2, on: network)
        try await left.append(0..<500)
        _ = try await right.journal.merge(left.journal.entries(beyond: JournalFrontier(), limit: 300))
        try await right.append(0..<10, to: "other")
        try await running([right]) { try await left.replicator.synchronize(with: right.name) }
        #expect(right.network.arrivedCount == 200)
        #expect(left.network.arrivedCount == 10)
        try await expectEqual([left, right], entries: 510)
    }

    @Test("a new entry travels at once, without an interval passing")
    func liveEntries() async throws {
        let network = MemoryNetwork()
        let nodes = try ["a", "b", "c"].enumerated()
            .map { index, name in
                try TestNode(name, UInt128(index + 1), on: network)
            }
        try await running(nodes) {
            for round in 0..<5 {
                try await nodes[round % 3].append(round..<round + 1)
                for node in nodes { try await node.waitForEntries(round + 1) }
            }
        }
        try await expectEqual(nodes, entries: 5)
        #expect(nodes.allSatisfy { $0.time.monotonicNow == MonotonicInstant(nanoseconds: 0) })
    }

    @Test("five nodes gossip to equality, and each entry travels to a node once")
    func fiveNodes() async throws {
        let network = MemoryNetwork()
        let time = ManualTimeHandler()
        // Time passes as fast as it can: no request may be given up for it.
        let nodes = try (1...5)
            .map { number in
                try TestNode("node \(number)", UInt128(number), on: network, time: time) { configuration in
                    configuration.requestTimeout = .seconds(86_400)
                }
            }
        for (index, node) in nodes.enumerated() { try await node.append(0..<100 * (index + 1)) }
        try await running(nodes) {
            try await gossip(nodes, time: time, until: 1500)
            for node in nodes { try await node.append(2000..<2010, to: "later") }
            try await gossip(nodes, time: time, until: 1550)
        }
        try await expectEqual(nodes, entries: 1550)
        for node in nodes { #expect(node.network.arrivals.values.allSatisfy { $0 == 1 }, "\(node.name)") }
    }

    @Test("devices that know the server alone get each other's entries from it")
    func star() async throws {
        let network = MemoryNetwork()
        let time = ManualTimeHandler()
        let server = try TestNode("server", 100, on: network, time: time) { $0.fanout = .max }
        let devices = try (1...4)
            .map { number in
                try TestNode("device \(number)", UInt128(number), on: network, time: time) { configuration in
                    configuration.peers = .only([PeerID("server")])
                }
            }
        for device in devices { try await device.append(0..<20) }
        try await running([server] + devices) {
            for node in [server] + devices { try await node.waitForEntries(80) }
            try await devices[3].append(20..<21)
            for node in [server] + devices { try await node.waitForEntries(81) }
        }
        try await expectEqual([server] + devices, entries: 81)
        for device in devices {
            let peers = device.replicator.status.peers.map(\.peer)
            #expect(peers == [PeerID("server")])
        }
    }

    @Test("a node that names its peers refuses others")
    func namedPeers() async throws {
        let network = MemoryNetwork()
        let device = try TestNode("device", 1, on: network) { $0.peers = .only([PeerID("server")]) }
        let stranger = try TestNode("stranger", 2, on: network)
        try await device.append(0..<3)
        try await running([device]) {
            let error = await #expect(throws: EffectError.self) {
                try await stranger.replicator.synchronize(with: device.name)
            }
            #expect(error?.code == .permissionDenied)
        }
        #expect(try await stranger.journal.frontier().heads.isEmpty)
    }

    /// Lets intervals pass until every node has so many entries.
    private func gossip(_ nodes: [TestNode], time: ManualTimeHandler, until count: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes { group.addTask { try await node.waitForEntries(count) } }
            group.addTask {
                while true {
                    try await time.waitForSleepers(nodes.count)
                    time.advance(by: .seconds(8))
                    await Task.yield()
                    try Task.checkCancellation()
                }
            }
            for _ in nodes { try await group.next() }
            group.cancelAll()
            while let _ = try? await group.next() {}
        }
    }
}
