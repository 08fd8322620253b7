#if os(Linux)
internal import AuraEffects
internal import AuraMemory
internal import CSimulation
@_spi(ExperimentalCustomExecutors) internal import _Concurrency
internal import Synchronization

/// Runs every job of one simulation on one thread, in an order and at virtual moments that follow from the seed.
///
/// All of it is used on the simulation's thread only, but for what is said to be otherwise.
@safe
final class Scheduler: @unchecked Sendable {
    let state: UnsafeMutablePointer<aura_simulation>
    private(set) var mainQueue: SerialQueue!

    private var ready = ReadyQueue()
    private var timers = TimerQueue()
    var records = TaskRecords()
    private var nodes: [NodeNumber: NodeState] = [:]
    private var lastNode: NodeNumber = 0
    private var actorQueues: [ObjectIdentifier: SerialQueue] = [:]
    private var nextQueueNumber: UInt32 = 0

    private var strategy: SchedulingStrategy
    private let costMask: UInt64
    private var costs: Xoshiro256StarStar
    private let maximumSteps: Int
    private let isExclusive: Bool
    var trace: SimulationTrace

    private(set) var steps = 0
    private var decisions = 0
    /// The choices so far, where they are kept.
    private(set) var deviations: ScheduleDeviations?
    private var isFinished = false
    /// Why the run has failed, where the program itself said so.
    private var brokenProperty: BrokenProperty?
    /// The states that some run has to reach, and whether this one has.
    var reached: [String: Bool] = [:]

    /// The task that runs now, and the node that it belongs to.
    private var current: UnsafeMutablePointer<TaskRecord>?
    private(set) var currentNode: NodeNumber = 0
    /// Where the task that ran last waits among the ready ones.
    private var continuation: Int?

    // What other threads may touch.
    private let needsAttention = Atomic<Bool>(false)
    private let foreign = Mutex(ForeignRequests())

    private struct ForeignRequests: Sendable {
        var jobs = 0
        var isCancelled = false
    }

    enum NodeState {
        case paused([(job: UnownedJob, queue: SerialQueue?)])
        case crashed
    }

    init(seed: UInt64, configuration: SimulationConfiguration) {
        var seeds = Xoshiro256StarStar(seed: seed)
        let (scheduling, costs, random) = (seeds.next(), seeds.next(), seeds.next())
        if let schedule = configuration.schedule {
            strategy = SchedulingStrategy(schedule)
        } else {
            strategy = SchedulingStrategy(configuration.scheduling, seed: scheduling)
        }
        self.costs = Xoshiro256StarStar(seed: costs)
        let cost = configuration.stepCost == .drawn ? .drawn(by: &self.costs) : configuration.stepCost
        costMask = cost.mask
        maximumSteps = configuration.maximumSteps
        isExclusive = configuration.isExclusive
        trace = SimulationTrace(keeping: configuration.keptSteps)
        deviations = configuration.recordsSchedule ? ScheduleDeviations() : nil
        unsafe state = .allocate(capacity: 1)
        unsafe aura_simulation_initialize(state, Unmanaged.passUnretained(self).toOpaque(), random)
        unsafe state.pointee.wall_epoch = configuration.wallClockStart
        mainQueue = makeQueue(.main)
    }

    deinit {
        unsafe aura_simulation_free_actors(state)
        unsafe state.deallocate()
    }

    /// The scheduler whose thread this is.
    @inline(__always)
    static var current: Scheduler? {
        guard let state = unsafe aura_simulation_current() else { return nil }
        return unsafe of(state)
    }

    /// The scheduler of the simulation that the caller runs in; there has to be one.
    static var running: Scheduler {
        guard let current else {
            preconditionFailure("This exists in a simulation only: make it in the program of Simulation.run.")
        }
        return current
    }

    @inline(__always)
    static func of(_ state: UnsafeMutablePointer<aura_simulation>) -> Scheduler {
        unsafe Unmanaged<Scheduler>.fromOpaque(state.pointee.owner)._withUnsafeGuaranteedRef { $0 }
    }

    /// Virtual nanoseconds since the beginning.
    var now: UInt64 { unsafe state.pointee.now }

    /// The wall clock in nanoseconds since 1970.
    var wallNow: UInt64 { unsafe state.pointee.now + state.pointee.wall_epoch }

    // MARK: Jobs that come

    /// Takes a job that may run anywhere.
    func enqueue(_ job: UnownedJob) {
        note(job)
        makeReady(nil, next: job)
    }

    /// Takes a job for a moment in the future.
    func enqueue(_ job: UnownedJob, after delay: UInt64, on queue: SerialQueue?) {
        note(job)
        let (moment, isOverflow) = now.addingReportingOverflow(delay)
        let node = unsafe job.record?.pointee.node ?? currentNode
        timers.insert(job, at: isOverflow ? .max : moment, queue: queue, node: node)
    }

