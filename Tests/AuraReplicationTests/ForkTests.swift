internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraReplication

@Suite("Forked chains", .timeLimit(.minutes(5)))
struct ForkTests {
    private let network = MemoryNetwork()
    private let time = ManualTimeHandler()
    private let origin = OriginID(rawValue: 9)

    @Test(
        "a forked chain is named and quarantined on both sides, and other origins converge",
        arguments: [(1, 1), (5, 2), (2, 5), (400, 3)]
    )
    func forked(lengths: (left: Int, right: Int)) async throws {
        let left = try TestNode("left", 1, on: network, time: time)
        let right = try TestNode("right", 2, on: network, time: time)
        try await fork(left, right, lengths.left, lengths.right)
        try await left.append(0..<30)
        try await right.append(0..<20, to: "other")
        try await running([right]) {
            let report = try await left.replicator.synchronize(with: right.name)
            #expect(report.quarantined.map(\.origin) == [origin])
            #expect(report.quarantined.map(\.reason) == [.forked])
            #expect(report.quarantined.allSatisfy { $0.message.contains("\(origin)") })
            #expect(report.sent == 30 && report.received == 20 && report.unsent == 0)
            let theirs = right.replicator.status.quarantined
            #expect(theirs.map(\.origin) == [origin] && theirs.map(\.peer) == [left.name])
            // What is appended later converges too.
            try await left.append(100..<105)
            try await left.replicator.synchronize(with: right.name)
        }
        try await expectEqualApartFromFork(left, right)
        #expect(try await left.journal.frontier().sequence(of: origin) == UInt64(3 + lengths.left))
        #expect(try await right.journal.frontier().sequence(of: origin) == UInt64(3 + lengths.right))
    }

    @Test("the branches of a fork do not travel, however often peers meet")
    func noExchange() async throws {
        let left = try TestNode("left", 1, on: network, time: time)
        let right = try TestNode("right", 2, on: network, time: time)
        try await fork(left, right, 6, 2)
        try await running([right]) {
            for _ in 0..<5 {
                try await left.replicator.synchronize(with: right.name)
                time.advance(by: .seconds(400))
            }
        }
        #expect(left.network.arrivedCount == 0 && right.network.arrivedCount == 0)
    }

    @Test("a third journal takes one branch, and is told of the other")
    func thirdJournal() async throws {
        let left = try TestNode("left", 1, on: network, time: time)
        let right = try TestNode("right", 2, on: network, time: time)
        let third = try TestNode("third", 3, on: network, time: time)
        try await fork(left, right, 4, 4)
        try await left.append(0..<5)
        try await right.append(0..<5, to: "other")
        try await running([left, right]) {
            let first = try await third.replicator.synchronize(with: left.name)
            #expect(first.quarantined.isEmpty)
            let second = try await third.replicator.synchronize(with: right.name)
            #expect(second.quarantined.map(\.origin) == [origin])
            // What is right's own may have come to left before, and from there.
            #expect(first.received + second.received == 17)
        }
        #expect(try await third.journal.frontier().heads[origin] == left.journal.frontier().heads[origin])
        try await expectEqualApartFromFork(third, right)
    }

    @Test("a journal restored from an older copy is named by its own origin, and still takes what is new of others")
    func restoredCopy() async throws {
        let original = MemoryJournalHandler(time: time, origin: OriginID(rawValue: 1))
        let copy = MemoryJournalHandler(time: time, origin: OriginID(rawValue: 1))
        let right = try TestNode("right", 2, on: network, time: time)
        let drafts = (0..<6).map { JournalEntry.Draft(id: EntryID(rawValue: $0 + 1), kind: "test/1", payload: [1]) }
        try await original.append(drafts, to: "notes")
        _ = try await right.journal.merge(original.entries(beyond: JournalFrontier(), limit: 10))
        try await right.append(0..<4, to: "other")
        // The copy has half of the entries, and the same time stamps.
        try await copy.append(Array(drafts.prefix(3)), to: "notes")
        let restored = try TestNode("restored", 1, on: network, time: time, journal: copy)
        try await running([right]) {
            let report = try await restored.replicator.synchronize(with: right.name)
            #expect(report.quarantined.map(\.origin) == [OriginID(rawValue: 1)])
            #expect(report.received == 4)
        }
        #expect(try await restored.journal.frontier().sequence(of: OriginID(rawValue: 1)) == 3)
    }

    @Test("a quarantine ends once the peer's journal was replaced")
    func replaced() async throws {
        let left = try TestNode("left", 1, on: network, time: time)
        let right = try TestNode("right", 2, on: network, time: time)
        try await fork(left, right, 4, 2)
        try await running([right]) { try await left.replicator.synchronize(with: right.name) }
        #expect(left.replicator.status.quarantined.count == 1)
        right.network.stop()
        let replaced = try TestNode("right", 3, on: network, time: time)
        try await running([replaced]) {
            try await left.replicator.synchronize(with: replaced.name)
            #expect(try await replaced.journal.frontier().sequence(of: origin) == 0)
            time.advance(by: ReplicationConfiguration().quarantine)
            let report = try await left.replicator.synchronize(with: replaced.name)
            #expect(report.quarantined.isEmpty)
        }
        try await expectEqual([left, replaced], entries: 7)
    }

    /// Gives both journals three entries of an origin, and different ones after these.
    private func fork(_ left: TestNode, _ right: TestNode, _ leftCount: Int, _ rightCount: Int) async throws {
        var trunk = ForeignChain(9)
        let shared = trunk.entries(3)
        var branch = ForeignChain(9, after: trunk)
        _ = try await left.journal.merge(JournalBatch(entries: shared + trunk.entries(leftCount)))
        _ = try await right.journal.merge(JournalBatch(entries: shared + branch.entries(rightCount)))
    }

    private func expectEqualApartFromFork(_ left: TestNode, _ right: TestNode) async throws {
        var frontiers = [try await left.journal.frontier(), try await right.journal.frontier()]
        for index in frontiers.indices { frontiers[index].heads[origin] = nil }
        #expect(frontiers[0] == frontiers[1])
        #expect(try await left.journal.verify().isClean)
        #expect(try await right.journal.verify().isClean)
    }
}
