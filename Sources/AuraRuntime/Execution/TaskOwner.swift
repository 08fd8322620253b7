internal import Synchronization

/// Owns the tasks that work for a handler, and ends them with it.
package final class TaskOwner: Sendable {
    private let tasks = Mutex<[Task<Void, Never>]>([])

    package init() {}

    /// Starts a task.
    package func start(_ body: @escaping @Sendable () async -> Void) {
        let task = Task { await body() }
        tasks.withLock { $0.append(task) }
    }

    /// Asks the tasks to end early.
    package func cancel() {
        for task in tasks.withLock({ $0 }) { task.cancel() }
    }

    /// Waits until the tasks have ended.
    package func wait() async {
        for task in tasks.withLock({ $0 }) { await task.value }
    }
}
