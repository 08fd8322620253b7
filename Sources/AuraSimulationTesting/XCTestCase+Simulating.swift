#if os(Linux) && canImport(XCTest)
public import AuraSimulation
public import XCTest

extension XCTestCase {
    /// Runs a program in simulations, under many seeds, and fails the test with the first one that fails.
    ///
    /// A seed fails where the program throws; an assertion of XCTest that fails does so at once, under whatever seed. With
    /// the environment variable `AURA_SEED` only that seed is run.
    ///
    /// - Parameters:
    ///   - seeds: Under how many seeds.
    ///   - configuration: How each runs.
    ///   - file: The file that a failure is reported for.
    ///   - line: The line that a failure is reported for.
    ///   - program: The program.
    /// - Throws: ``ReplayedSeed/Malformed`` where `AURA_SEED` is no seed.
    public func simulate(
        seeds: Int = 100,
        configuration: SimulationConfiguration = SimulationConfiguration(),
        file: StaticString = #filePath,
        line: UInt = #line,
        _ program: @escaping @Sendable () async throws -> Void
    ) async throws {
        var sweep = SeedSweep(seeds: 0..<UInt64(clamping: seeds), configuration: configuration)
        if let seed = try ReplayedSeed.fromEnvironment() { sweep.seeds = [seed] }
        let report = await sweep.run { _ in try await program() }
        guard !report.isClean else { return }
        let filter = name.split(separator: ".").last.map(String.init) ?? name
        let explanation = report.explanation { "\(ReplayedSeed.variable)=\($0) swift test --filter '\(filter)'" }
        XCTFail(explanation, file: file, line: line)
    }
}
#endif
