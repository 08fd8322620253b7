internal import AuraSimulation
internal import Foundation
internal import Testing

/// What simulations leave behind.
@Suite("memory", .serialized) struct MemoryTests {
    /// The bytes that the process has taken for its data.
    ///
    /// What of them is resident says less: the system takes and gives back pages as it needs them.
    private static func dataBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try #require(Int(text.split(separator: " ")[5])) * 4096
    }

    /// How many bytes each repetition adds once the process has warmed up.
    @Sendable static func growth(repetitions: Int, _ body: (UInt64) -> Void) throws -> Double {
        for seed in 0..<UInt64(repetitions) / 4 { body(seed) }
        let before = try dataBytes()
        for seed in 0..<UInt64(repetitions) { body(seed) }
        return Double(try dataBytes() - before) / Double(repetitions)
    }

    /// Runs a simulation of so many short tasks, one after the other.
    @Sendable static func runShortTasks(_ count: Int) throws {
        try Simulation(seed: 1)
            .runBlocking {
                for _ in 0..<count {
                    let record = Record()
                    let task = Task { await record.append("x") }
                    let timer = Task { try? await Task.sleep(for: .microseconds(1)) }
                    await task.value
                    await timer.value
                }
            }
    }

    @Test("ten thousand simulations leave nothing behind")
    func finished() async {
        await #expect(processExitsWith: .success) {
            let bytes = try MemoryTests.growth(repetitions: 10_000) { seed in
                try? Simulation(seed: seed)
                    .runBlocking {
                        let record = Record()
                        await withTaskGroup { group in
                            for _ in 0..<2 { group.addTask { await record.append("x") } }
                        }
                    }
            }
            #expect(bytes < 64)
        }
    }

    @Test("a simulation that deadlocks leaves little behind")
    func deadlocked() async {
        await #expect(processExitsWith: .success) {
            let bytes = try MemoryTests.growth(repetitions: 2_000) { seed in
                try? Simulation(seed: seed)
                    .runBlocking {
                        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
                    }
            }
            #expect(bytes < 6_144)
        }
    }

    @Test("a long simulation of many short tasks does not grow")
    func long() async {
        await #expect(processExitsWith: .success) {
            // A first one brings in what of the program it needs.
            try MemoryTests.runShortTasks(1_000)
            let before = try MemoryTests.dataBytes()
            try MemoryTests.runShortTasks(20_000)
            let bytes = try MemoryTests.dataBytes() - before
            #expect(bytes < 4 << 20)
        }
    }
}
