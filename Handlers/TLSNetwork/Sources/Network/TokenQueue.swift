#if TLSNetwork
/// The tokens of requests that wait for a reply, in the order in which they came.
struct TokenQueue {
    /// Those that wait.
    private(set) var tokens: Set<UInt64> = []
    /// Also some that wait no more: they are passed over when their turn comes.
    private var order = Fifo<UInt64>()

    var count: Int { tokens.count }
    /// How many are kept, with those that are to be passed over.
    var slots: Int { order.count }

    mutating func append(_ token: UInt64) {
        tokens.insert(token)
        order.append(token)
    }

    mutating func remove(_ token: UInt64) {
        tokens.remove(token)
        // Else one that waits for long would keep all that came after it.
        if slots > 2 * tokens.count + 64 { order.removeAll { !tokens.contains($0) } }
    }

    /// Takes out the one that has waited longest.
    mutating func popFirst() -> UInt64? {
        while let token = order.popFirst() {
            if tokens.remove(token) != nil { return token }
        }
        return nil
    }
}
#endif