    /// Sees to it that the job's task has a record, and that the record says that it is not suspended.
    @inline(__always)
    func note(_ job: UnownedJob) {
        if let record = unsafe job.record {
            unsafe record.pointee.isSuspended = false
        } else if unsafe aura_job_is_task(job.pointer) {
            let record = unsafe records.begin(
                job.pointer,
                of: self,
                creator: current?.pointee.number ?? 0,
                node: currentNode,
                priority: strategy.drawPriority()
            )
            if trace.keepsSteps, let name = unsafe FunctionName.ofBeginning(job.pointer) {
                unsafe trace.name(task: record.pointee.number, name)
            }
        }
    }

    /// Puts a job, or a queue whose first job it is, among what may run.
    @inline(__always)
    func makeReady(_ queue: SerialQueue?, next job: UnownedJob) {
        let record = unsafe job.record
        if unsafe record != nil, unsafe record == current, continuation == nil { continuation = ready.count }
        unsafe ready.append(
            ReadyQueue.Entry(
                queue: unsafe queue.map { unsafe Unmanaged.passUnretained($0) },
                job: job,
                node: record?.pointee.node ?? currentNode
            )
        )
    }

    // MARK: Queues

    private func makeQueue(_ kind: SerialQueue.Kind) -> SerialQueue {
        defer { nextQueueNumber += 1 }
        return SerialQueue(kind, number: nextQueueNumber, of: self)
    }

    /// An executor for a handler's blocking calls, each of which is one step.
    func makeHandlerQueue(label: String) -> SerialQueue {
        let queue = makeQueue(.handler(label: label))
        actorQueues[ObjectIdentifier(queue)] = queue
        return queue
    }

    func makeQueue(ofActor actor: UnsafeMutableRawPointer) -> aura_executor {
        let queue = unsafe makeQueue(.actor(actor))
        actorQueues[ObjectIdentifier(queue)] = queue
        if trace.keepsSteps {
            let object = unsafe Unmanaged<AnyObject>.fromOpaque(actor).takeUnretainedValue()
            trace.name(queue: queue.number, "\(type(of: object))")
        }
        return unsafe queue.reference
    }

    /// Whether an executor is one of the simulation's queues, or the main actor's.
    func isOwn(_ executor: UnsafeMutableRawPointer) -> Bool {
        let object = unsafe Unmanaged<AnyObject>.fromOpaque(executor).takeUnretainedValue()
        return unsafe object is SerialQueue || object === ConcurrencyRuntime.mainRouter
    }

    func dropQueue(_ executor: aura_executor) {
        guard let identity = unsafe executor.identity else { return }
        let queue = unsafe Unmanaged<SerialQueue>.fromOpaque(identity).takeUnretainedValue()
        actorQueues[ObjectIdentifier(queue)] = nil
    }

    // MARK: Nodes

    /// A number that no node has had.
    func makeNodeNumber() -> NodeNumber {
        lastNode += 1
        return lastNode
    }

    /// Lets virtual time pass within a step, as a blocking call does.
    func passTime(_ duration: Duration) {
        unsafe state.pointee.now += UInt64(clamping: duration.nanoseconds)
    }

    /// Runs `body` as a node's, so that the tasks which it starts belong to it.
    func asNode<Result, Failure: Error>(
        _ node: NodeNumber,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let previous = currentNode
        currentNode = node
        defer { currentNode = previous }
        return try body()
    }

    /// Lets nothing of a node run until it is resumed.
    func pause(_ node: NodeNumber) {
        if nodes[node] == nil { nodes[node] = .paused([]) }
    }

    /// Lets a paused node run on.
    func resume(_ node: NodeNumber) {
        guard case .paused(let held) = nodes.removeValue(forKey: node) else { return }
        for (job, queue) in held {
            if let queue { queue.append(job) } else { makeReady(nil, next: job) }
        }
    }

    /// Lets nothing of a node run ever again, as the end of its process does: no `defer`, no `catch`, no `deinit`.
    func crash(_ node: NodeNumber) {
        nodes[node] = .crashed
    }

    /// Puts a job aside that may not run now; whether it was.
    private func hold(_ job: UnownedJob, of queue: SerialQueue?, node: NodeNumber) -> Bool {
        guard node != 0, let state = nodes[node] else { return false }
        if case .paused(var held) = state {
            held.append((job, queue))
            nodes[node] = .paused(held)
        }
        return true
    }

    // MARK: From other threads

    /// Takes note of a job that another thread, or another simulation, has resumed.
    func receiveForeign(_ job: UnownedJob) {
        foreign.withLock { $0.jobs += 1 }
        needsAttention.store(true, ordering: .releasing)
    }

    /// Takes a job away from the platform where it belongs to a simulation, which that thread does not run.
    ///
    /// - Returns: Whether it did.
    static func takeBack(_ job: UnownedJob) -> Bool {
        guard let record = unsafe job.record else { return false }
        unsafe record.pointee.scheduler.receiveForeign(job)
        return true
    }

    /// Asks for the end of the root task.
    func cancel() {
        foreign.withLock { $0.isCancelled = true }
        needsAttention.store(true, ordering: .releasing)
    }

