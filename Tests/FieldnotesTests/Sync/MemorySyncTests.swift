internal import AuraEffects
internal import AuraMemory
internal import AuraReplication
internal import AuraRuntime
internal import AuraSystem
internal import Logging
internal import Testing

@testable internal import FieldnotesCore

@Suite("Notes that travel within a process", .timeLimit(.minutes(10)))
struct MemorySyncTests {
    /// A device whose replicator can be stopped amid whatever it does.
    private struct Device {
        let effects: EffectSystem
        private var replicating: Task<Void, Never>?

        init(_ name: String, seed: UInt64, on network: MemoryNetwork) throws {
            let time = SystemTimeHandler()
            var effects = EffectSystem()
            effects.time = time
            effects.random = SeededRandomHandler(seed: seed)
            effects.journal = MemoryJournalHandler(time: time, random: effects.random)
            effects.storage = MemoryStorageHandler()
            effects.network = try network.join(PeerID(name), time: time)
            self.effects = effects
        }

        var notebook: Notebook { Notebook(effects) }
        var entries: UInt64 {
            get async throws { try await effects.journal.frontier().heads.values.reduce(0) { $0 + $1.sequence } }
        }
        var root: SHA256Digest {
            get async throws { try await effects.journal.frontier().rootHash }
        }

        mutating func start() {
            let budget = ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 1, ioQuota: .mebibytes(10))
            var configuration = ReplicationConfiguration()
            configuration.interval = .milliseconds(200)
            let replicator = JournalReplicator(
                effects,
                budget: budget,
                configuration: configuration,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            replicating = Task { try? await replicator.run() }
        }

        mutating func stop() async {
            replicating?.cancel()
            await replicating?.value
            replicating = nil
        }
    }

    @Test(
        "exchanges that are stopped at any moment lose nothing and double nothing: all devices come to equal root hashes"
    )
    func stops() async throws {
        let (rounds, notes) = (Soak.count(10, soak: 50), 20)
        let network = MemoryNetwork()
        var devices = [
            try Device("phone", seed: 1, on: network), try Device("tablet", seed: 2, on: network),
            try Device("server", seed: 3, on: network),
        ]
        for index in devices.indices { devices[index].start() }
        var generator = Generator(seed: 4)
        for round in 0..<rounds {
            let victim = Int.random(in: 0..<3, using: &generator)
            let moment = Int.random(in: 0..<notes, using: &generator)
            for number in 0..<notes {
                if number == moment { await devices[victim].stop() }
                let text = "note \(number) of round \(round) " + String(repeating: "x", count: 100 * number)
                _ = try await devices[number % 3].notebook.add(Array(text.utf8), tags: [])
            }
            devices[victim].start()
        }
        for device in devices {
            for _ in 0..<1200 where try await device.entries != UInt64(rounds * notes) {
                try await device.effects.time.sleep(for: .milliseconds(50))
            }
        }
        let root = try await devices[0].root
        for index in devices.indices {
            await devices[index].stop()
            let device = devices[index]
            #expect(try await device.root == root)
            try await device.notebook.catchUp()
            #expect(try await device.notebook.statistics().notes == rounds * notes)
            #expect(try await device.notebook.verify().isClean)
        }
    }
}
