internal import AuraEffects
internal import AuraMemory
internal import Measuring

/// Appends of one entry to the journal in memory; it hashes and chains as every journal does.
final class AppendMemory: Comparison {
    let name = "append-memory"
    let unit = "entries/s"
    let isHigherBetter = true
    let target = Target.none

    private let workload: Workload

    init(entries: Int) {
        workload = Workload(count: entries)
    }

    func measureOurs() async throws -> Double {
        let journal: any JournalEffects = MemoryJournalHandler(
            time: ManualTimeHandler(),
            random: SeededRandomHandler(seed: 1)
        )
        let elapsed = try await seconds {
            for (index, draft) in workload.drafts.enumerated() {
                try await journal.append([draft], to: Workload.streams[index % Workload.streamCount])
            }
        }
        return Double(workload.count) / elapsed
    }
}
