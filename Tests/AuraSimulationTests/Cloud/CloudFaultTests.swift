internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSimulation
internal import AuraSystem
internal import Synchronization
internal import Testing

/// What a test notes of a run.
private final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var all: [String] { lines.withLock { $0 } }
}

@Suite("Faults of a simulated cloud")
struct CloudFaultTests {
    /// Uses every service for a while, and notes what comes of each call.
    private static func use(_ cloud: SimulatedCloud, _ time: any TimeEffects, _ notes: Notes) async {
        @Sendable func note(_ what: String, _ body: () async throws(EffectError) -> String) async {
            do throws(EffectError) {
                notes.add("\(what): \(try await body())")
            } catch {
                notes.add("\(what): \(error.code) \(error.outcome)")
            }
        }
        let (objects, items) = (cloud.objects(for: "a"), cloud.keyValues(for: "a"))
        let (queue, other) = (cloud.queue(for: "a"), cloud.queue(for: "b"))
        let functions = cloud.functionRunner(for: "a")
        cloud.functions.register("note") { payload in
            notes.add("ran \(payload)")
            return []
        }
        for round in UInt8(0)..<40 {
            await note("put") { () throws(EffectError) in
                try await objects.put(ByteStream([round]), to: "key").rawValue
            }
            await note("get") { () throws(EffectError) in
                "\(try await objects.get("key")?.body.bytes(atMost: 10) ?? [])"
            }
            await note("item") { () throws(EffectError) in
                try await items.put(Item(["n": .integer(Int64(round))]), to: ItemKey("p", "s")).rawValue
            }
            await note("eventual") { () throws(EffectError) in
                "\(String(describing: try await items.get(ItemKey("p", "s"), consistency: .eventual)?.attributes["n"]))"
            }
            await note("send") { () throws(EffectError) in try await queue.send(QueueMessage([round])).rawValue }
            for (name, receiver) in [("a", queue), ("b", other)] {
                await note("receive \(name)") { () throws(EffectError) in
                    let messages = try await receiver.receive(limit: 1, visibility: .seconds(20))
                    return "\(messages.map(\.body))"
                }
            }
            await note("call") { () throws(EffectError) in
                try await functions.invokeAsync("note", [round])
                return ""
            }
        }
    }

    private static func run(_ seed: UInt64, _ conditions: CloudConditions) async throws -> (
        CloudCounters, [String], UInt64
    ) {
        let notes = Notes()
        let simulation = Simulation(seed: seed)
        let counters = try await simulation.run {
            let time = VirtualTimeHandler()
            let cloud = SimulatedCloud(time: time, seed: seed, conditions: conditions)
            await use(cloud, time, notes)
            await cloud.stop()
            return cloud.counters
        }
        return (counters, notes.all, simulation.trace.hash)
    }

    @Test("each fault happens under some seed")
    func everyFault() async throws {
        var sum = CloudCounters()
        for seed in 0..<4 as Range<UInt64> {
            let (counters, _, _) = try await Self.run(seed, .rough)
            sum.throttled += counters.throttled
            sum.refused += counters.refused
            sum.lostRequests += counters.lostRequests
            sum.lostAnswers += counters.lostAnswers
            sum.brokenBodies += counters.brokenBodies
            sum.redelivered += counters.redelivered
            sum.reordered += counters.reordered
            sum.staleReads += counters.staleReads
        }
        for (name, count) in [
            ("throttled", sum.throttled), ("refused", sum.refused), ("lost requests", sum.lostRequests),
            ("lost answers", sum.lostAnswers), ("broken bodies", sum.brokenBodies), ("redelivered", sum.redelivered),
            ("reordered", sum.reordered), ("stale reads", sum.staleReads),
        ] {
            #expect(count > 0, "\(name)")
        }
    }

    @Test("the same seed gives the same faults at the same moments, and other seeds give others")
    func reproducible() async throws {
        let first = try await Self.run(7, .rough)
        let second = try await Self.run(7, .rough)
        let other = try await Self.run(8, .rough)
        #expect(first.0 == second.0)
        #expect(first.1 == second.1)
        #expect(first.2 == second.2)
        #expect(first.1 != other.1)
    }

    @Test("a calm cloud has no faults")
    func calm() async throws {
        let (counters, notes, _) = try await Self.run(3, .calm)
        var expected = CloudCounters()
        expected.calls = 40 * 8
        #expect(counters == expected)
        #expect(notes.filter { $0.hasPrefix("ran") }.count == 40)
    }

