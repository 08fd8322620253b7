#if os(Linux)
internal import CSimulation
internal import Synchronization

/// Runs a program of Swift concurrency on one thread in virtual time, in an order that follows from a seed.
///
/// The program is not changed: tasks, groups, `async let`, actors, the main actor, streams, continuations, sleeps, clocks
/// and random numbers are the simulation's while it runs. Each hop and each wake-up is a place where another task may
/// go on instead. The same seed gives the same run, so that a bug found once is found again.
///
/// A simulation is run once.
///
/// ```swift
/// let simulation = Simulation(seed: 7)
/// let total = try await simulation.run { await bank.total() }
/// ```
///
/// What it does not see: two threads between statements without an `await`; work on threads, dispatch queues and sockets
/// outside the simulation, which is reported as ``SimulationFailure/foreignWakeup(step:)`` when it resumes a task.
public final class Simulation: Sendable {
    /// What everything follows from.
    public let seed: UInt64
    /// How it runs.
    public let configuration: SimulationConfiguration
    private let scheduler: Scheduler
    private let isStarted = Atomic<Bool>(false)

    /// Creates a simulation.
    ///
    /// - Parameters:
    ///   - seed: What everything follows from.
    ///   - configuration: How it runs.
    public init(seed: UInt64, configuration: SimulationConfiguration = SimulationConfiguration()) {
        self.seed = seed
        self.configuration = configuration
        scheduler = Scheduler(seed: seed, configuration: configuration)
    }

    /// The simulation that runs the caller; `nil` outside of one.
    static var currentScheduler: Scheduler? { Scheduler.current }

    /// Whether the caller runs in a simulation.
    public static var isCurrent: Bool { Scheduler.current != nil }

    /// Writes an event of the program into the trace.
    ///
    /// It becomes part of the trace's hash. Outside a simulation nothing happens, and `event` is not computed.
    public static func note(_ event: @autoclosure () -> String) {
        guard let scheduler = Scheduler.current else { return }
        scheduler.trace.note(event())
    }

    /// Runs a program to its end on a thread of its own, while the calling task waits.
    ///
    /// Tasks that the program has not awaited end with it. Cancelling the calling task cancels the program. Inside another
    /// simulation the whole run is one step of that one.
    ///
    /// - Parameter program: The program; task-local values of the caller are set in it.
    /// - Returns: What it returns.
    /// - Throws: What it throws; ``SimulationFailure``.
    public func run<Result: Sendable>(
        _ program: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        if Scheduler.current != nil {
            if Task.isCancelled { scheduler.cancel() }
            return try runBlocking(program)
        }
        let outcome = Outcome<Result>()
        let root = start(program, outcome)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiting: CheckedContinuation<Result, any Error>) in
                let body = ThreadBody { [self] in
                    do throws(SimulationFailure) {
                        try scheduler.run(cancelling: root)
                    } catch {
                        return waiting.resume(throwing: error)
                    }
                    waiting.resume(with: outcome.take())
                }
                let context = unsafe Unmanaged.passRetained(body)
                let isStarted = unsafe aura_simulation_start_thread(
                    { context in unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().call() },
                    context.toOpaque(),
                    Self.stackByteCount
                )
                guard isStarted else {
                    unsafe context.release()
                    return waiting.resume(throwing: SimulationFailure.noThread)
                }
            }
        } onCancel: {
            scheduler.cancel()
        }
    }

    /// Runs a program to its end on the calling thread, which must not be one of the concurrency runtime's.
    ///
    /// - Parameter program: The program.
    /// - Returns: What it returns.
    /// - Throws: What it throws; ``SimulationFailure``.
    public func runBlocking<Result: Sendable>(
        _ program: @escaping @Sendable () async throws -> Result
    ) throws -> Result {
        let outcome = Outcome<Result>()
        let root = start(program, outcome)
        try scheduler.run(cancelling: root)
        return try outcome.take().get()
    }

    private func start<Result: Sendable>(
        _ program: @escaping @Sendable () async throws -> Result,
        _ outcome: Outcome<Result>
    ) -> Task<Void, Never> {
        let isFirst = !isStarted.exchange(true, ordering: .relaxed)
        precondition(isFirst, "A simulation is run once: make another one with the same seed to run it again.")
        let previous = unsafe aura_simulation_current()
        unsafe aura_simulation_set_current(scheduler.state)
        defer { unsafe aura_simulation_set_current(previous) }
        return Task { [scheduler] in
            do {
                outcome.set(.success(try await program()))
            } catch {
                outcome.set(.failure(error))
            }
            scheduler.finish()
        }
    }

    private static let stackByteCount = 8 << 20

    // MARK: What it did

    /// How many steps it took; to be read after the run.
    public var steps: Int { scheduler.steps }

    /// How much virtual time went by; to be read after the run.
    public var elapsed: Duration { .nanoseconds(Int64(clamping: scheduler.now)) }

    /// What it did; to be read after the run.
    public var trace: SimulationTrace { scheduler.trace }

    /// The choices it made, where its configuration has them recorded; to be read after the run.
    public var schedule: ScheduleDeviations? { scheduler.deviations }
}

private final class ThreadBody: Sendable {
    let call: @Sendable () -> Void

    init(_ call: @escaping @Sendable () -> Void) {
        self.call = call
    }
}

/// Where the program leaves its result; the simulation's thread sets it and reads it.
private final class Outcome<Value: Sendable>: @unchecked Sendable {
    private var result: Result<Value, any Error>?

    func set(_ result: Result<Value, any Error>) {
        self.result = result
    }

    func take() -> Result<Value, any Error> {
        guard let result else { preconditionFailure("A program that ended without a result.") }
        return result
    }
}
#endif
