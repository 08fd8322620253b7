internal import AuraSimulation
internal import Foundation
internal import PlantedBugs

/// Runs a program from many seeds, some at a time.
struct SeedRuns {
    var scheduling = Scheduling.mixed
    var stepCost = StepCost.drawn

    private static let atATime = 4

    /// What one seed led to; `nil` where the program ended well.
    func failure(of program: @escaping @Sendable () async throws -> Void, seed: UInt64) async -> String? {
        let configuration = SimulationConfiguration(
            scheduling: scheduling,
            stepCost: stepCost,
            maximumSteps: 100_000
        )
        do {
            try await Simulation(seed: seed, configuration: configuration).run(program)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// The seeds that fail, in order, with what they found.
    func failures(
        of program: @escaping @Sendable () async throws -> Void,
        seeds: Range<UInt64>
    ) async -> [(seed: UInt64, failure: String)] {
        await withTaskGroup { group in
            for lane in 0..<UInt64(Self.atATime) {
                group.addTask {
                    var found: [(seed: UInt64, failure: String)] = []
                    for seed in stride(from: seeds.lowerBound + lane, to: seeds.upperBound, by: Self.atATime) {
                        if let failure = await failure(of: program, seed: seed) { found.append((seed, failure)) }
                    }
                    return found
                }
            }
            return await group.reduce(into: []) { $0 += $1 }.sorted { $0.seed < $1.seed }
        }
    }
}

/// Whether the environment asks for the counts of a long run.
let isSoak = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil
