extension PlantedBug {
    /// A permit that is given back twice admits one too many.
    public static let doubleRelease = PlantedBug(
        name: "permit released twice",
        fault: "A failed request gives its permit back in the 'catch' and again in the 'defer'.",
        buggy: { try await requestAll { limit, server in await requestReleasingTwice(server, limit) } },
        fixed: { try await requestAll { limit, server in await request(server, limit) } }
    )
}

private struct Refused: Error {}

private actor Permits {
    private var count: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        self.count = count
    }

    func acquire() async {
        if count > 0 {
            count -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func release() {
        if waiting.isEmpty {
            count += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

private actor Server {
    private var running = 0
    private(set) var mostRunning = 0

    func serve() async throws {
        running += 1
        mostRunning = max(mostRunning, running)
        defer { running -= 1 }
        try? await Task.sleep(for: .milliseconds(.random(in: 1...10)))
        if Int.random(in: 0..<10) == 0 { throw Refused() }
    }
}

private func requestReleasingTwice(_ server: Server, _ limit: Permits) async {
    await limit.acquire()
    defer { Task { await limit.release() } }
    do {
        try await server.serve()
    } catch {
        await limit.release()
    }
}

private func request(_ server: Server, _ limit: Permits) async {
    await limit.acquire()
    defer { Task { await limit.release() } }
    try? await server.serve()
}

private func requestAll(_ request: @escaping @Sendable (Permits, Server) async -> Void) async throws {
    let limit = Permits(2)
    let server = Server()
    await withTaskGroup { group in
        for _ in 0..<5 {
            group.addTask { await request(limit, server) }
        }
    }
    let most = await server.mostRunning
    try require(most <= 2, "\(most) requests ran at once, 2 are allowed")
}
