internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSimulation
internal import Synchronization

/// One storage on one simulated disk: several writers, faults and power failures by a seed, and a look at what is left.
final class StorageCrashRun: DiskCrashRun {
    /// What a seed does to the storage.
    struct Plan: Sendable {
        var technology = DiskStorageHarness.Technology.files
        var rounds = 3
        var writers = 4
        var writesPerWriter = 10
        /// The power fails within so many operations of each round, or after them.
        var operationsPerRound = 400
        /// What goes wrong in the first rounds; the last is without.
        var faults = DiskFaults()
        /// How many bytes the disk has left when a round begins; `nil` where it is never full.
        var room: Int?
        var isDurable = true
        var disk = DiskConfiguration()
    }

    private typealias Handler = (storage: any StorageEffects, close: @Sendable () async -> Void)

    /// What a key may hold: the last acknowledged value, or one that was written after it with no answer.
    private struct Known: Sendable {
        var acknowledged: StoredValue?
        var open: [[UInt8]?] = []
    }

    private struct Seen: Sendable {
        var keys: [StorageKey: Known] = [:]
        var revisions: Set<StorageRevision> = []
        var problems: [String] = []
    }

    private let plan: Plan
    private let seed: UInt64
    private let machine: DiskMachine
    private let seen = Mutex(Seen())

    init(seed: UInt64, _ plan: Plan = Plan()) {
        self.plan = plan
        self.seed = seed
        machine = DiskMachine(seed: seed, configuration: plan.disk)
    }

    /// What the disk has done.
    var statistics: DiskStatistics { machine.disk.statistics }

    /// Runs all rounds.
    ///
    /// - Returns: What is wrong with what was left; empty where nothing is.
    func problems() async -> [String] {
        var random = TestGenerator(seed: seed)
        for round in 0..<plan.rounds {
            let isLast = round == plan.rounds - 1
            machine.disk.faults = isLast ? DiskFaults() : plan.faults
            machine.disk.capacity = isLast ? nil : plan.room.map { $0 + usedBytes }
            machine.beginRound(crashingAt: 1 + random.below(plan.operationsPerRound))
            await runRound(&random)
            machine.disk.faults = DiskFaults()
            machine.disk.capacity = nil
            machine.disk.crash()
            await check(round)
        }
        return seen.withLock { $0.problems }
    }

    private var usedBytes: Int {
        machine.disk.paths.reduce(0) { $0 + (machine.disk.contents(of: $1)?.count ?? 0) }
    }

    private func open(_ random: inout TestGenerator) async throws(EffectError) -> Handler {
        let context = machine.context()
        if plan.technology == .sqlite {
            let handler = try await context.sqliteStorage { configuration in
                configuration.readerCount = 1
                configuration.lockTimeout = .seconds(1)
                configuration.synchronous = plan.isDurable ? .full : .normal
            }
            return (handler, { await handler.close() })
        }
        let log: ByteCount = [.kibibytes(1), .kibibytes(20), .kibibytes(1000)][random.below(3)]
        let handler = try await context.fileStorage { configuration in
            configuration.readerCount = 1
            configuration.lockTimeout = .seconds(1)
            configuration.log = log
            configuration.synchronous = plan.isDurable ? .full : .normal
        }
        return (handler, { await handler.close() })
    }

    private func runRound(_ random: inout TestGenerator) async {
        // It may fail to open: the power fails then, or a fault says so.
        guard let (storage, close) = try? await open(&random) else { return }
        let sizeLimit = random.below(5) == 0 ? 100_000 : 3000
        let seeds = (0..<plan.writers).map { _ in random.next() }
        await withTaskGroup(of: Void.self) { group in
            for (writer, seed) in seeds.enumerated() {
                group.addTask { [self] in
                    var random = TestGenerator(seed: seed)
                    for turn in 0..<plan.writesPerWriter {
                        // Each writer has keys of its own, two of which it changes together.
                        let name = "\(writer)/\(random.below(4))"
                        let value =
                            random.below(5) == 0 ? nil : random.bytes(random.below(sizeLimit), "\(writer) \(turn)")
                        await put(value, [StorageKey("left \(name)"), StorageKey("right \(name)")], in: storage)
                    }
                }
            }
        }
        await close()
    }

    private func put(_ value: [UInt8]?, _ keys: [StorageKey], in storage: any StorageEffects) async {
        do throws(EffectError) {
            let revisions = try await storage.transact(
                keys.map { key in value.map { .write($0, to: key) } ?? .remove(key) }
            )
            seen.withLock { seen in
                for (key, revision) in zip(keys, revisions) {
                    seen.keys[key] = Known(acknowledged: revision.map { StoredValue(bytes: value ?? [], revision: $0) })
                    guard let revision else { continue }
                    if !seen.revisions.insert(revision).inserted {
                        seen.problems.append("seed \(seed): the revision \(revision) came back")
                    }
                }
            }
        } catch {
            // Where the power has failed, there is nobody left to be told that nothing was applied.
            guard error.outcome == .unknown || machine.hasLostPower else { return }
            seen.withLock { seen in
                for key in keys { seen.keys[key, default: Known()].open.append(value) }
            }
        }
    }

    // MARK: Looking at what is left

    private func check(_ round: Int) async {
        var random = TestGenerator(seed: seed &+ UInt64(round))
        do {
            let (storage, close) = try await open(&random)
            let page = try await storage.list(prefix: "", after: nil, limit: 1000)
            let listed = Dictionary(uniqueKeysWithValues: page.items.map { ($0.key, $0.revision) })
            var found: [StorageKey: StoredValue] = [:]
            for (key, known) in seen.withLock({ $0.keys }).sorted(by: { $0.key < $1.key }) {
                let value = try await storage.read(key)
                found[key] = value
                if listed[key] != value?.revision {
                    note("round \(round): '\(key)' is listed otherwise than it is read")
                }
                if !plan.isDurable || known.open.contains(value?.bytes) { continue }
                if value != known.acknowledged {
                    note(
                        "round \(round): '\(key)' is not what was acknowledged: \(String(describing: value?.revision))"
                    )
                }
            }
            for (key, value) in found where key.text.hasPrefix("left") {
                let right = found[StorageKey("right" + key.text.dropFirst(4))]
                if right?.bytes != value.bytes { note("round \(round): '\(key)' was written without its twin") }
            }
            for key in listed.keys where found[key] == nil { note("round \(round): '\(key)' is there and unknown") }
            settle(found)
            await close()
        } catch {
            note("round \(round): \(error)")
        }
    }

    /// From here on what is there counts.
    private func settle(_ found: [StorageKey: StoredValue]) {
        seen.withLock { seen in
            for key in seen.keys.keys { seen.keys[key] = Known(acknowledged: found[key]) }
            seen.revisions.formUnion(found.values.map(\.revision))
        }
    }

    private func note(_ problem: String) {
        seen.withLock { $0.problems.append("seed \(seed), \(problem)") }
    }
}
