internal import AuraSimulation
internal import Measuring

/// Two actors exchange messages through mailboxes.
struct PingPong: Comparison {
    let name: String
    let unit = "messages/s"
    let isHigherBetter = true
    let target: Target

    private let messages: Int
    private let configuration: SimulationConfiguration

    init(messages: Int, isTraced: Bool) {
        name = isTraced ? "pingpong-traced" : "pingpong"
        target = .ratio(atLeast: isTraced ? 0.3 : 0.45)
        self.messages = messages
        configuration = SimulationConfiguration(
            scheduling: .random,
            maximumSteps: .max,
            keptSteps: isTraced ? 10_000 : 0
        )
    }

    func measureOurs() async throws -> Double {
        let simulation = Simulation(seed: 1, configuration: configuration)
        let elapsed = try await seconds {
            try await simulation.run { [messages] in await exchange(messages) }
        }
        return Double(messages) / elapsed
    }

    func measureBaseline() async throws -> Double? {
        let task = Task.detached { [messages] in await exchange(messages) }
        return Double(messages) / (await seconds { await task.value })
    }
}

/// Sends `count` messages, every second one an answer.
private func exchange(_ count: Int) async {
    let (left, right) = (Mailbox(), Mailbox())
    async let asking: Void = {
        for number in 0..<count / 2 {
            await right.send(number)
            _ = await left.receive()
        }
    }()
    async let answering: Void = {
        for _ in 0..<count / 2 { await left.send(await right.receive()) }
    }()
    _ = await (asking, answering)
}

private actor Mailbox {
    private var messages: [Int] = []
    private var receiver: CheckedContinuation<Int, Never>?

    func send(_ message: Int) {
        if let receiver {
            self.receiver = nil
            receiver.resume(returning: message)
        } else {
            messages.append(message)
        }
    }

    func receive() async -> Int {
        if !messages.isEmpty { return messages.removeFirst() }
        return await withCheckedContinuation { receiver = $0 }
    }
}
