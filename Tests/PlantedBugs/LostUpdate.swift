extension PlantedBug {
    /// Two visits read the same number.
    public static let lostUpdate = PlantedBug(
        name: "lost update over a hop",
        fault: "A counter is read with one call to its actor and written with another.",
        buggy: {
            try await countVisits { counter in
                let visits = await counter.visits
                await counter.set(visits + 1)
            }
        },
        fixed: { try await countVisits { counter in await counter.increment() } }
    )
}

private actor VisitCounter {
    private(set) var visits = 0

    func set(_ visits: Int) {
        self.visits = visits
    }

    func increment() {
        visits += 1
    }
}

private func countVisits(_ visit: @escaping @Sendable (VisitCounter) async -> Void) async throws {
    let counter = VisitCounter()
    await withTaskGroup { group in
        for _ in 0..<3 {
            group.addTask { await visit(counter) }
        }
    }
    let visits = await counter.visits
    try require(visits == 3, "\(visits) of 3 visits were counted")
}
