internal import AuraEffects
internal import AuraMemory
internal import AuraReplication
internal import AuraRuntime
internal import Logging

extension ResourceBudget {
    /// Batches of 10 KiB.
    static let smallBatches = ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 0.5, ioQuota: .mebibytes(1))
}

extension JournalReplicator {
    /// A replicator of a journal, as a peer of this name.
    convenience init(_ name: String, _ journal: any JournalEffects, on network: MemoryNetwork) throws {
        let time = ManualTimeHandler()
        var effects = EffectSystem()
        effects.journal = journal
        effects.network = try network.join(PeerID(name), time: time)
        effects.time = time
        effects.random = SeededRandomHandler(seed: 7)
        self.init(effects, budget: .smallBatches, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// Lets replicators run while `body` does.
func running(_ replicators: JournalReplicator..., body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for replicator in replicators {
            group.addTask {
                do throws(EffectError) {
                    try await replicator.run()
                } catch {
                    guard error.code == .cancelled else { throw error }
                }
            }
        }
        try await body()
        group.cancelAll()
        try await group.waitForAll()
    }
}
