internal import AuraSimulation
internal import Foundation
internal import PlantedBugs
internal import Testing

/// The same seed gives the same trace.
@Suite("determinism") struct DeterminismTests {
    private static let hanging = [PlantedBug.lostWakeup.name, PlantedBug.actorDeadlock.name]

    /// A program that uses what could differ from run to run: addresses, hashes, clocks, random numbers, every kind of hop.
    @Sendable static func program() async throws {
        Simulation.note("\(UUID()) \(Date()) \(ContinuousClock.now) \(Set((0..<20).map { "\($0)" }))")
        var generator = SystemRandomNumberGenerator()
        Simulation.note("\((0..<10).shuffled()) \(generator.next())")
        for bug in PlantedBug.all where !hanging.contains(bug.name) {
            do { try await bug.buggy() } catch { Simulation.note("\(error)") }
        }
        await MainActor.run { Simulation.note("main") }
        try await withThrowingTaskGroup { group in
            for number in 0..<10 {
                group.addTask(priority: number % 2 == 0 ? .high : .low) {
                    try await Task.sleep(for: .milliseconds(.random(in: 0...3)))
                    Simulation.note("\(number)")
                }
            }
            try await group.waitForAll()
        }
    }

    private static func trace(seed: UInt64) throws -> UInt64 {
        let simulation = Simulation(seed: seed)
        try simulation.runBlocking(program)
        return simulation.trace.hash
    }

    /// Which of several seeds had which trace, as one text.
    @Sendable static func traces() throws -> String {
        try (0..<12 as Range<UInt64>).map { "\($0)=\(String(try trace(seed: $0), radix: 16))" }.joined(separator: " ")
    }

    @Test("a thousand runs of a seed in one process have one trace")
    func inProcess() async throws {
        let hashes = try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    var hashes: Set<UInt64> = []
                    for _ in 0..<(isSoak ? 250 : 25) {
                        let simulation = Simulation(seed: 5)
                        try await simulation.run(Self.program)
                        hashes.insert(simulation.trace.hash)
                    }
                    return hashes
                }
            }
            return try await group.reduce(into: Set<UInt64>()) { $0.formUnion($1) }
        }
        #expect(hashes.count == 1)
    }

    @Test("a hundred processes have the same traces, and different seeds different ones")
    func acrossProcesses() async throws {
        var outputs: Set<String> = []
        for _ in 0..<(isSoak ? 100 : 5) {
            let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                print("traces:", try DeterminismTests.traces())
            }
            let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
            outputs.insert(String(try #require(output.split(separator: "\n").first { $0.hasPrefix("traces:") })))
        }
        #expect(outputs.count == 1)
        let hashes = try #require(outputs.first).split(separator: " ").dropFirst().map { $0.split(separator: "=")[1] }
        #expect(Set(hashes).count == hashes.count)
    }
}
