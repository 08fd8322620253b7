#if TLSNetwork
/// Elements in the order in which they came; taking the first costs the same however many there are.
struct Fifo<Element> {
    private var slots: [Element?] = []
    private var head = 0

    var isEmpty: Bool { head == slots.count }
    var count: Int { slots.count - head }
    var elements: [Element] { slots[head...].compactMap { $0 } }

    mutating func append(_ element: Element) {
        slots.append(element)
    }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        defer {
            slots[head] = nil
            head += 1
            compact()
        }
        return slots[head]
    }

    mutating func removeAll(where isRemoved: (Element) -> Bool) {
        slots = slots[head...].filter { $0.map { !isRemoved($0) } ?? false }
        head = 0
    }

    private mutating func compact() {
        if head == slots.count {
            slots.removeAll(keepingCapacity: head <= 64)
            head = 0
        } else if head >= 64, head > slots.count / 2 {
            slots.removeFirst(head)
            head = 0
        }
    }
}
#endif
