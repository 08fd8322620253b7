internal import AuraEffects

/// Something to be called at a moment.
// Safe to send: the position is read and written by the timer's heap alone, inside the timer's lock.
package final class TimerEntry: @unchecked Sendable {
    let deadline: MonotonicInstant
    let wake: @Sendable (PolicyTimer.Cause) -> Void
    /// Where the heap keeps it; `nil` once it is out.
    fileprivate var position: Int?
    /// Orders entries of the same moment as they came.
    fileprivate var number: UInt64 = 0

    init(_ deadline: MonotonicInstant, _ wake: @escaping @Sendable (PolicyTimer.Cause) -> Void) {
        self.deadline = deadline
        self.wake = wake
    }

    fileprivate func isBefore(_ other: TimerEntry) -> Bool {
        (deadline, number) < (other.deadline, other.number)
    }
}

/// A binary heap of entries by their deadlines, from which any can be taken out.
struct TimerHeap {
    private var entries: [TimerEntry] = []
    private var nextNumber: UInt64 = 0

    var count: Int { entries.count }
    var first: TimerEntry? { entries.first }

    mutating func insert(_ entry: TimerEntry) {
        entry.number = nextNumber
        nextNumber += 1
        entries.append(entry)
        entry.position = entries.count - 1
        moveUp(entries.count - 1)
    }

    mutating func remove(_ entry: TimerEntry) {
        guard let position = entry.position else { return }
        entry.position = nil
        let last = entries.removeLast()
        guard last !== entry else { return }
        place(last, at: position)
        moveUp(position)
        moveDown(position)
    }

    /// Takes out the entries whose deadlines are not after a moment, the earliest first.
    mutating func removeAll(until moment: MonotonicInstant) -> [TimerEntry] {
        var due: [TimerEntry] = []
        while let entry = entries.first, entry.deadline <= moment {
            remove(entry)
            due.append(entry)
        }
        return due
    }

    private mutating func place(_ entry: TimerEntry, at position: Int) {
        entries[position] = entry
        entry.position = position
    }

    private mutating func moveUp(_ start: Int) {
        var position = start
        while position > 0, entries[position].isBefore(entries[(position - 1) / 2]) {
            exchange(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
    }

    private mutating func moveDown(_ start: Int) {
        var position = start
        while true {
            var smallest = position
            for child in [2 * position + 1, 2 * position + 2]
            where child < entries.count && entries[child].isBefore(entries[smallest]) {
                smallest = child
            }
            guard smallest != position else { return }
            exchange(position, smallest)
            position = smallest
        }
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        let entry = entries[left]
        place(entries[right], at: left)
        place(entry, at: right)
    }
}
