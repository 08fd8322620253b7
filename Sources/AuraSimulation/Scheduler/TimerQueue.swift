#if os(Linux)
/// Jobs that become ready at a moment: a binary heap, in which equal moments keep the order of their coming.
struct TimerQueue {
    struct Timer {
        var moment: UInt64
        var number: UInt64
        var job: UnownedJob
        var queue: SerialQueue?
        var node: NodeNumber

        static func < (left: Timer, right: Timer) -> Bool {
            left.moment != right.moment ? left.moment < right.moment : left.number < right.number
        }
    }

    private var heap: [Timer] = []
    private var nextNumber: UInt64 = 0

    var firstMoment: UInt64? { heap.first?.moment }
    var count: Int { heap.count }

    mutating func insert(_ job: UnownedJob, at moment: UInt64, queue: SerialQueue?, node: NodeNumber) {
        heap.append(Timer(moment: moment, number: nextNumber, job: job, queue: queue, node: node))
        nextNumber += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the first timer; there is one.
    mutating func removeFirst() -> Timer {
        heap.swapAt(0, heap.count - 1)
        let first = heap.removeLast()
        var parent = 0
        while true {
            let (left, right) = (parent * 2 + 1, parent * 2 + 2)
            guard left < heap.count else { return first }
            let child = right < heap.count && heap[right] < heap[left] ? right : left
            guard heap[child] < heap[parent] else { return first }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
#endif
