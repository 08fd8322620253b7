#if os(Linux)
public import AuraSimulation
internal import Synchronization
public import Testing

/// Runs a test's body in simulations, under many seeds.
///
/// A seed fails where the body throws or one of its expectations does not hold. The test then fails with the first such
/// seed, what it is bound to, and the command that replays it; a shorter schedule that fails too is shown beside it.
/// Expectations that do not hold while seeds run are reported as known issues on the way. With the environment variable
/// `AURA_SEED` only that seed is run.
///
/// ```swift
/// @Test(.simulated(seeds: 200)) func transfersKeepTheSum() async throws { … }
/// ```
public struct SimulatedTrait: TestTrait, SuiteTrait, TestScoping {
    let sweep: SeedSweep

    /// A suite's trait holds for each of its tests.
    public var isRecursive: Bool { true }

    /// Runs the body of a test under every seed.
    @concurrent
    public func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        var sweep = sweep
        if let seed = try ReplayedSeed.fromEnvironment() {
            sweep.seeds = [seed]
            sweep.configuration.keptSteps = max(sweep.configuration.keptSteps, 200)
        }
        let report = await withoutActuallyEscaping(function) { [sweep] function in
            await sweep.run { _ in try await Self.countingExpectations(function) }
        }
        guard !report.isClean else { return }
        let explanation = report.explanation { seed in
            "\(ReplayedSeed.variable)=\(seed) swift test --filter '\(Self.filter(of: test))'"
        }
        Issue.record("\(explanation)", sourceLocation: test.sourceLocation)
    }

    /// Throws for an expectation that does not hold, and keeps it from failing the test at once.
    private static func countingExpectations(_ function: @escaping @Sendable @concurrent () async throws -> Void)
        async throws
    {
        let found = Mutex<(issues: [String], thrown: (any Error)?)>(([], nil))
        await withKnownIssue(isIntermittent: true) {
            do {
                try await function()
            } catch {
                found.withLock { $0.thrown = error }
            }
        } matching: { issue in
            found.withLock { $0.issues.append("\(issue)") }
            return true
        }
        let (issues, thrown) = found.withLock { $0 }
        // An expectation that is required throws as well: what it says is in the issue.
        if let thrown, issues.isEmpty { throw thrown }
        if !issues.isEmpty { throw UnmetExpectations(issues: issues) }
    }

    private static func filter(of test: Test) -> String {
        String(test.name.prefix { $0 != "(" })
    }
}

/// Expectations that did not hold under a seed.
public struct UnmetExpectations: Error, Sendable, CustomStringConvertible {
    /// What Swift Testing says of each.
    public var issues: [String]

    /// All of them, a line each.
    public var description: String { issues.joined(separator: "\n") }
}

extension Trait where Self == SimulatedTrait {
    /// Runs the test in simulations.
    ///
    /// - Parameters:
    ///   - seeds: Under how many seeds.
    ///   - first: The first of them.
    ///   - configuration: How each runs.
    /// - Returns: The trait.
    public static func simulated(
        seeds: Int = 100,
        from first: UInt64 = 0,
        configuration: SimulationConfiguration = SimulationConfiguration()
    ) -> SimulatedTrait {
        SimulatedTrait(
            sweep: SeedSweep(seeds: first..<first + UInt64(clamping: seeds), configuration: configuration)
        )
    }
}
#endif
