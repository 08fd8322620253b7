internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Logging
internal import Testing

@testable internal import AuraReplication

/// A node of a test: a journal, a peer of a network, and a replicator over both.
struct TestNode: Sendable {
    let name: PeerID
    let journal: any JournalEffects
    let network: WatchedNetwork
    let time: ManualTimeHandler
    let replicator: JournalReplicator

    init(
        _ name: String,
        _ origin: UInt128,
        on network: MemoryNetwork,
        time: ManualTimeHandler = ManualTimeHandler(),
        journal: (any JournalEffects)? = nil,
        messageBytes: Int = ByteCount.mebibytes(1).bytes,
        budget: ResourceBudget = .testing,
        configure: (inout ReplicationConfiguration) -> Void = { _ in }
    ) throws {
        let name = PeerID(name)
        self.name = name
        self.time = time
        self.journal = journal ?? MemoryJournalHandler(time: time, origin: OriginID(rawValue: origin))
        self.network = WatchedNetwork(try network.join(name, time: time), messageBytes: messageBytes)
        var effects = EffectSystem()
        effects.journal = self.journal
        effects.network = self.network
        effects.time = time
        effects.random = SeededRandomHandler(seed: UInt64(truncatingIfNeeded: origin))
        var configuration = ReplicationConfiguration()
        configure(&configuration)
        replicator = JournalReplicator(
            effects,
            budget: budget,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}

extension TestNode {
    /// Appends entries whose payloads name the node.
    @discardableResult
    func append(_ numbers: Range<Int>, to stream: StreamName = "notes") async throws -> AppendReceipt {
        let drafts = numbers.map { number in
            JournalEntry.Draft(
                id: EntryID(rawValue: UInt128(number) + 1),
                kind: "test/1",
                payload: Array("\(name) \(number)".utf8)
            )
        }
        return try await journal.append(drafts, to: stream)
    }

    /// Waits until the journal has so many entries.
    func waitForEntries(_ count: Int) async throws {
        var seen = 0
        for try await _ in journal.subscribe(after: .start) {
            seen += 1
            if seen == count { return }
        }
    }

    var root: SHA256Digest {
        get async throws { try await journal.frontier().rootHash }
    }
}

extension ResourceBudget {
    /// Batches of 10 KiB.
    static let testing = ResourceBudget(
        memoryLimit: .mebibytes(64),
        cpuQuota: 0.5,
        ioQuota: .mebibytes(1)
    )
}

/// Lets the nodes' replicators run while `body` does, and waits until they ended.
@discardableResult
func running<Value: Sendable>(_ nodes: [TestNode], _ body: () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for node in nodes {
            group.addTask {
                do throws(EffectError) {
                    try await node.replicator.run()
                } catch {
                    guard error.code == .cancelled else { throw error }
                }
            }
        }
        let value = try await body()
        group.cancelAll()
        try await group.waitForAll()
        return value
    }
}

/// Expects equal journals that are sound.
func expectEqual(_ nodes: [TestNode], entries count: Int) async throws {
    for node in nodes {
        let root = try await node.root
        let report = try await node.journal.verify()
        #expect(try await root == nodes[0].root, "\(node.name) differs")
        #expect(report.problems.isEmpty)
        #expect(report.checkedEntries == count, "\(node.name)")
    }
}
