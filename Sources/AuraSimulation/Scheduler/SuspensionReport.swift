#if os(Linux)
internal import CSimulation

/// What every task of a simulation waited for when it could go no further.
public struct SuspensionReport: Sendable, Hashable, CustomStringConvertible {
    /// A task that has not returned.
    public struct Waiter: Sendable, Hashable {
        /// Its number, in the order of the tasks' first appearance.
        public var task: Int
        /// The number of the task that made it; `nil` for the first one.
        public var creator: Int?
        /// The number of its node; zero for none.
        public var node: Int
        /// Whether it waits for something else than its turn.
        public var isSuspended: Bool
        /// The functions that wait, innermost first, as far as their names are known.
        public var frames: [String]
    }

    /// The tasks in the order of their numbers.
    public var waiters: [Waiter]
    /// After how many steps.
    public var step: Int
    /// At which virtual time since the beginning.
    public var now: Duration

    private static let maximumFrames = 12

    init(_ records: [UnsafeMutablePointer<TaskRecord>], step: Int, now: Duration) {
        self.step = step
        self.now = now
        waiters = []
        for index in unsafe records.indices {
            let record = unsafe records[index].pointee
            unsafe waiters.append(
                Waiter(
                    task: Int(record.number),
                    creator: record.creator == 0 ? nil : Int(record.creator),
                    node: Int(record.node),
                    isSuspended: record.isSuspended,
                    frames: Self.frames(of: record.job)
                )
            )
        }
        waiters.sort { $0.task < $1.task }
    }

    /// Follows the frames of a suspended task: each holds its caller's frame and where that goes on.
    private static func frames(of task: UnsafeMutableRawPointer) -> [String] {
        var frames: [String] = []
        var function = unsafe aura_task_resume_function(task)
        var context = unsafe aura_task_resume_context(task)
        for _ in 0..<maximumFrames {
            guard let address = unsafe function else { break }
            if let name = unsafe FunctionName.of(address) { frames.append(name) }
            guard let frame = unsafe context else { break }
            let words = unsafe frame.assumingMemoryBound(to: Optional<UnsafeRawPointer>.self)
            unsafe function = words[1]
            unsafe context = words[0]
        }
        return frames
    }

    /// One paragraph a task.
    public var description: String {
        waiters.map { waiter in
            let origin = waiter.creator.map { ", made by task \($0)" } ?? ""
            let node = waiter.node == 0 ? "" : ", of node \(waiter.node)"
            let head = "task \(waiter.task)\(node)\(origin), \(waiter.isSuspended ? "suspended in" : "ready in")"
            return ([head] + waiter.frames.map { "    \($0)" }).joined(separator: "\n")
        }
        .joined(separator: "\n")
    }
}
#endif
