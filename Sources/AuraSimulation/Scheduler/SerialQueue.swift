#if os(Linux)
internal import CSimulation
@_spi(ExperimentalCustomExecutors) internal import _Concurrency

/// The jobs that wait for one actor, the main actor, or an executor that a handler was given.
///
/// They run in the order in which they came, one job a step: between two of them any other job may run.
final class SerialQueue: SerialExecutor, @unchecked Sendable {
    @safe
    enum Kind {
        case actor(UnsafeMutableRawPointer)
        case main
        case handler(label: String)
    }

    let kind: Kind
    /// Numbers the queues in the order of their first use; zero is the main actor's.
    let number: UInt32
    private unowned(unsafe) let scheduler: Scheduler
    private var jobs: [UnownedJob] = []
    private var first = 0

    init(_ kind: Kind, number: UInt32, of scheduler: Scheduler) {
        self.kind = kind
        self.number = number
        unsafe self.scheduler = scheduler
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if unsafe Scheduler.current === scheduler {
            append(job)
        } else {
            unsafe scheduler.receiveForeign(job)
        }
    }

    /// Puts a job at the end; on the simulation's thread.
    func append(_ job: UnownedJob) {
        unsafe scheduler.note(job)
        jobs.append(job)
        if jobs.count - first == 1 { unsafe scheduler.makeReady(self, next: job) }
    }

    /// Takes the first job; the queue is not empty.
    func removeFirst() -> UnownedJob {
        let job = jobs[first]
        first += 1
        if first == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            first = 0
        } else if first >= 64, first * 2 >= jobs.count {
            jobs.removeFirst(first)
            first = 0
        }
        return job
    }

    var next: UnownedJob? { first < jobs.count ? jobs[first] : nil }

    /// Runs a job of this queue until it suspends or returns.
    @inline(__always)
    func run(_ job: UnownedJob, state: UnsafeMutablePointer<aura_simulation>) {
        switch kind {
        case .actor(let actor):
            unsafe state.pointee.current_actor = UnsafeRawPointer(actor)
            let words = unsafe aura_executor(identity: actor, implementation: nil)
            unsafe job.runSynchronously(on: unsafeBitCast(words, to: UnownedSerialExecutor.self))
            unsafe state.pointee.current_actor = nil
        case .main:
            unsafe job.runSynchronously(
                isolatedTo: ConcurrencyRuntime.mainRouter.asUnownedSerialExecutor(),
                taskExecutor: ConcurrencyRuntime.globalRouter.asUnownedTaskExecutor()
            )
        case .handler:
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    /// The queue as the runtime's words.
    var reference: aura_executor {
        unsafe unsafeBitCast(asUnownedSerialExecutor(), to: aura_executor.self)
    }
}
#endif
