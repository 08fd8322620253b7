internal import AuraEffects
internal import AuraFileSystem
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSimulation
internal import AuraSystem
internal import Foundation
internal import Logging
internal import Synchronization

/// How many seeds tests of the disk try: a sample, or with `AURA_SOAK` all of them.
func diskSeeds(_ sample: UInt64, soak: UInt64) -> Range<UInt64> {
    0..<(ProcessInfo.processInfo.environment["AURA_SOAK"] == nil ? sample : soak)
}

/// Handlers on a disk that fails by a seed.
protocol DiskCrashRun: Sendable {
    /// Runs until its end; what is wrong with what was left.
    func problems() async -> [String]
}

/// The machine that handlers of a test run on: a simulated disk, and a random source of the same seed.
final class DiskMachine: Sendable {
    let disk: SimulatedDisk
    private let crashesBefore = Mutex(0)
    private let random: SeededRandomHandler
    private let time: any TimeEffects

    init(
        seed: UInt64,
        configuration: DiskConfiguration = DiskConfiguration(),
        time: any TimeEffects = DiskMachine.clock
    ) {
        disk = SimulatedDisk(seed: seed, configuration: configuration)
        random = SeededRandomHandler(seed: seed)
        self.time = time
    }

    /// The clock of a machine: the simulation's in one, else the system's.
    static var clock: any TimeEffects { Simulation.isCurrent ? VirtualTimeHandler() : SystemTimeHandler() }

    /// Lets the power fail during an operation to come.
    func beginRound(crashingAt operation: Int) {
        crashesBefore.withLock { $0 = disk.statistics.crashes }
        disk.crash(atOperation: operation)
    }

    /// Whether the power has failed since the round began.
    var hasLostPower: Bool { disk.statistics.crashes > crashesBefore.withLock { $0 } }

    /// What handlers are made from in the run of the machine that begins now.
    func context() -> HandlerContext {
        var logger = Logger(label: "test")
        // What fails under a fault warns all the time.
        logger.logLevel = .critical
        return HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 0.3, ioQuota: .mebibytes(10)),
            time: time,
            random: random,
            logger: logger,
            executors: Simulation.isCurrent ? .simulated : .threads,
            volume: disk.mount()
        )
    }
}

extension HandlerContext {
    static let journalPath = "/data/journal.db"
    static let storagePath = "/data/storage"

    func journal(
        _ change: (inout SQLiteConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> SQLiteJournalHandler {
        var configuration = SQLiteConfiguration(path: Self.journalPath, budget: budget)
        change(&configuration)
        return try await SQLiteJournalHandler.open(configuration, self)
    }

    func sqliteStorage(
        _ change: (inout SQLiteConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> SQLiteStorageHandler {
        var configuration = SQLiteConfiguration(path: Self.storagePath + ".db", budget: budget)
        change(&configuration)
        return try await SQLiteStorageHandler.open(configuration, self)
    }

    func fileStorage(
        _ change: (inout FileSystemConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> FileSystemStorageHandler {
        var configuration = FileSystemConfiguration(path: Self.storagePath, budget: budget)
        change(&configuration)
        return try await FileSystemStorageHandler.open(configuration, self)
    }
}

/// The clocks of a machine with a wall clock that a law may step.
final class SteppedTime: TimeEffects {
    private let system = DiskMachine.clock
    private let offset = Mutex(Duration.zero)

    var capabilities: Capabilities { system.capabilities }

    var now: WallTime {
        var now = system.now
        let (seconds, attoseconds) = offset.withLock { $0 }.components
        now.nanosecondsSinceEpoch += seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return now
    }

    var monotonicNow: MonotonicInstant { system.monotonicNow }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await system.sleep(until: deadline)
    }

    func step(by duration: Duration) {
        offset.withLock { $0 += duration }
    }
}
