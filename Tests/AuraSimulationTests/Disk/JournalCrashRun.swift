internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSimulation
internal import Synchronization

/// One journal on one simulated disk: several writers, faults and power failures by a seed, and a look at what is left.
final class JournalCrashRun: DiskCrashRun {
    /// What a seed does to the journal.
    struct Plan: Sendable {
        var rounds = 3
        var writers = 4
        var appendsPerWriter = 8
        /// The power fails within so many operations of each round, or after them.
        var operationsPerRound = 500
        /// What goes wrong in the first rounds; the last is without.
        var faults = DiskFaults()
        /// How many bytes the disk has left when a round begins; `nil` where it is never full.
        var room: Int?
        var synchronous = SQLiteConfiguration.Synchronous.full
        var disk = DiskConfiguration()
    }

    private struct Attempt: Sendable {
        var stream: StreamName
        var drafts: [JournalEntry.Draft]
    }

    private struct Seen: Sendable {
        /// What has a receipt, by its id.
        var acknowledged: [EntryID: AppendReceipt.Item] = [:]
        /// What was answered with an error that says that nothing was applied.
        var refused: Set<EntryID> = []
        /// What may have been applied.
        var open: [Attempt] = []
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
            await runRound(round, &random)
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

    private func configure(_ configuration: inout SQLiteConfiguration) {
        configuration.readerCount = 1
        configuration.synchronous = plan.synchronous
        configuration.lockTimeout = .seconds(1)
    }

    private func runRound(_ round: Int, _ random: inout TestGenerator) async {
        // It may fail to open: the power fails then, or a fault says so.
        guard let journal = try? await machine.context().journal(configure) else { return }
        let payloadLimit = random.below(8) == 0 ? 100_000 : 3000
        let seeds = (0..<plan.writers).map { _ in random.next() }
        await withTaskGroup(of: Void.self) { group in
            for (writer, seed) in seeds.enumerated() {
                group.addTask { [self] in
                    var random = TestGenerator(seed: seed)
                    for turn in 0..<plan.appendsPerWriter {
                        let drafts = (0...random.below(3))
                            .map { number in
                                JournalEntry.Draft(
                                    id: EntryID(rawValue: UInt128(round) << 64 | UInt128(random.next())),
                                    kind: "test.appended/1",
                                    payload: random.bytes(random.below(payloadLimit), "\(writer) \(turn) \(number)")
                                )
                            }
                        await append(Attempt(stream: StreamName("stream \(writer % 3)"), drafts: drafts), to: journal)
                    }
                }
            }
        }
        await journal.close()
    }

    private func append(_ attempt: Attempt, to journal: SQLiteJournalHandler) async {
        let ids = attempt.drafts.map(\.id)
        do throws(EffectError) {
            let receipt = try await journal.append(attempt.drafts, to: attempt.stream)
            seen.withLock { seen in
                for item in receipt.items { seen.acknowledged[item.id] = item }
            }
        } catch {
            seen.withLock { seen in
                // Where the power has failed, there is nobody left to be told that nothing was applied.
                if error.outcome == .unknown || machine.hasLostPower {
                    seen.open.append(attempt)
                } else {
                    seen.refused.formUnion(ids)
                }
            }
        }
    }

    // MARK: Looking at what is left

    private func check(_ round: Int) async {
        do {
            let journal = try await machine.context().journal(configure)
            try await repeatOpen(on: journal)
            try await checkEntries(of: journal, round)
            let report = try await journal.verify()
            for problem in report.problems { note("round \(round): \(problem)") }
            await journal.close()
        } catch {
            note("round \(round): \(error)")
        }
    }

    /// What may have been applied is repeated by its ids, as its caller would.
    private func repeatOpen(on journal: SQLiteJournalHandler) async throws {
        for attempt in seen.withLock({ $0.open }) { await append(attempt, to: journal) }
        seen.withLock { $0.open = [] }
    }

    private func checkEntries(of journal: SQLiteJournalHandler, _ round: Int) async throws {
        var entries: [JournalEntry] = []
        while true {
            let page = try await journal.readAll(after: entries.last?.position ?? .start, limit: 1000)
            if page.isEmpty { break }
            entries += page
        }
        let known = seen.withLock { $0 }
        var found: [EntryID: JournalEntry] = [:]
        var revisions: [StreamName: UInt64] = [:]
        for entry in entries {
            if found.updateValue(entry, forKey: entry.id) != nil { note("round \(round): \(entry.id) is there twice") }
            let next = revisions[entry.stream, default: 0]
            if entry.revision.rawValue != next { note("round \(round): \(entry.stream) goes on at \(entry.revision)") }
            revisions[entry.stream] = next + 1
            if known.refused.contains(entry.id) {
                note("round \(round): \(entry.id) is there, and was said not to be applied")
            }
        }
        for (id, item) in known.acknowledged {
            guard let entry = found[id] else {
                note("round \(round): \(id) is lost")
                continue
            }
            if entry.position != item.position || entry.revision != item.revision {
                note("round \(round): \(id) was acknowledged at \(item.position) and is at \(entry.position)")
            }
        }
    }

    private func note(_ problem: String) {
        seen.withLock { $0.problems.append("seed \(seed), \(problem)") }
    }
}