    // MARK: Each fault

    /// A cloud in which one thing goes wrong always.
    private static func always(
        _ change: (inout CloudConditions) -> Void,
        _ body: @escaping @Sendable (SimulatedCloud, any TimeEffects) async throws -> Void
    ) async throws {
        var conditions = CloudConditions()
        change(&conditions)
        let chosen = conditions
        try await Simulation(seed: 1)
            .run {
                let time = VirtualTimeHandler()
                let cloud = SimulatedCloud(time: time, seed: 1, conditions: chosen)
                try await body(cloud, time)
                await cloud.stop()
            }
    }

    private static func failure(_ body: () async throws(EffectError) -> Void) async -> EffectError? {
        do throws(EffectError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("a call that is throttled or refused has changed nothing, and may be repeated")
    func refused() async throws {
        for code in [EffectError.Code.throttled, .unavailable] {
            try await Self.always {
                $0.throttled = code == .throttled ? 1 : 0
                $0.refused = 1
            } _: { cloud, _ in
                let objects = cloud.objects(for: "a")
                let error = await Self.failure { () throws(EffectError) in
                    try await objects.put(ByteStream([1]), to: "key")
                }
                #expect(error?.code == code)
                #expect(error?.outcome == .notApplied)
                #expect(error?.isRetryable == true)
                #expect(error?.handler == "simulated")
                cloud.conditions = .calm
                let stored = try await objects.info("key")
                #expect(stored == nil)
            }
        }
    }

    @Test("after a lost answer the change is there, after a lost request it is not, and both say that it is unknown")
    func lost() async throws {
        for isApplied in [true, false] {
            try await Self.always {
                if isApplied { $0.lostAnswers = 1 } else { $0.lostRequests = 1 }
            } _: { cloud, time in
                let objects = cloud.objects(for: "a")
                let start = time.monotonicNow
                let error = await Self.failure { () throws(EffectError) in
                    try await objects.put(ByteStream([1]), to: "key", metadata: ObjectMetadata(), if: .absent)
                }
                #expect(error?.code == .unavailable)
                #expect(error?.outcome == .unknown)
                #expect(start.duration(to: time.monotonicNow) >= .seconds(1))
                cloud.conditions = .calm
                let stored = try await objects.info("key")
                #expect((stored != nil) == isApplied)
            }
        }
    }

    @Test("a body that breaks off throws after a part of its bytes, and the rest can be read")
    func brokenBody() async throws {
        try await Self.always {
            $0.brokenBodies = 1
        } _: { cloud, _ in
            let objects = cloud.objects(for: "a")
            let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
            try await objects.put(ByteStream(bytes), to: "key")
            let content = try #require(try await objects.get("key"))
            var read: [UInt8] = []
            let error = await Self.failure { () throws(EffectError) in
                var iterator = content.body.makeAsyncIterator()
                while let chunk = try await iterator.next() { read += chunk }
            }
            #expect(error?.code == .unavailable)
            #expect(read == Array(bytes.prefix(read.count)))
            cloud.conditions = .calm
            let rest = try await objects.get(
                "key",
                range: ObjectRange(offset: read.count),
                if: .matches(content.info.revision)
            )
            #expect(read + (try await rest?.body.bytes(atMost: 1000) ?? []) == bytes)
        }
    }

    @Test("a message is delivered to two receivers, and who is done first ends it for both")
    func redelivered() async throws {
        try await Self.always {
            $0.redelivered = 1
        } _: { cloud, time in
            let (first, second) = (cloud.queue(for: "a"), cloud.queue(for: "b"))
            try await first.send(QueueMessage([7]))
            let one = try #require(try await first.receive(limit: 1, visibility: .seconds(10)).first)
            try await time.sleep(for: .seconds(9.9))
            let two = try #require(try await second.receive(limit: 1, visibility: .seconds(10)).first)
            #expect(one.id == two.id)
            #expect(one.receipt != two.receipt)
            try await first.acknowledge(one)
            try await second.acknowledge(two)
            try await time.sleep(for: .seconds(60))
            #expect(try await first.receive(limit: 1, visibility: .seconds(10)).isEmpty)
            #expect(cloud.counters.redelivered == 1)
        }
    }

    @Test("a queue of groups delivers to one receiver at a time and in order, whatever the conditions")
    func groups() async throws {
        try await Self.always {
            $0.redelivered = 1
            $0.reordered = 1
        } _: { cloud, time in
            let queue = cloud.queue(for: "a", .fifo)
            for number in UInt8(0)..<20 {
                try await queue.send(QueueMessage([number], group: MessageGroup(rawValue: "g")))
            }
            for number in UInt8(0)..<20 {
                let message = try #require(try await queue.receive(limit: 1, visibility: .seconds(10)).first)
                #expect(message.body == [number])
                #expect(try await queue.receive(limit: 1, visibility: .seconds(10)).isEmpty)
                try await queue.acknowledge(message)
            }
        }
    }

    @Test("an eventual read lags behind and a strong one does not")
    func stale() async throws {
        try await Self.always {
            $0.staleness = .seconds(10)
        } _: { cloud, _ in
            let items = cloud.keyValues(for: "a")
            var wereStale = 0
            for round in 0..<50 as Range<Int64> {
                try await items.put(Item(["n": .integer(round)]), to: ItemKey("p", "s"))
                #expect(try await items.get(ItemKey("p", "s"))?.attributes["n"] == .integer(round))
                let eventual = try await items.get(ItemKey("p", "s"), consistency: .eventual)?.attributes["n"]
                guard case .integer(let found)? = eventual else {
                    wereStale += 1
                    continue
                }
                #expect((0...round).contains(found))
                if found < round { wereStale += 1 }
            }
            #expect(wereStale > 10)
            #expect(cloud.counters.staleReads >= wereStale)
        }
    }

    // MARK: In a world

    @Test("a fault of a plan concerns what its nodes ask, and ends")
    func plan() async throws {
        let yaml = """
            profile: node
            environment: embedded
            cloud: { objects: { handler: simulated, name: shared }, queue: { handler: simulated, order: fifo } }
            time:    { handler: system }
            random:  { handler: system }
            """
        let program = NodeProgram(profile: try Profile(yaml: yaml), handlers: HandlerRegistry {})
        try await Simulation(seed: 4)
            .run {
                try await withWorld(seed: 4) { world in
                    try await world.addNode("a", program)
                    try await world.addNode("b", program)
                    let plan = try FaultPlan(parsing: "at 10s for 10s on a: cloud-outage")
                    let injecting = Task { try await FaultInjector.run(plan, on: world, time: world.time) }
                    for (second, code) in [(5, nil), (10, EffectError.Code.unavailable), (10, nil)] {
                        try await world.time.sleep(for: .seconds(second))
                        for name in ["a", "b"] {
                            let node = try #require(world.node(name))
                            let error = try await node.perform { effects in
                                await Self.failure { () throws(EffectError) in
                                    try await effects.objects.put(ByteStream([1]), to: ObjectKey(name))
                                }
                            }
                            #expect(error?.code == (name == "a" ? code : nil), "\(name)")
                        }
                    }
                    try await injecting.value
                }
            }
    }

    @Test("what a node has stored and sent outlives its crash")
    func crash() async throws {
        let yaml = """
            profile: node
            environment: embedded
            cloud: { objects: { handler: simulated }, queue: { handler: simulated }, functions: { handler: simulated } }
            time:    { handler: system }
            random:  { handler: system }
            """
        let program = NodeProgram(profile: try Profile(yaml: yaml), handlers: HandlerRegistry {})
        try await Simulation(seed: 5)
            .run {
                try await withWorld(seed: 5) { world in
                    let node = try await world.addNode("a", program)
                    let notes = Notes()
                    world.cloud.functions.register("slow") { _ in
                        try await world.time.sleep(for: .seconds(5))
                        notes.add("done")
                        return []
                    }
                    try await node.perform { effects in
                        try await effects.objects.put(ByteStream([1]), to: "key")
                        try await effects.queue.send(QueueMessage([2]))
                        _ = try await effects.queue.receive(limit: 1, visibility: .seconds(30))
                    }
                    let calling = Task { try await node.perform { try await $0.functions.invoke("slow", []) } }
                    try await world.time.sleep(for: .seconds(1))
                    node.crash()
                    _ = await calling.result
                    try await node.start()
                    let stored = try await node.perform { try await $0.objects.get("key")?.body.bytes(atMost: 1) }
                    #expect(stored == [1])
                    try await world.time.sleep(for: .seconds(30))
                    let again = try await node.perform {
                        try await $0.queue.receive(limit: 1, visibility: .seconds(30))
                    }
                    #expect(again.map(\.deliveryCount) == [2])
                    #expect(notes.all == ["done"])
                }
            }
    }
}
