/// What a run did, as a hash over every step and as the last steps themselves.
///
/// Tasks and queues have the numbers of their first appearance, and no address is part of it, so that two runs of a seed
/// have the same trace, in any process.
public struct SimulationTrace: Sendable {
    /// One step.
    public struct Step: Sendable, Hashable {
        /// Its number, from 1.
        public var number: Int
        /// Virtual nanoseconds since the beginning.
        public var nanoseconds: UInt64
        /// The number of the task that ran; zero for the runtime's own work.
        public var task: UInt32
        /// The number of the actor or executor that it ran on; zero is the main actor, `nil` is none.
        public var queue: UInt32?
        /// The job's place among those that could run.
        public var choice: Int
        /// How many could run.
        public var count: Int
        /// The number of its node; zero is none.
        public var node: UInt32
        /// The function that the task began with, where it is known.
        public var taskName: String?
        /// The type of the actor that it ran on.
        public var queueName: String?
        /// What the program noted during it.
        public var notes: [String] = []
    }

    /// FNV-1a over the numbers of every step and the notes.
    public private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private let keptCount: Int
    private var ring: [Step] = []
    private var next = 0
    private var taskNames: [UInt32: String] = [:]
    private var queueNames: [UInt32: String] = [:]

    /// Whether steps are kept beside their hash.
    var keepsSteps: Bool { keptCount > 0 }

    mutating func name(task: UInt32, _ name: String) {
        taskNames[task] = name
    }

    mutating func name(queue: UInt32, _ name: String) {
        queueNames[queue] = name
    }

    init(keeping count: Int) {
        keptCount = count
    }

    /// The last steps, oldest first, as many as were to be kept.
    public var steps: [Step] { Array(ring[next...] + ring[..<next]) }

    @inline(__always)
    mutating func note(step: Int, now: UInt64, task: UInt32, queue: UInt32, choice: Int, of count: Int, node: UInt32) {
        mix(now)
        mix(UInt64(task) << 32 | UInt64(queue))
        mix(UInt64(truncatingIfNeeded: choice) << 32 | UInt64(truncatingIfNeeded: count) << 16 | UInt64(node))
        guard keptCount > 0 else { return }
        keep(
            Step(
                number: step,
                nanoseconds: now,
                task: task,
                queue: queue == .max ? nil : queue,
                choice: choice,
                count: count,
                node: node,
                taskName: taskNames[task],
                queueName: queueNames[queue]
            )
        )
    }

    /// Folds an event of the program in.
    mutating func note(_ event: String) {
        for byte in event.utf8 { mix(UInt64(byte)) }
        guard keptCount > 0, !ring.isEmpty else { return }
        ring[(next + ring.count - 1) % ring.count].notes.append(event)
    }

    private mutating func keep(_ step: Step) {
        if ring.count < keptCount {
            ring.append(step)
        } else {
            ring[next] = step
            next = (next + 1) % keptCount
        }
    }

    @inline(__always)
    private mutating func mix(_ word: UInt64) {
        hash = (hash ^ word) &* 0x100_0000_01b3
        hash ^= hash >> 29
    }
}

extension SimulationTrace.Step: CustomStringConvertible {
    /// One line, and one for each note.
    public var description: String {
        let place = queue.map { $0 == 0 ? " on the main actor" : " on \(queueName ?? "executor") \($0)" } ?? ""
        let owner = node == 0 ? "" : " of node \(node)"
        let who = task == 0 ? "the runtime" : "task \(task)\(taskName.map { " (\($0))" } ?? "")"
        let head = "\(number)  \(Duration.nanoseconds(Int64(clamping: nanoseconds)))  \(who)\(owner)\(place)"
        return ([count > 1 ? "\(head)  (\(choice + 1) of \(count))" : head] + notes.map { "    \($0)" })
            .joined(separator: "\n")
    }
}
