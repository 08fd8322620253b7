extension PlantedBug {
    /// The answer is late, not the request.
    public static let replayedRequest = PlantedBug(
        name: "replay of a request that is not idempotent",
        fault: "A client sends a deposit again when no answer came in time, though the first one may have arrived.",
        buggy: { try await payIn { ledger, _ in await ledger.deposit(100) } },
        fixed: { try await payIn { ledger, id in await ledger.deposit(100, id: id) } }
    )
}

private struct TimedOut: Error {}

private actor Ledger {
    private(set) var balance = 0
    private var known: Set<Int> = []

    func deposit(_ amount: Int) {
        balance += amount
    }

    func deposit(_ amount: Int, id: Int) {
        guard known.insert(id).inserted else { return }
        balance += amount
    }
}

/// Sends a request over a network that mostly answers in time; one that was sent cannot be called back.
private func send(timeout: Duration, _ request: @escaping @Sendable () async -> Void) async throws(TimedOut) {
    let (answers, answer) = AsyncStream<Bool>.makeStream()
    Task {
        try? await Task.sleep(for: .milliseconds(.random(in: 1...30)))
        await request()
        try? await Task.sleep(for: .milliseconds(.random(in: 1...30)))
        answer.yield(true)
    }
    let timer = Task {
        try await Task.sleep(for: timeout)
        answer.yield(false)
    }
    defer { timer.cancel() }
    var iterator = answers.makeAsyncIterator()
    guard await iterator.next() == true else { throw TimedOut() }
}

private func payIn(_ deposit: @escaping @Sendable (Ledger, _ id: Int) async -> Void) async throws {
    let ledger = Ledger()
    await withTaskGroup { group in
        for id in 1...2 {
            group.addTask {
                for _ in 1...3 {
                    let answer: Void? = try? await send(timeout: .milliseconds(50)) { await deposit(ledger, id) }
                    if answer != nil { return }
                }
            }
        }
    }
    // What is still on its way arrives.
    try await Task.sleep(for: .seconds(1))
    let balance = await ledger.balance
    try require(balance == 200, "two deposits of 100 made \(balance)")
}
