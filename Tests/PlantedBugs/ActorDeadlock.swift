extension PlantedBug {
    /// Two accounts each hold their turn while they wait for the other's.
    public static let actorDeadlock = PlantedBug(
        name: "deadlock of two actors",
        fault: "An account serves one transfer at a time, and keeps its turn while it waits for the other account.",
        buggy: { try await transferBothWays { source, target in await source.sendHoldingTurn(10, to: target) } },
        fixed: { try await transferBothWays { source, target in await source.send(10, to: target) } }
    )
}

private actor Account {
    private(set) var balance: Int
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(balance: Int) {
        self.balance = balance
    }

    private func beginTurn() async {
        if isBusy {
            await withCheckedContinuation { waiting.append($0) }
        } else {
            isBusy = true
        }
    }

    private func endTurn() {
        if waiting.isEmpty {
            isBusy = false
        } else {
            waiting.removeFirst().resume()
        }
    }

    func receive(_ amount: Int) async {
        await beginTurn()
        balance += amount
        endTurn()
    }

    func sendHoldingTurn(_ amount: Int, to other: Account) async {
        await beginTurn()
        balance -= amount
        await other.receive(amount)
        endTurn()
    }

    func send(_ amount: Int, to other: Account) async {
        await beginTurn()
        balance -= amount
        endTurn()
        await other.receive(amount)
    }
}

private func transferBothWays(_ transfer: @escaping @Sendable (Account, Account) async -> Void) async throws {
    let (left, right) = (Account(balance: 100), Account(balance: 100))
    await withTaskGroup { group in
        group.addTask { await transfer(left, right) }
        group.addTask { await transfer(right, left) }
    }
    let total = await left.balance + right.balance
    try require(total == 200, "the accounts hold \(total) instead of 200")
}
