internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import AuraReplication

@Suite("Lost connections", .timeLimit(.minutes(5)))
struct ResumeTests {
    @Test("an exchange that was cut off goes on where the last merge ended")
    func resume() async throws {
        let network = MemoryNetwork()
        let left = try TestNode("left", 1, on: network)
        let right = try TestNode("right", 2, on: network)
        try await left.append(0..<2000)
        // Every fifth batch the connection ends before the reply arrives.
        let batches = Mutex(0)
        right.network.onReply { request, reply, peer throws(EffectError) in
            guard case .batch? = try? ReplicationReply(reply.payload) else { return reply }
            let count = batches.withLock { count in
                count += 1
                return count
            }
            guard count.isMultiple(of: 5) else { return reply }
            network.disconnect(PeerID("left"), PeerID("right"))
            throw EffectError(.unavailable, "The connection ended.", outcome: .unknown)
        }
        try await running([left]) {
            var failures = 0
            while true {
                do throws(EffectError) {
                    try await right.replicator.synchronize(with: left.name)
                    break
                } catch {
                    #expect(error.code == .unavailable)
                    failures += 1
                    let merged = try await right.journal.frontier().sequence(of: OriginID(rawValue: 1))
                    #expect(Int(merged) == right.network.arrivedCount, "what arrived was merged")
                    network.heal()
                }
            }
            #expect(failures > 2)
        }
        // What arrived was never sent again.
        #expect(right.network.arrivals.count == 2000)
        #expect(right.network.arrivals.values.allSatisfy { $0 == 1 })
        // What went in vain and once more is counted once.
        #expect(left.replicator.status.peers.map(\.sent) == [2000])
        try await expectEqual([left, right], entries: 2000)
    }

    @Test("nodes that run go on by themselves as soon as they are connected again")
    func reconnect() async throws {
        let network = MemoryNetwork()
        let left = try TestNode("left", 1, on: network)
        let right = try TestNode("right", 2, on: network)
        network.disconnect(left.name, right.name)
        try await running([left, right]) {
            await waitForChoices(1, [left, right])
            try await left.append(0..<50)
            try await right.append(0..<50, to: "other")
            // Each has looked for a peer to tell, and found none.
            await waitForChoices(2, [left, right])
            network.connect(left.name, right.name)
            try await left.waitForEntries(100)
            try await right.waitForEntries(100)
        }
        try await expectEqual([left, right], entries: 100)
    }

    @Test("a peer that does not answer is given up after the timeout, and named in the status")
    func silence() async throws {
        let network = MemoryNetwork()
        let time = ManualTimeHandler()
        let left = try TestNode("left", 1, on: network, time: time)
        let silent = try network.join(PeerID("silent"), time: time)
        async let outcome = #expect(throws: EffectError.self) {
            try await left.replicator.synchronize(with: PeerID("silent"))
        }
        try await time.waitForSleepers(1)
        time.advance(by: .seconds(10))
        #expect(await outcome?.code == .deadlineExceeded)
        let status = try #require(left.replicator.status.peers.first)
        #expect(status.peer == silent.localPeer && status.lastFailure?.code == .deadlineExceeded)
        #expect(status.lastSuccess == nil)
    }

    /// Waits until each node has so often asked its network for peers.
    private func waitForChoices(_ count: Int, _ nodes: [TestNode]) async {
        while nodes.contains(where: { $0.network.choiceCount < count }) { await Task.yield() }
    }
}
