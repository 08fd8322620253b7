extension PlantedBug {
    /// A buffer for the latest value is used for all of them.
    public static let droppingStream = PlantedBug(
        name: "stream that drops",
        fault:
            "Amounts to be added up pass a stream that keeps the newest four, which a slow reader does not see all of.",
        buggy: { try await addUp(buffering: .bufferingNewest(4)) },
        fixed: { try await addUp(buffering: .unbounded) }
    )
}

private actor Till {
    private(set) var total = 0

    func add(_ amount: Int) {
        total += amount
    }
}

private func addUp(buffering policy: AsyncStream<Int>.Continuation.BufferingPolicy) async throws {
    let (amounts, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: policy)
    let till = Till()
    let adding = Task {
        for await amount in amounts { await till.add(amount) }
    }
    for amount in 1...8 {
        continuation.yield(amount)
        await Task.yield()
    }
    continuation.finish()
    await adding.value
    let total = await till.total
    try require(total == 36, "1 to 8 add up to \(total)")
}
