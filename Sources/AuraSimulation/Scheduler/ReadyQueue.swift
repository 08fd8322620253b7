#if os(Linux)
/// What may run now, in the order in which it became so: jobs that may run anywhere, and queues that are not empty.
struct ReadyQueue {
    @safe
    struct Entry {
        /// The queue whose first job it is.
        var queue: Unmanaged<SerialQueue>?
        /// The job that may run anywhere; for a queue its first one.
        var job: UnownedJob
        var node: NodeNumber
    }

    private var entries: [Entry] = []
    private var first = 0

    var count: Int { entries.count - first }

    subscript(index: Int) -> Entry { entries[first + index] }

    mutating func append(_ entry: Entry) {
        entries.append(entry)
    }

    /// Takes an entry out; the others keep their order.
    mutating func remove(at index: Int) -> Entry {
        let entry = entries[first + index]
        if index == 0 {
            first += 1
            if first == entries.count {
                entries.removeAll(keepingCapacity: true)
                first = 0
            } else if first >= 256, first * 2 >= entries.count {
                entries.removeFirst(first)
                first = 0
            }
        } else {
            entries.remove(at: first + index)
        }
        return entry
    }

    mutating func removeAll() {
        entries = []
        first = 0
    }
}
#endif
