internal import AuraEffects

/// What happens on a network at a moment to come.
enum NetworkEvent: Sendable {
    /// The first frame of a link arrives; the number tells it from an arrival that was put off.
    case arrival(link: Int, number: UInt64)
    /// One end of a connection notices that it hears nothing more.
    case silence(link: Int, number: UInt64)
    /// A connection ends by itself.
    case breakdown(link: Int, connection: UInt64)
    /// Two peers connect again.
    case reconnection(link: Int)
    /// A request has waited long enough.
    case timeout(request: UInt64)
}

/// The events to come: those of one moment in the order in which they were added.
struct NetworkAgenda {
    private struct Entry {
        var moment: MonotonicInstant
        var number: UInt64
        var event: NetworkEvent

        func isBefore(_ other: Entry) -> Bool {
            (moment, number) < (other.moment, other.number)
        }
    }

    // A binary heap.
    private var entries: [Entry] = []
    private var nextNumber: UInt64 = 0

    var first: (moment: MonotonicInstant, event: NetworkEvent)? {
        entries.first.map { ($0.moment, $0.event) }
    }

    mutating func add(_ event: NetworkEvent, at moment: MonotonicInstant) {
        entries.append(Entry(moment: moment, number: nextNumber, event: event))
        nextNumber += 1
        var position = entries.count - 1
        while position > 0, entries[position].isBefore(entries[(position - 1) / 2]) {
            entries.swapAt(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
    }

    mutating func removeFirst() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var position = 0
        while true {
            var smallest = position
            for child in [2 * position + 1, 2 * position + 2]
            where child < entries.count && entries[child].isBefore(entries[smallest]) {
                smallest = child
            }
            guard smallest != position else { return }
            entries.swapAt(position, smallest)
            position = smallest
        }
    }
}
