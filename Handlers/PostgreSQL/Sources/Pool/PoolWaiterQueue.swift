#if PostgreSQL
internal import AuraEffects

/// The callers that wait for a connection, first come first served, each with its deadline.
struct PoolWaiterQueue: Sendable {
    private var deadlines: [PoolWaiterID: MonotonicInstant] = [:]
    // From `head` on the order of their coming, with those that have left in between.
    private var order: [PoolWaiterID] = []
    private var head = 0

    var count: Int { deadlines.count }
    var isEmpty: Bool { deadlines.isEmpty }

    mutating func append(_ waiter: PoolWaiterID, deadline: MonotonicInstant) {
        deadlines[waiter] = deadline
        order.append(waiter)
    }

    mutating func popFirst() -> PoolWaiterID? {
        while head < order.count {
            let waiter = order[head]
            head += 1
            if deadlines.removeValue(forKey: waiter) != nil {
                tidy()
                return waiter
            }
        }
        return nil
    }

    /// Removes a waiter; `false` where it does not wait.
    mutating func remove(_ waiter: PoolWaiterID) -> Bool {
        guard deadlines.removeValue(forKey: waiter) != nil else { return false }
        tidy()
        return true
    }

    /// Removes all, in the order of their coming.
    mutating func removeAll() -> [PoolWaiterID] {
        let waiting = order[head...].filter { deadlines[$0] != nil }
        self = PoolWaiterQueue()
        return waiting
    }

    /// Removes those whose deadline has come, in the order of their coming.
    mutating func removeExpired(at now: MonotonicInstant) -> [PoolWaiterID] {
        guard let earliestDeadline, earliestDeadline <= now else { return [] }
        let expired = order[head...].filter { waiter in deadlines[waiter].map { $0 <= now } ?? false }
        for waiter in expired { deadlines[waiter] = nil }
        tidy()
        return expired
    }

    var earliestDeadline: MonotonicInstant? { deadlines.values.min() }

    /// Forgets those that have left once they are more than those that wait.
    private mutating func tidy() {
        guard order.count > 2 * deadlines.count + 16 else { return }
        order = order[head...].filter { deadlines[$0] != nil }
        head = 0
    }
}
#endif
