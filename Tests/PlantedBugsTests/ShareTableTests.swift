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

    @Test("are written as a table", .enabled(if: ProcessInfo.processInfo.environment["AURA_BUG_TABLE"] != nil))
    func table() async throws {
        var lines = [
            "| bug | first seed | " + Self.schedulings.map(\.name).joined(separator: " | ") + " |",
            "|---|--:|" + String(repeating: "--:|", count: Self.schedulings.count),
        ]
        for bug in PlantedBug.all {
            var (cells, firstSeed): ([String], UInt64?) = ([], nil)
            for (index, (_, scheduling)) in Self.schedulings.enumerated() {
                let failures = await SeedRuns(scheduling: scheduling).failures(of: bug.buggy, seeds: 0..<500)
                if index == 0 { firstSeed = failures.first?.seed }
                cells.append(String(format: "%.1f %%", Double(failures.count) / 5))
            }
            lines.append("| \(bug) | \(firstSeed.map { "\($0)" } ?? "none") | \(cells.joined(separator: " | ")) |")
        }
        let path = try #require(ProcessInfo.processInfo.environment["AURA_BUG_TABLE"])
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
    }
}
