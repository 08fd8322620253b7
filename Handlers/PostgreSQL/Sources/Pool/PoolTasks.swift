#if PostgreSQL
internal import AuraRuntime

/// The tasks that work for a pool: children of one task, so that none outlives it and none is remembered once it has
/// ended.
final class PoolTasks: Sendable {
    typealias Body = @Sendable () async -> Void

    private enum Step: Sendable {
        case start(Body)
        case cancel
    }

    private let owner = TaskOwner()
    private let steps: AsyncStream<Step>
    private let input: AsyncStream<Step>.Continuation

    init() {
        (steps, input) = AsyncStream.makeStream()
    }

    /// Begins to run what was started, now and later.
    func run() {
        owner.start { [steps] in
            await withDiscardingTaskGroup { group in
                for await step in steps {
                    switch step {
                    case .start(let body): group.addTask { await body() }
                    case .cancel: group.cancelAll()
                    }
                }
            }
        }
    }

    /// Starts a task.
    func start(_ body: @escaping Body) {
        input.yield(.start(body))
    }

    /// Cancels the tasks, also those that are started later.
    func cancel() {
        input.yield(.cancel)
    }

    /// Lets no further task start.
    func finish() {
        input.finish()
    }

    /// Waits until the tasks have ended, after ``finish()``.
    func wait() async {
        await owner.wait()
    }
}
#endif
