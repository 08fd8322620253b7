internal import AuraEffects
internal import AuraRuntime
internal import AuraSimulation
internal import AuraSystem
internal import Testing

/// A shop that pays out what messages order: each order once, it says.
private struct Cashier: Sendable {
    /// How it takes care that an order that comes again is not paid again.
    enum Care: Sendable {
        /// It relies on the queue.
        case none
        /// It pays in one change with a note of the order, which is judged by the service.
        case noted
    }

    let care: Care
    let effects: EffectSystem

    private static let account = ItemKey("account", "balance")

    /// Takes orders until there are none for a while.
    func run() async throws(EffectError) {
        var emptyCount = 0
        // A delivery whose answer was lost is hidden for half a minute.
        while emptyCount < 12 {
            let messages = try await repeating { () throws(EffectError) in
                try await effects.queue.receive(.messages, limit: 5, visibility: .seconds(30), wait: .seconds(20))
            }
            emptyCount = messages.isEmpty ? emptyCount + 1 : 0
            for message in messages {
                try await pay(String(decoding: message.body, as: UTF8.self))
                _ = try await repeating { () throws(EffectError) in
                    try await effects.queue.acknowledge([message.receipt])
                }
            }
        }
    }

    private func pay(_ order: String) async throws(EffectError) {
        while true {
            let stored = try await repeating { () throws(EffectError) in try await effects.keyValues.get(Self.account) }
            let paid: Int64 = if case .integer(let sum)? = stored?.attributes["paid"] { sum } else { 0 }
            let condition = stored.map { CloudPrecondition.matches($0.revision) } ?? .absent
            var changes = [ItemMutation.put(Item(["paid": .integer(paid + 1)]), to: Self.account, if: condition)]
            if care == .noted {
                changes.append(.put(Item([:]), to: ItemKey("account", "order \(order)"), if: .absent))
            }
            do throws(EffectError) {
                try await effects.keyValues.transact(changes)
                return
            } catch {
                guard error.isRetryable || error.code == .preconditionFailed else { throw error }
                // Another cashier was faster, or has paid the order, or nobody knows: look again.
                if care == .noted {
                    let note = try await repeating { () throws(EffectError) in
                        try await effects.keyValues.get(ItemKey("account", "order \(order)"))
                    }
                    if note != nil { return }
                }
            }
        }
    }

    private func repeating<Value: Sendable>(
        _ body: () async throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        while true {
            do throws(EffectError) {
                return try await body()
            } catch {
                guard error.isRetryable else { throw error }
                try await effects.time.sleep(for: .milliseconds(200))
            }
        }
    }
}

private struct WrongSum: Error {
    var paid: Int64
}

@Suite("A bug that only a fault of the cloud shows")
struct CloudBugTests {
    private static let yaml = """
        profile: shop
        environment: embedded
        cloud: { queue: { handler: simulated, deliveries: 1000 }, keyValues: { handler: simulated } }
        time:    { handler: system }
        random:  { handler: system }
        """

    private static func shop(_ seed: UInt64, _ care: Cashier.Care, _ plan: String) async throws {
        let program = NodeProgram(profile: try Profile(yaml: yaml), handlers: HandlerRegistry {})
        let faults = try FaultPlan(parsing: plan)
        try await withWorld(seed: seed) { world in
            let nodes = [try await world.addNode("a", program), try await world.addNode("b", program)]
            let injecting = Task { try await FaultInjector.run(faults, on: world, time: world.time) }
            let queue = world.cloud.queue(for: "customer", deliveries: 1000)
            for order in 0..<8 { try await queue.send(QueueMessage(Array("\(order)".utf8))) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for node in nodes {
                    group.addTask { try await node.perform { try await Cashier(care: care, effects: $0).run() } }
                }
                try await group.waitForAll()
            }
            injecting.cancel()
            _ = await injecting.result
            let account = try await world.cloud.keyValues(for: "auditor").get(ItemKey("account", "balance"))
            guard case .integer(8)? = account?.attributes["paid"] else {
                if case .integer(let paid)? = account?.attributes["paid"] { throw WrongSum(paid: paid) }
                throw WrongSum(paid: 0)
            }
        }
    }

    private static let plans = ["at 0s for 1h on a,b: redelivery 0.5", "at 0s for 1h on a,b: lost-answers 0.3"]

    @Test("it is found with a fault and not without", arguments: plans)
    func found(plan: String) async {
        var sweep = SeedSweep(seeds: 0..<30)
        sweep.shrinkingRuns = 0
        let without = await sweep.run { try await Self.shop($0, .none, "") }
        #expect(without.isClean, "\(without.explanation(replayedBy: nil))")
        let with = await sweep.run { try await Self.shop($0, .none, plan) }
        #expect(with.failures.first?.failure is WrongSum)
    }

    @Test("its fixed twin comes through every fault", arguments: plans)
    func fixed(plan: String) async {
        let report = await SeedSweep(seeds: 0..<60).run { try await Self.shop($0, .noted, plan) }
        #expect(report.isClean, "\(report.explanation(replayedBy: nil))")
    }
}
