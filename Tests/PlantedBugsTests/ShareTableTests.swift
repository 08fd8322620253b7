internal import AuraSimulation
internal import Foundation
internal import PlantedBugs
internal import Testing

/// What share of the seeds finds each bug, by scheduling: the table of the documentation.
@Suite("shares of failing seeds") struct ShareTableTests {
    private static let schedulings: [(name: String, scheduling: Scheduling)] = [
        ("mixed", .mixed), ("random", .random), ("first in, first out", .firstInFirstOut),
        ("sticky 0.2", .sticky(switching: 0.2)), ("priority change 3", .priorityChange(changes: 3)),
    ]

    /// Of 500 seeds, to the file that `AURA_BUG_TABLE` in the environment names; without it of a few, to none.
    @Test func areWrittenAsATable() async throws {
        let path = ProcessInfo.processInfo.environment["AURA_BUG_TABLE"]
        let seeds: UInt64 = path == nil ? 4 : 500
        var lines = [
            "| bug | first seed | " + Self.schedulings.map(\.name).joined(separator: " | ") + " |",
            "|---|--:|" + String(repeating: "--:|", count: Self.schedulings.count),
        ]
        for bug in PlantedBug.all {
            var (cells, firstSeed): ([String], UInt64?) = ([], nil)
            for (index, (_, scheduling)) in Self.schedulings.enumerated() {
                let failures = await SeedRuns(scheduling: scheduling).failures(of: bug.buggy, seeds: 0..<seeds)
                if index == 0 { firstSeed = failures.first?.seed }
                cells.append(String(format: "%.1f %%", 100 * Double(failures.count) / Double(seeds)))
            }
            lines.append("| \(bug) | \(firstSeed.map { "\($0)" } ?? "none") | \(cells.joined(separator: " | ")) |")
        }
        #expect(lines.count == PlantedBug.all.count + 2)
        guard let path else { return }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
    }
}