    private func attend(cancelling root: Task<Void, Never>) throws(SimulationFailure) {
        needsAttention.store(false, ordering: .relaxed)
        let requests = foreign.withLock { $0 }
        if requests.jobs > 0 { throw .foreignWakeup(step: steps) }
        if requests.isCancelled, !root.isCancelled { root.cancel() }
    }

    // The program gave work to threads outside: what looks like a deadlock may be a wait for them.
    private func waitForForeignWork() {
        for _ in 0..<Self.foreignPatience where !needsAttention.load(ordering: .acquiring) {
            aura_sleep_milliseconds(1)
        }
    }

    private static let foreignPatience = 100

    // MARK: Running

    /// Ends the run after this step.
    func finish() {
        isFinished = true
    }

    /// Ends the run after this step as a failed one.
    func fail(_ broken: BrokenProperty) {
        if brokenProperty == nil { brokenProperty = broken }
        isFinished = true
    }

    /// Runs jobs on this thread until ``finish()``.
    func run(cancelling root: Task<Void, Never>) throws(SimulationFailure) {
        let previous = unsafe aura_simulation_current()
        if unsafe previous == nil { aura_simulation_begin(isExclusive) }
        unsafe aura_simulation_set_current(state)
        defer {
            unsafe aura_simulation_set_current(previous)
            if unsafe previous == nil { aura_simulation_end() }
        }
        while !isFinished {
            if needsAttention.load(ordering: .acquiring) { try attend(cancelling: root) }
            if let moment = timers.firstMoment, ready.count == 0 || moment <= now { wake(at: max(moment, now)) }
            if ready.count == 0 {
                if timers.count > 0 { continue }
                if unsafe state.pointee.foreign_work > 0 { waitForForeignWork() }
                if needsAttention.load(ordering: .acquiring) { continue }
                throw .deadlock(report())
            }
            try step()
        }
        // A task that never returned may still be woken, and then asks for its scheduler.
        if unsafe !records.live.isEmpty { _ = unsafe Unmanaged.passRetained(self) }
        ready.removeAll()
        if let brokenProperty { throw .brokenProperty(brokenProperty) }
    }

    /// Makes the jobs ready whose moment has come.
    private func wake(at moment: UInt64) {
        unsafe state.pointee.now = moment
        while let next = timers.firstMoment, next <= moment {
            let timer = timers.removeFirst()
            if let queue = timer.queue {
                queue.append(timer.job)
            } else {
                asNode(timer.node) { makeReady(nil, next: timer.job) }
            }
        }
    }

    @inline(__always)
    private func step() throws(SimulationFailure) {
        let count = ready.count
        let usual = continuation ?? 0
        var choice = 0
        if count > 1 {
            choice = strategy.pick(ready, usual: usual, step: steps, decision: decisions)
            if choice != usual { deviations?.append(.init(decision: decisions, choice: choice)) }
            decisions += 1
        }
        continuation = nil
        let entry = ready.remove(at: choice)
        var job = entry.job
        let queue = unsafe entry.queue?._withUnsafeGuaranteedRef { $0 }
        unsafe current = nil
        if let queue {
            job = queue.removeFirst()
            if let next = queue.next { makeReady(queue, next: next) }
        }
        if !nodes.isEmpty, hold(job, of: queue, node: entry.node) { return }
        steps += 1
        if steps > maximumSteps { throw .stepLimit(report()) }
        if costMask != 0 { unsafe state.pointee.now &+= costs.next() & costMask }
        let record = unsafe job.record
        unsafe trace.note(
            step: steps,
            now: state.pointee.now,
            task: record?.pointee.number ?? 0,
            queue: queue?.number ?? .max,
            choice: choice,
            of: count,
            node: entry.node
        )
        unsafe run(job, of: record, on: queue, node: entry.node)
    }

    @inline(__always)
    private func run(
        _ job: UnownedJob,
        of record: UnsafeMutablePointer<TaskRecord>?,
        on queue: SerialQueue?,
        node: NodeNumber
    ) {
        currentNode = node
        guard let record = unsafe record else {
            // The runtime's own work, such as resuming a task that yielded, or an isolated 'deinit'.
            unsafe state.pointee.is_draining = true
            if let queue {
                unsafe queue.run(job, state: state)
            } else {
                unsafe job.runSynchronously(on: ConcurrencyRuntime.globalRouter.asUnownedTaskExecutor())
            }
            unsafe state.pointee.is_draining = false
            return
        }
        unsafe current = record
        unsafe record.pointee.isSuspended = true
        if let queue {
            unsafe queue.run(job, state: state)
        } else {
            unsafe job.runSynchronously(on: ConcurrencyRuntime.globalRouter.asUnownedTaskExecutor())
        }
        if unsafe aura_task_is_complete(record.pointee.job) { unsafe records.end(record) }
        unsafe current = nil
    }

    /// What every task waits for.
    func report() -> SuspensionReport {
        unsafe SuspensionReport(records.live, step: steps, now: .nanoseconds(Int64(clamping: now)))
    }
}
#endif
