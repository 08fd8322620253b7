internal import AuraEffects
internal import AuraRuntime
internal import Testing

/// A row of the design's table: an environment with what follows from it.
struct EnvironmentRow: Sendable, CustomTestStringConvertible {
    let environment: RuntimeEnvironment
    let memory: String
    let cpu: Double
    let io: String
    let journalCache: String
    let writeBatch: String
    let backgroundCompaction: Bool
    let readers: Int

    var testDescription: String { environment.name }

    static let all = [
        EnvironmentRow(
            environment: .server,
            memory: "2 GiB",
            cpu: 1,
            io: "1000 MiB/s",
            journalCache: "204.8 MiB",
            writeBatch: "10 MiB",
            backgroundCompaction: true,
            readers: 1
        ),
        EnvironmentRow(
            environment: .mobile,
            memory: "256 MiB",
            cpu: 0.3,
            io: "10 MiB/s",
            journalCache: "25.6 MiB",
            writeBatch: "102.4 KiB",
            backgroundCompaction: false,
            readers: 1
        ),
        EnvironmentRow(
            environment: .embedded,
            memory: "64 MiB",
            cpu: 0.1,
            io: "1 MiB/s",
            journalCache: "6.4 MiB",
            writeBatch: "10.24 KiB",
            backgroundCompaction: false,
            readers: 1
        ),
    ]
}

@Suite("Budgets")
struct ResourceManagerTests {
    @Test("each environment yields its row of the table", arguments: EnvironmentRow.all)
    func table(_ row: EnvironmentRow) {
        let derivation = ResourceManager.derive(from: row.environment, on: MachineLimits())
        let budget = derivation.budget
        #expect(budget.memoryLimit.description == row.memory)
        #expect(budget.cpuQuota == row.cpu)
        #expect(budget.ioQuota.description == row.io)
        #expect(budget.journalCache.description == row.journalCache)
        #expect(budget.writeBatch.description == row.writeBatch)
        #expect(budget.backgroundCompaction == row.backgroundCompaction)
        #expect(budget.readerCount == row.readers)
        let source = "environment \(row.environment.name)"
        #expect([derivation.memorySource, derivation.cpuSource, derivation.ioSource] == [source, source, source])
    }

    @Test("the table has every named environment")
    func coverage() {
        #expect(EnvironmentRow.all.map(\.environment) == RuntimeEnvironment.named)
    }

    @Test("a machine that grants less lowers the budget, limit by limit, and is named")
    func lowerMachine() {
        let machine = MachineLimits(
            memory: .init(.mebibytes(100), source: "cgroup memory.max"),
            cpu: .init(0.5, source: "cgroup cpu.max"),
            io: .init(.mebibytes(2000), source: "cgroup io.max")
        )
        let derivation = ResourceManager.derive(from: .server, on: machine)
        #expect(derivation.budget.memoryLimit == .mebibytes(100))
        #expect(derivation.budget.journalCache == .mebibytes(10))
        #expect(derivation.memorySource == "cgroup memory.max")
        #expect(derivation.budget.cpuQuota == 0.5)
        #expect(!derivation.budget.backgroundCompaction)
        #expect(derivation.cpuSource == "cgroup cpu.max")
        #expect(derivation.budget.ioQuota == .mebibytes(1000))
        #expect(derivation.ioSource == "environment server")
    }

    @Test("a machine that grants more changes nothing")
    func higherMachine() {
        let machine = MachineLimits(
            memory: .init(.gibibytes(64), source: "machine memory"),
            cpu: .init(32, source: "machine cores")
        )
        #expect(
            ResourceManager.derive(from: .embedded, on: machine)
                == ResourceManager.derive(from: .embedded, on: MachineLimits())
        )
    }

    @Test("limits of one's own come from the profile")
    func ownLimits() {
        let environment = RuntimeEnvironment.limits(memory: .gibibytes(8), cpu: 3.5, io: .mebibytes(500))
        let derivation = ResourceManager.derive(from: environment, on: MachineLimits())
        #expect(derivation.memorySource == "profile")
        #expect(derivation.budget.readerCount == 4)
        #expect(derivation.budget.backgroundCompaction)
    }

    @Test("what follows from tiny and from huge limits is clamped")
    func clamps() {
        let tiny = ResourceBudget(memoryLimit: .bytes(1), cpuQuota: 0.001, ioQuota: BytesPerSecond(1))
        #expect(tiny.journalCache == .kibibytes(64))
        #expect(tiny.writeBatch == .kibibytes(4))
        #expect(tiny.readerCount == 1)
        let huge = ResourceBudget(memoryLimit: .bytes(.max), cpuQuota: 1e300, ioQuota: BytesPerSecond(.max))
        #expect(huge.readerCount == 8)
    }

    @Test("only a server waives nothing")
    func waiving() {
        #expect(!RuntimeEnvironment.server.allowsWaiving)
        #expect(RuntimeEnvironment.mobile.allowsWaiving && RuntimeEnvironment.embedded.allowsWaiving)
    }
}
