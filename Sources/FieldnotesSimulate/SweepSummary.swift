internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraSimulation
internal import AuraSystem
internal import Synchronization

/// Shows how a sweep goes on, and what came of it.
final class SweepSummary: Sendable {
    private let command: String
    private let display: ProgressDisplay
    private let counts = Mutex((seeds: 0, failures: 0, steps: 0))
    private let time = SystemTimeHandler()
    private let start = SystemTimeHandler().monotonicNow

    init(command: String) {
        self.command = command
        display = ProgressDisplay(SystemTimeHandler())
    }

    /// Takes note of a run that has ended.
    func note(_ run: SeedRun) {
        let counts = counts.withLock { counts in
            counts.seeds += 1
            counts.steps += run.steps
            if run.failure != nil { counts.failures += 1 }
            return counts
        }
        display.show("\(counts.seeds) seeds, \(counts.failures) failing, \(counts.steps) steps")
    }

    func finish() {
        display.finish()
    }

    private var elapsed: Duration { start.duration(to: time.monotonicNow) }

    func text(_ report: SeedSweepReport) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        var lines = [
            "\(report.seedCount) seeds, \(report.failures.count) failing; \(report.steps) steps, "
                + "\(report.elapsed.components.seconds) s of virtual time in \((seconds * 10).rounded() / 10) s"
        ]
        for failure in report.failures {
            lines.append("seed \(failure.seed): \(failure.failure.map { "\($0)" } ?? "")")
            lines.append("  replay it with: \(command) --seed \(failure.seed)")
            lines += failure.lastSteps.map { "  \($0)" }
        }
        for (property, count) in report.reached.sorted(by: { $0.key < $1.key }) {
            lines.append(count == 0 ? "never reached: \(property)" : "reached in \(count) seeds: \(property)")
        }
        return lines.joined(separator: "\n")
    }

    func json(_ report: SeedSweepReport) -> String {
        JSONValue.object([
            .init(key: "seeds", value: .integer(report.seedCount)),
            .init(key: "steps", value: .integer(report.steps)),
            .init(key: "virtualSeconds", value: .integer(Int(report.elapsed.components.seconds))),
            .init(
                key: "failures",
                value: .array(
                    report.failures.map { run in
                        [
                            "seed": .string("\(run.seed)"),
                            "error": .string(run.failure.map { "\($0)" } ?? ""),
                            "replay": .string("\(command) --seed \(run.seed)"),
                        ]
                    }
                )
            ),
            .init(
                key: "reached",
                value: .array(
                    report.reached.sorted { $0.key < $1.key }
                        .map { property, count in
                            ["property": .string(property), "seeds": .integer(count)]
                        }
                )
            ),
        ])
        .description
    }

    /// Writes the report to a file, in the place of what was there.
    func write(_ text: String, to path: String) throws {
        do throws(OutputFile.Failure) {
            let file = try OutputFile(path, replaces: true)
            try file.append(Array("\(text)\n".utf8))
        } catch {
            throw ValidationError("The report cannot be written to \(path) (\(error)): name another file.")
        }
    }
}
