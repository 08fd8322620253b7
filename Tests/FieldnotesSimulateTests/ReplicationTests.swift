internal import AuraEffects
internal import AuraSimulation
internal import Foundation
internal import Testing

@testable internal import FieldnotesSimulate

/// Devices that replicate their notebooks under faults, from seeds.
@Suite struct ReplicationTests {
    private static let isLong = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil

    private static var sweep: SeedSweep {
        var configuration = SimulationConfiguration(maximumSteps: 200_000_000)
        configuration.stepCost = .upTo(.microseconds(20))
        return SeedSweep(
            seeds: 0..<(isLong ? 60 : 5),
            configuration: configuration,
            repeatInterval: 8,
            shrinkingRuns: 0
        )
    }

    @Test func devicesBecomeEqualAfterAllKindsOfFaults() async throws {
        var scenario = ReplicationScenario()
        scenario.duration = .seconds(20)
        let report = await Self.sweep.run { [scenario] seed in try await scenario.run(seed: seed) }
        #expect(report.isClean, "\(report.explanation { "fieldnotes-simulate --seconds 20 --seed \($0)" })")
    }

    @Test func aDeviceThatIsRestoredFromNothingGetsTheOthersEntries() async throws {
        var scenario = ReplicationScenario()
        scenario.nodeCount = 3
        scenario.writerCount = 6
        scenario.duration = .seconds(20)
        scenario.plan = try FaultPlan(parsing: "at 5s for 5s on device-2: bit-flips 0.1")
        let report = await Self.sweep.run { [scenario] seed in try await scenario.run(seed: seed) }
        #expect(report.isClean, "\(report.explanation(replayedBy: nil))")
    }

    @Test func aLostAcknowledgementIsNoticed() async throws {
        let ledger = Ledger()
        ledger.write(
            [
                AppendReceipt(
                    stream: "s",
                    items: [
                        .init(
                            id: EntryID(rawValue: 7),
                            revision: Revision(rawValue: 0),
                            position: Position(rawValue: 1)
                        )
                    ]
                )
            ],
            of: "device-1"
        )
        let failure = await #expect(throws: ReplicaFailure.self) {
            try await Simulation(seed: 1)
                .run {
                    try await withWorld(seed: 1) { world in
                        var scenario = ReplicationScenario()
                        scenario.nodeCount = 2
                        for name in ["device-1", "device-2"] {
                            try await world.addNode(name, try scenario.program(of: name, Ledger()))
                        }
                        try await ReplicaCheck(
                            devices: world.nodes,
                            ledger: ledger,
                            diaries: [],
                            damaged: [],
                            settlingTime: .seconds(60)
                        )
                        .run()
                    }
                }
        }
        #expect(failure?.description.contains("device-1 has acknowledged") == true)
    }
}
