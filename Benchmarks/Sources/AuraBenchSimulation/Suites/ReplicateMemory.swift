internal import AuraEffects
internal import AuraMemory
internal import AuraReplication
internal import AuraRuntime
internal import Logging
internal import Measuring

/// Brings a journal in memory to a second, empty one over the network in memory, from the first frontier to equal roots.
final class ReplicateMemory: Comparison {
    let name = "replicate-100000"
    let unit = "entries/s"
    let isHigherBetter = true
    let target = Target.oursAtLeast(100_000)

    private let workload: Workload

    init(entries: Int) {
        workload = Workload(count: entries)
    }

    func measureOurs() async throws -> Double {
        let network = MemoryNetwork()
        let source = try Node("source", seed: 1, on: network)
        let target = try Node("target", seed: 2, on: network)
        for (index, draft) in workload.drafts.enumerated() {
            try await source.effects.journal.append([draft], to: Workload.streams[index % Workload.streamCount])
        }
        let serving = Task { try? await source.replicator.run() }
        let elapsed = try await seconds {
            let report = try await target.replicator.synchronize(with: source.effects.network.localPeer)
            guard report.received == workload.count else {
                throw MissingEntries(expected: workload.count, found: report.received)
            }
        }
        serving.cancel()
        _ = await serving.value
        let roots = [
            try await source.effects.journal.frontier().rootHash, try await target.effects.journal.frontier().rootHash,
        ]
        guard roots[0] == roots[1] else { throw MissingEntries(expected: workload.count, found: 0) }
        return Double(workload.count) / elapsed
    }

    private struct Node {
        var effects = EffectSystem()
        let replicator: JournalReplicator

        init(_ name: String, seed: UInt64, on network: MemoryNetwork) throws {
            let time = ManualTimeHandler()
            let random = SeededRandomHandler(seed: seed)
            effects.time = time
            effects.random = random
            effects.journal = MemoryJournalHandler(time: time, random: random)
            effects.network = try network.join(PeerID(name), time: time)
            let server = RuntimeEnvironment.server
            replicator = JournalReplicator(
                effects,
                budget: ResourceBudget(memoryLimit: server.memory, cpuQuota: server.cpu, ioQuota: server.io),
                logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
            )
        }
    }
}
