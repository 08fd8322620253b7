extension PlantedBug {
    /// The signal comes between the look at the state and the wait for its change.
    public static let lostWakeup = PlantedBug(
        name: "lost wake-up",
        fault: "A task looks whether a latch is open, and puts itself on the waiting list with a second call.",
        buggy: { try await startWhenReady { latch in await latch.waitInTwoSteps() } },
        fixed: { try await startWhenReady { latch in await latch.wait() } }
    )
}

private actor Latch {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        for waiter in waiting { waiter.resume() }
        waiting = []
    }

    private func enlist(_ waiter: CheckedContinuation<Void, Never>) {
        waiting.append(waiter)
    }

    nonisolated func waitInTwoSteps() async {
        if await isOpen { return }
        await withCheckedContinuation { waiter in
            Task { await enlist(waiter) }
        }
    }

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }
}

private func startWhenReady(_ wait: @escaping @Sendable (Latch) async -> Void) async throws {
    let latch = Latch()
    await withTaskGroup { group in
        for _ in 0..<2 {
            group.addTask { await wait(latch) }
        }
        group.addTask { await latch.open() }
    }
}
