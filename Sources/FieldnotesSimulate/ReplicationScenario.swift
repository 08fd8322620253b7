internal import AuraEffects
internal import AuraFileSystem
internal import AuraMemory
internal import AuraReplication
internal import AuraRuntime
internal import AuraSimulation
internal import FieldnotesCore

#if SQLite
internal import AuraSQLite
#endif

/// Devices with a notebook each, people who write on them, and faults; at the end all notebooks must be the same.
///
/// While faults happen, what the journals acknowledge is written down (safety: it must be there at the end, once). Then
/// the faults stop, and the devices have some time to become equal (liveness).
struct ReplicationScenario: Sendable {
    /// After how long a device that has ended, or does not come up, is started again.
    private static let restartDelay = Duration.seconds(2)

    /// How many devices there are.
    var nodeCount = 5
    /// How many people write, each on one of the devices.
    var writerCount = 20
    /// How long faults happen and people write, in virtual time.
    var duration = Duration.seconds(120)
    /// What goes wrong.
    var faults = Set<FaultKind>.all
    /// The faults themselves, where they are not drawn from the seed.
    var plan: FaultPlan?
    /// How long the devices may take to become equal.
    var settlingTime = Duration.seconds(1_800)
    /// A writer's pause between two changes is up to twice this.
    var meanPause = Duration.seconds(4)
    /// How often devices exchange their entries while nothing happens.
    var gossipInterval = Duration.seconds(30)

    /// Whether the devices keep everything in memory: then nothing happens to their disks, and no process ends.
    var isInMemory = false

    /// The faults of a seed.
    func plan(of seed: UInt64) -> FaultPlan {
        plan
            ?? FaultPlan.drawn(
                seed: seed,
                over: duration,
                nodes: names,
                kinds: isInMemory
                    ? faults.filter { $0.family != .disk && ($0.family != .process || $0 == .pause) } : faults,
                survivable: .minority(of: nodeCount)
            )
    }

    private var names: [String] { (1...nodeCount).map { "device-\($0)" } }

    /// Runs the scenario; inside a simulation of that seed.
    ///
    /// - Throws: What was found to be wrong.
    func run(seed: UInt64) async throws {
        try await withWorld(seed: seed) { world in
            let ledger = Ledger()
            for name in names { try await world.addNode(name, try program(of: name, ledger)) }
            let devices = world.nodes
            let diaries = stride(from: 0, to: writerCount, by: 2)
                .map { number in
                    let node = devices[number % nodeCount]
                    return DiaryKeeper(number: number, node: node, time: world.time, meanPause: meanPause)
                }
            // Every fourth seed has one more device, which nobody can trust.
            if seed % 4 == 3 {
                try await world.addNode("intruder", try program(of: "intruder", ledger, isHonest: false))
            }
            let plan = plan(of: seed)
            try await withThrowingTaskGroup { group in
                group.addTask { try await FaultInjector.run(plan, on: world, time: world.time) }
                for diary in diaries {
                    group.addTask { try await diary.write(for: duration) }
                }
                for number in stride(from: 1, to: writerCount, by: 2) {
                    let node = devices[number % nodeCount]
                    let writer = NoteTaker(number: number, node: node, time: world.time, meanPause: meanPause)
                    group.addTask { try await writer.write(for: duration) }
                }
                try await group.waitForAll()
            }
            world.network.heal()
            let damaged = Set(plan.faults.filter { $0.fault.kind == .bitFlips }.flatMap(\.nodes))
            try await repair(devices, damaged)
            for diary in diaries where !damaged.contains(diary.node.name) {
                try await Simulation.eventually(
                    "\(diary.node.name) takes entries again",
                    within: settlingTime,
                    every: Self.restartDelay
                ) {
                    await diary.sendLine()
                }
            }
            let check = ReplicaCheck(
                devices: devices,
                ledger: ledger,
                diaries: diaries,
                damaged: damaged,
                settlingTime: settlingTime
            )
            try await check.run()
        }
    }

    /// Sees to it that every device runs, with a new disk where bits of the old one have flipped.
    private func repair(_ devices: [Node], _ damaged: Set<String>) async throws {
        for node in devices {
            if damaged.contains(node.name) {
                node.kill()
                node.replaceDisk()
            }
            try await Simulation.eventually(
                "\(node.name) comes up once faults have stopped",
                within: settlingTime,
                every: Self.restartDelay
            ) {
                if node.isUp { return true }
                // Its supervisor may have started it already.
                _ = try? await node.start()
                return node.isUp
            }
        }
    }

    // MARK: What runs on a device

    private var profileText: String {
        """
        profile: device
        environment: embedded
        journal: \(isInMemory ? "{ handler: memory }" : "{ handler: sqlite, path: /data/journal.db, pollInterval: 24h }")
        storage: \(isInMemory ? "{ handler: memory }" : "{ handler: filesystem, path: /data/storage }")
        network: { handler: simulated }
        time:    { handler: system }
        random:  { handler: system }
        """
    }

    func program(of name: String, _ ledger: Ledger, isHonest: Bool = true) throws -> NodeProgram {
        let configuration = replication
        var program = NodeProgram(
            profile: try Profile(yaml: profileText),
            handlers: Self.handlers,
            needs: [isInMemory ? .journal : .journal(.durable), .storage, .network, .time, .random]
        ) { effects, context in
            let replicator = JournalReplicator(
                effects,
                budget: context.budget,
                configuration: configuration,
                logger: context.logger
            )
            try await replicator.run()
        }
        program.restartDelay = Self.restartDelay
        program.interception = [.interceptor("ledger", of: ["journal"]) { _ in LedgerKeeper(ledger, node: name) }]
        if !isHonest { program.interception = [.interceptor("intruder", of: ["journal"]) { _ in Intruder() }] }
        return program
    }

    private var replication: ReplicationConfiguration {
        var configuration = ReplicationConfiguration()
        configuration.interval = gossipInterval
        return configuration
    }

    private static let handlers = HandlerRegistry {
        MemoryHandlers()
        FileSystemHandlers()
        #if SQLite
        SQLiteHandlers()
        #endif
    }
}
