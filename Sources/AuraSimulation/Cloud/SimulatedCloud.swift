public import AuraEffects
public import AuraMemory
internal import AuraRuntime
internal import Synchronization

/// A cloud that lives in virtual time: objects, key-values, queues, topics and functions, which fail as a seed says.
///
/// It outlives the nodes that use it. Each bucket, table, queue and set of topics has a name, and is there as soon as somebody
/// uses it; in a profile it is the handler `simulated` of its family, with the setting `name`.
///
/// ```swift
/// let cloud = SimulatedCloud(time: time, seed: 7, conditions: .rough)
/// let objects = cloud.objects(for: "a")
/// cloud.conditions.throttled = 0.5
/// ```
///
/// Whatever happens, the contracts of the services hold. A call is throttled or refused, and nothing has changed; it or
/// its answer gets lost, and the outcome is `unknown`; messages are delivered twice and out of order, and reads lag behind, where
/// the service's contract lets them. The same seed and the same calls at the same moments give the same faults; every service draws
/// from the seed by its own.
public final class SimulatedCloud: Sendable {
    /// The name in profiles.
    public static let technology = "simulated"

    /// The name that a bucket, a table, a queue or a set of topics has by default.
    public static let defaultName = "default"

    /// The functions that the cloud runs: closures by name.
    public let functions: MemoryFunctions

    let time: any TimeEffects
    private let seed: UInt64
    private let state: Mutex<State>
    private let services = Mutex(Services())
    /// Does something as part of no node.
    private let outside: @Sendable (() -> FunctionRunner) -> FunctionRunner

    private struct State: Sendable {
        var conditions: CloudConditions
        var disturbances: [(number: UInt64, callers: Set<String>?, degradation: CloudDegradation)] = []
        var lastDisturbance: UInt64 = 0
        var generators: [String: SplitMix64] = [:]
        var counters = CloudCounters()
    }

    private struct Services: Sendable {
        var buckets: [String: MemoryObjectStorageHandler] = [:]
        var tables: [String: SimulatedTable] = [:]
        var queues: [String: SimulatedQueue] = [:]
        var topics: [String: SimulatedTopics] = [:]
        var runner: FunctionRunner?
    }

    /// Creates a cloud in which nothing is stored.
    ///
    /// - Parameters:
    ///   - time: The clock of the cloud.
    ///   - seed: What latencies and failures are drawn from.
    ///   - conditions: How its services answer at first.
    ///   - functions: The functions that it runs.
    public convenience init(
        time: any TimeEffects,
        seed: UInt64,
        conditions: CloudConditions = .calm,
        functions: MemoryFunctions = MemoryFunctions()
    ) {
        self.init(time: time, seed: seed, conditions: conditions, functions: functions) { $0() }
    }

    init(
        time: any TimeEffects,
        seed: UInt64,
        conditions: CloudConditions = .calm,
        functions: MemoryFunctions = MemoryFunctions(),
        outside: @escaping @Sendable (() -> FunctionRunner) -> FunctionRunner
    ) {
        self.time = time
        self.seed = seed
        self.functions = functions
        self.outside = outside
        state = Mutex(State(conditions: conditions))
    }

    /// How its services answer, beneath every degradation.
    public var conditions: CloudConditions {
        get { state.withLock { $0.conditions } }
        set { state.withLock { $0.conditions = newValue } }
    }

    /// What it has done so far.
    public var counters: CloudCounters { state.withLock { $0.counters } }

    /// Ends the functions that nobody waits for, and the calls that wait for messages.
    public func stop() async {
        let services = services.withLock { $0 }
        for queue in services.queues.values { queue.changes.finish() }
        for topics in services.topics.values { topics.changes.finish() }
        await services.runner?.stop()
    }

    // MARK: Degradations

    /// Makes the cloud worse, until ``end(_:)`` or ``heal()``.
    ///
    /// - Parameters:
    ///   - callers: For whom: the names of nodes; `nil` for all.
    ///   - degradation: What gets worse; of several of one kind the worst counts.
    /// - Returns: What ends it.
    @discardableResult
    public func degrade(for callers: Set<String>? = nil, by degradation: CloudDegradation) -> CloudDisturbance {
        state.withLock { state in
            state.lastDisturbance += 1
            state.disturbances.append((state.lastDisturbance, callers, degradation))
            return CloudDisturbance(number: state.lastDisturbance)
        }
    }

    /// Ends a degradation; does nothing where that has happened.
    public func end(_ disturbance: CloudDisturbance) {
        state.withLock { $0.disturbances.removeAll { $0.number == disturbance.number } }
    }

    /// Ends every degradation.
    public func heal() {
        state.withLock { $0.disturbances.removeAll() }
    }

    // MARK: Drawing

    /// Draws what a service does, by the conditions that hold for a caller.
    func draw<Value: Sendable>(
        of service: String,
        for caller: String,
        _ body: (CloudConditions, inout SplitMix64, inout CloudCounters) -> Value
    ) -> Value {
        state.withLock { state in
            var conditions = state.conditions
            for disturbance in state.disturbances where disturbance.callers?.contains(caller) ?? true {
                conditions = conditions.degraded(by: disturbance.degradation)
            }
            var generator = state.generators[service] ?? generator(of: service)
            let value = body(conditions, &generator, &state.counters)
            state.generators[service] = generator
            return value
        }
    }

    private func generator(of service: String) -> SplitMix64 {
        // FNV-1a; then mixed, so that seeds that lie beside each other give different numbers.
        let hash = service.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        var mixer = SplitMix64(state: seed ^ hash)
        return SplitMix64(state: mixer.next())
    }

    // MARK: Services

    func bucket(_ name: String) -> MemoryObjectStorageHandler {
        services.withLock { services in
            if let bucket = services.buckets[name] { return bucket }
            var generator = generator(of: "addresses/\(name)")
            let random = SeededRandomHandler(seed: generator.next())
            let bucket = MemoryObjectStorageHandler(time: time, random: random)
            services.buckets[name] = bucket
            return bucket
        }
    }

    func table(_ name: String) -> SimulatedTable {
        services.withLock { $0.tables.existing(name) { SimulatedTable() } }
    }

    func queue(_ name: String) -> SimulatedQueue {
        services.withLock { $0.queues.existing(name) { SimulatedQueue() } }
    }

    func topics(_ name: String) -> SimulatedTopics {
        services.withLock { $0.topics.existing(name) { SimulatedTopics() } }
    }

    /// What runs the functions, begun with the first of them.
    var runner: FunctionRunner {
        services.withLock { services in
            if let runner = services.runner { return runner }
            let runner = outside { FunctionRunner(functions) }
            services.runner = runner
            return runner
        }
    }
}

extension Dictionary {
    /// The value under a key, which is made where there is none.
    fileprivate mutating func existing(_ key: Key, _ make: () -> Value) -> Value {
        if let value = self[key] { return value }
        let value = make()
        self[key] = value
        return value
    }
}
