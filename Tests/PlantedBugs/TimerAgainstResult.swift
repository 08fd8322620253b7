extension PlantedBug {
    /// Cancelling a timer that has fired comes too late.
    public static let timerAgainstResult = PlantedBug(
        name: "timer against result",
        fault: "An order that is paid cancels its expiry, which may have passed its sleep and only wait for its turn.",
        buggy: { try await payOnTheLastMinute { order in await order.expire() } },
        fixed: { try await payOnTheLastMinute { order in await order.expireIfOpen() } }
    )
}

private actor Order {
    enum State {
        case open, paid, expired
    }

    private(set) var state = State.open
    private var expiry: Task<Void, any Error>?

    func hold(for duration: Duration, thenExpire expire: @escaping @Sendable (Order) async -> Void) {
        expiry = Task {
            try await Task.sleep(for: duration)
            await expire(self)
        }
    }

    func pay() -> Bool {
        guard state == .open else { return false }
        expiry?.cancel()
        state = .paid
        return true
    }

    func expire() {
        state = .expired
    }

    func expireIfOpen() {
        if state == .open { state = .expired }
    }
}

private func payOnTheLastMinute(_ expire: @escaping @Sendable (Order) async -> Void) async throws {
    let order = Order()
    await order.hold(for: .seconds(30), thenExpire: expire)
    try await Task.sleep(for: .seconds(.random(in: 1...3) * 10))
    let isPaid = await order.pay()
    try await Task.sleep(for: .seconds(60))
    let state = await order.state
    try require(!isPaid || state == .paid, "the order was paid, and is \(state)")
}
