internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import AuraSystem
internal import Logging
internal import Measuring

/// Appends of one entry to a journal over key-values by many tasks at once, where each request takes some milliseconds.
final class KeyValueAppends: Comparison {
    /// What is measured.
    enum Figure {
        case rate
        case requestsPerEntry
    }

    let name: String
    let target: Target

    private let figure: Figure
    private let workload: Workload
    private static let taskCount = 256
    private static let delay = Duration.milliseconds(5)

    init(_ name: String, _ figure: Figure, target: Target, entries: Int) {
        self.name = name
        self.figure = figure
        self.target = target
        workload = Workload(count: entries)
    }

    var unit: String { figure == .rate ? "entries/s" : "requests/entry" }
    var isHigherBetter: Bool { figure == .rate }

    func measureOurs() async throws -> Double {
        let table = DelayedTable(delay: Self.delay)
        let context = HandlerContext(
            budget: ResourceBudget(memoryLimit: .gibibytes(2), cpuQuota: 1, ioQuota: .mebibytes(1000)),
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "bench")
        )
        let journal = try await KeyValueJournalHandler.open(over: table, .init(), context)
        let requestsBefore = table.requestCount
        let elapsed = try await seconds { try await append(to: journal) }
        let requests = table.requestCount - requestsBefore
        let found = try await journal.frontier().heads.values.reduce(0) { $0 + Int($1.sequence) }
        await journal.close()
        guard found == workload.count else { throw MissingEntries(expected: workload.count, found: found) }
        switch figure {
        case .rate: return Double(workload.count) / elapsed
        case .requestsPerEntry: return Double(requests) / Double(workload.count)
        }
    }

    private func append(to journal: KeyValueJournalHandler) async throws {
        let workload = workload
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<Self.taskCount {
                group.addTask {
                    for index in stride(from: task, to: workload.count, by: Self.taskCount) {
                        let stream = Workload.streams[index % Workload.streamCount]
                        try await journal.append([workload.drafts[index]], to: stream)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
