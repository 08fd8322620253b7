#if os(Linux)
internal import CSimulation

/// What the scheduler knows of a task, from the first time that it sees it until the task has returned.
///
/// The task's job points at it, so that finding it costs nothing.
@safe
struct TaskRecord {
    /// The task's job.
    let job: UnsafeMutableRawPointer
    unowned(unsafe) let scheduler: Scheduler
    /// Numbers tasks in the order in which they were first seen: the same in every run of a seed.
    let number: UInt32
    /// The number of the task that made it; zero for none.
    let creator: UInt32
    /// The node that it belongs to.
    let node: NodeNumber
    /// Where the record stands in the scheduler's list.
    var index: Int
    /// The higher, the sooner, where the strategy goes by priorities.
    var priority: UInt32
    /// Whether it waits for something else than its turn.
    var isSuspended = false
}

/// Numbers the nodes of a world; zero stands for what belongs to none.
typealias NodeNumber = UInt32

/// The records of the tasks that have not returned.
@safe
struct TaskRecords: ~Copyable {
    private(set) var live: [UnsafeMutablePointer<TaskRecord>] = unsafe []
    private var free: [UnsafeMutablePointer<TaskRecord>] = unsafe []
    private var nextNumber: UInt32 = 1

    /// Begins the record of a task, and keeps the task: it may return where the scheduler does not see it.
    mutating func begin(
        _ job: UnsafeMutableRawPointer,
        of scheduler: Scheduler,
        creator: UInt32,
        node: NodeNumber,
        priority: UInt32
    ) -> UnsafeMutablePointer<TaskRecord> {
        let record = unsafe free.popLast() ?? .allocate(capacity: 1)
        unsafe record.initialize(
            to: TaskRecord(
                job: job,
                scheduler: scheduler,
                number: nextNumber,
                creator: creator,
                node: node,
                index: live.count,
                priority: priority
            )
        )
        nextNumber += 1
        unsafe live.append(record)
        _ = unsafe Unmanaged<AnyObject>.fromOpaque(job).retain()
        unsafe aura_job_reserved(job).pointee = UnsafeMutableRawPointer(record)
        return unsafe record
    }

    /// Ends the record of a task that has returned.
    mutating func end(_ record: UnsafeMutablePointer<TaskRecord>) {
        let task = unsafe Unmanaged<AnyObject>.fromOpaque(record.pointee.job)
        defer { unsafe task.release() }
        unsafe aura_job_reserved(record.pointee.job).pointee = nil
        let last = unsafe live.removeLast()
        if unsafe last != record {
            let index = unsafe record.pointee.index
            unsafe live[index] = last
            unsafe last.pointee.index = index
        }
        unsafe record.deinitialize(count: 1)
        unsafe free.append(record)
    }

    deinit {
        for index in unsafe free.indices { unsafe free[index].deallocate() }
        // A record of a task that never returned stays: whoever wakes the task finds it.
    }
}

extension UnownedJob {
    /// The job as the runtime's pointer.
    var pointer: UnsafeMutableRawPointer { unsafe unsafeBitCast(self, to: UnsafeMutableRawPointer.self) }

    /// The record of the job's task, where a simulation has seen it.
    var record: UnsafeMutablePointer<TaskRecord>? {
        unsafe aura_job_reserved(pointer).pointee?.assumingMemoryBound(to: TaskRecord.self)
    }
}
#endif
