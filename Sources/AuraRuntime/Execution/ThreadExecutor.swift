#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A serial executor on a thread of its own, for actors whose calls block.
///
/// The thread ends after the last reference to the executor is gone and the jobs that were enqueued have run.
public final class ThreadExecutor: SerialExecutor {
    private let queue: JobQueue

    /// Starts the thread.
    ///
    /// - Parameter label: The thread's name in debuggers, where the platform lets Swift set it (not on Linux).
    public init(label: String) {
        queue = JobQueue()
        let thread = ThreadBody(queue: queue, label: label)
        startThread(running: thread)
    }

    deinit {
        queue.finish()
    }

    /// Hands a job to the thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        queue.append(unsafe Item(job: UnownedJob(job), executor: asUnownedSerialExecutor()))
    }

    /// This executor for an actor's `unownedExecutor`.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}

// Safe: the executor that enqueues an item outlives the job, and each job runs once.
@safe
private struct Item {
    var job: UnownedJob
    var executor: UnownedSerialExecutor
}

private struct ThreadBody: Sendable {
    var queue: JobQueue
    var label: String

    func run() {
        #if canImport(Darwin)
        unsafe pthread_setname_np(label)
        #endif
        while let batch = queue.next() {
            for item in batch {
                unsafe item.job.runSynchronously(on: item.executor)
            }
        }
    }
}

// Safe to send: `items` and `isFinished` are touched only while `mutex` is held.
@safe
private final class JobQueue: @unchecked Sendable {
    private var items: [Item] = []
    private var isFinished = false
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func append(_ item: Item) {
        unsafe pthread_mutex_lock(mutex)
        let wasEmpty = items.isEmpty
        items.append(item)
        // While it is held: once it is not, the job may run, end the last use of the executor, and this queue with it.
        if wasEmpty { unsafe pthread_cond_signal(condition) }
        unsafe pthread_mutex_unlock(mutex)
    }

    func finish() {
        unsafe pthread_mutex_lock(mutex)
        isFinished = true
        unsafe pthread_mutex_unlock(mutex)
        unsafe pthread_cond_signal(condition)
    }

    /// How often the thread looks again before it sleeps.
    ///
    /// It takes some 30 µs, in which a caller that goes on at once is back with its next job. Waking a thread that sleeps
    /// costs as much as a small commit.
    private static let looksBeforeSleep = 100

    /// The jobs that came since the last call; waits for the first, and is `nil` once finished and empty.
    func next() -> [Item]? {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        var looks = 0
        while items.isEmpty {
            if isFinished { return nil }
            if looks < Self.looksBeforeSleep {
                looks += 1
                unsafe pthread_mutex_unlock(mutex)
                sched_yield()
                unsafe pthread_mutex_lock(mutex)
            } else {
                unsafe pthread_cond_wait(condition, mutex)
            }
        }
        let batch = items
        items = []
        return batch
    }
}

private final class ThreadBox {
    let body: ThreadBody

    init(_ body: ThreadBody) {
        self.body = body
    }
}

private func startThread(running body: ThreadBody) {
    let box = unsafe Unmanaged.passRetained(ThreadBox(body)).toOpaque()
    #if canImport(Darwin)
    var thread: pthread_t?
    let start: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { argument in
        unsafe Unmanaged<ThreadBox>.fromOpaque(argument).takeRetainedValue().body.run()
        return nil
    }
    #else
    var thread = pthread_t()
    let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<ThreadBox>.fromOpaque(argument).takeRetainedValue().body.run()
        return nil
    }
    #endif
    let status = unsafe pthread_create(&thread, nil, start, box)
    precondition(status == 0, "pthread_create failed with status \(status): the process is out of threads or memory.")
    #if canImport(Darwin)
    if let thread = unsafe thread { unsafe pthread_detach(thread) }
    #else
    pthread_detach(thread)
    #endif
}
