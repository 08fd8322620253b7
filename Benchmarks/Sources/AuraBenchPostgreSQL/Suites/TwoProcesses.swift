internal import ArgumentParser
internal import AuraEffects
internal import Glibc
internal import Measuring

/// Two processes that write to one journal at once, against one process with as many tasks.
final class TwoProcesses: Comparison {
    let name = "two-processes"
    let unit = "entries/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.9)

    private static let tasks = 128

    private let folder: String
    private let entries: Int

    init(folder: String, entries: Int) {
        self.folder = folder
        self.entries = entries
    }

    func measureOurs() async throws -> Double { try await measure(processes: 2) }
    func measureBaseline() async throws -> Double? { try await measure(processes: 1) }

    private func measure(processes: Int) async throws -> Double {
        let server = try Server.shared(in: folder)
        try server.dropTables()
        try await JournalOnPostgreSQL.open(server.url) { _ in }
        let children = try (0..<processes)
            .map { number in
                try ChildProcess(
                    arguments: [
                        "appending-process", folder, "\(number)", "\(Self.tasks / processes)", "\(entries / processes)",
                    ]
                )
            }
        // Each stops itself once its journal is open, so that starting it is not measured.
        for child in children { try child.waitUntilStopped() }
        let clock = ContinuousClock()
        let start = clock.now
        for child in children { child.resume() }
        for child in children { try child.waitUntilEnded() }
        let elapsed = start.duration(to: clock.now) / .seconds(1)
        try await check(server)
        return Double(entries) / elapsed
    }

    private func check(_ server: Server) async throws {
        let found = try await JournalOnPostgreSQL.open(server.url) { journal in
            try await journal.readAll(after: Position(rawValue: UInt64(entries) - 1), limit: 10).count
        }
        guard found == 1 else { throw MissingEntries(expected: 1, found: found) }
    }
}

/// What ``TwoProcesses`` runs as processes of their own.
struct AppendingProcess: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "appending-process",
        abstract: "Opens the journal, stops itself, and once it goes on appends entries.",
        shouldDisplay: false
    )

    @Argument var folder: String
    @Argument var number: Int
    @Argument var tasks: Int
    @Argument var entries: Int

    func run() async throws {
        // Each process has streams and ids of its own, like servers that share the requests among them.
        let workload = Workload(count: entries, seed: UInt64(number))
        let url = try Server.url(in: folder)
        try await JournalOnPostgreSQL.open(url) { journal in
            raise(SIGSTOP)
            try await journal.append(workload, tasks: tasks, entriesPerAppend: 1)
        }
    }
}
