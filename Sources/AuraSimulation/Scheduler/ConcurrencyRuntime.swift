// Everything that the simulation takes from the concurrency runtime beside its public interface is in this file and in
// CSimulation: a later toolchain may rename it.
#if os(Linux) && compiler(>=6.3)
internal import CSimulation
@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) internal import _Concurrency

/// Stands before the platform's global executor: a job of a simulation goes to that simulation.
///
/// Which one it is says the thread, so that many simulations run beside each other and beside ordinary tasks.
final class GlobalRouter: TaskExecutor, SchedulingExecutor, @unchecked Sendable {
    private let platform: any TaskExecutor
    private let platformTimers: any SchedulingExecutor

    init(_ platform: any TaskExecutor) {
        guard let timers = platform as? any SchedulingExecutor else {
            fatalError("The simulation knows no platform whose global executor keeps no timers.")
        }
        self.platform = platform
        platformTimers = timers
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let scheduler = Scheduler.current {
            scheduler.enqueue(job)
        } else if !Scheduler.takeBack(job) {
            platform.enqueue(ExecutorJob(job))
        }
    }

    func enqueue<C: Clock>(_ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C) {
        if let scheduler = Scheduler.current {
            scheduler.enqueue(UnownedJob(job), after: nanoseconds(delay), on: nil)
        } else {
            platformTimers.enqueue(job, after: delay, tolerance: tolerance, clock: clock)
        }
    }

    func enqueue<C: Clock>(_ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C) {
        if let scheduler = Scheduler.current {
            scheduler.enqueue(UnownedJob(job), after: nanoseconds(clock.now.duration(to: instant)), on: nil)
        } else {
            platformTimers.enqueue(job, at: instant, tolerance: tolerance, clock: clock)
        }
    }
}

/// Stands before the main actor's executor.
final class MainRouter: MainExecutor, SchedulingExecutor, @unchecked Sendable {
    private let platform: any MainExecutor
    private let platformTimers: any SchedulingExecutor

    init(_ platform: any MainExecutor) {
        guard let timers = platform as? any SchedulingExecutor else {
            fatalError("The simulation knows no platform whose main executor keeps no timers.")
        }
        self.platform = platform
        platformTimers = timers
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let scheduler = Scheduler.current {
            scheduler.mainQueue.append(job)
        } else if !Scheduler.takeBack(job) {
            platform.enqueue(ExecutorJob(job))
        }
    }

    func enqueue<C: Clock>(_ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C) {
        if let scheduler = Scheduler.current {
            scheduler.enqueue(UnownedJob(job), after: nanoseconds(delay), on: scheduler.mainQueue)
        } else {
            platformTimers.enqueue(job, after: delay, tolerance: tolerance, clock: clock)
        }
    }

    func enqueue<C: Clock>(_ job: consuming ExecutorJob, at instant: C.Instant, tolerance: C.Duration?, clock: C) {
        if let scheduler = Scheduler.current {
            let delay = nanoseconds(clock.now.duration(to: instant))
            scheduler.enqueue(UnownedJob(job), after: delay, on: scheduler.mainQueue)
        } else {
            platformTimers.enqueue(job, at: instant, tolerance: tolerance, clock: clock)
        }
    }

    var isMainExecutor: Bool { true }

    // Asked only where the job that runs is not one of the main actor's.
    func checkIsolated() {
        precondition(Scheduler.current == nil, "Code of the main actor runs outside it.")
        platform.checkIsolated()
    }

    func run() throws { try platform.run() }
    func stop() { platform.stop() }
}

/// A delay in nanoseconds; zero for one that is past, and for one of a clock whose durations are not the library's.
private func nanoseconds<D: DurationProtocol>(_ delay: D) -> UInt64 {
    guard let duration = delay as? Duration, duration > .zero else { return 0 }
    let (seconds, attoseconds) = duration.components
    let (product, isOverflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return isOverflow ? .max / 2 : product + UInt64(attoseconds / 1_000_000_000)
}

private struct RouterFactory: ExecutorFactory {
    static var mainExecutor: any MainExecutor { unsafe ConcurrencyRuntime.mainRouter }
    static var defaultExecutor: any TaskExecutor { unsafe ConcurrencyRuntime.globalRouter }
}

enum ConcurrencyRuntime {
    // Set once, before main.
    nonisolated(unsafe) static var globalRouter: GlobalRouter! = nil
    nonisolated(unsafe) static var mainRouter: MainRouter! = nil

    static func install() {
        unsafe globalRouter = GlobalRouter(Task<Never, Never>.defaultExecutor)
        unsafe mainRouter = MainRouter(MainActor.executor)
        _createExecutors(factory: RouterFactory.self)
        unsafe aura_simulation_install(
            aura_simulation_callbacks(
                enqueue: { simulation, job in
                    unsafe Scheduler.of(simulation).enqueue(unsafeBitCast(job, to: UnownedJob.self))
                },
                make_executor: { simulation, actor in
                    unsafe Scheduler.of(simulation).makeQueue(ofActor: actor)
                },
                is_own: { simulation, identity, _ in
                    unsafe Scheduler.of(simulation).isOwn(identity)
                },
                drop_executor: { simulation, executor in
                    unsafe Scheduler.of(simulation).dropQueue(executor)
                }
            )
        )
    }
}

/// Called by CSimulation before `main`: the runtime takes its executors at their first use.
@c(aura_simulation_install_executors)
public func installSimulationExecutors() {
    ConcurrencyRuntime.install()
}
#endif
