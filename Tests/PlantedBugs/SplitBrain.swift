extension PlantedBug {
    /// On both sides of a partition a replica takes itself for the primary.
    public static let splitBrain = PlantedBug(
        name: "split brain after a partition",
        fault: "A replica that no longer hears the primary takes its place without a majority, and both go on writing.",
        buggy: { try await writeThroughPartition(needed: 1) },
        fixed: { try await writeThroughPartition(needed: 2) }
    )
}

/// Messages between three replicas take a while, and do not pass while the first one is cut off.
private actor Wire {
    private var isCut = false

    func cut() { isCut = true }
    func heal() { isCut = false }

    private func passes(_ sender: Int, _ receiver: Int) -> Bool {
        !isCut || (sender == 0) == (receiver == 0)
    }

    nonisolated func request<Answer: Sendable>(
        from sender: Int,
        to receiver: Int,
        _ deliver: @Sendable () async -> Answer
    ) async -> Answer? {
        try? await Task.sleep(for: .milliseconds(.random(in: 1...5)))
        guard await passes(sender, receiver) else { return nil }
        let answer = await deliver()
        try? await Task.sleep(for: .milliseconds(.random(in: 1...5)))
        return await passes(receiver, sender) ? answer : nil
    }
}

private struct Log: Sendable {
    var epoch: Int
    var values: [String] = []

    static func isOlder(_ left: Log, _ right: Log) -> Bool {
        (left.epoch, left.values.count) < (right.epoch, right.values.count)
    }
}

private actor Replica {
    let id: Int
    private let wire: Wire
    private var promised = 1
    private(set) var log = Log(epoch: 1)
    private(set) var leads: Int?

    init(_ id: Int, _ wire: Wire) {
        self.id = id
        self.wire = wire
        leads = id == 0 ? 1 : nil
    }

    /// Takes a primary's log over, unless a later primary has asked for a vote.
    func accept(_ other: Log) -> Bool {
        guard other.epoch >= promised else { return false }
        promised = other.epoch
        if other.epoch != leads { leads = nil }
        if Log.isOlder(log, other) { log = other }
        return true
    }

    func vote(for epoch: Int) -> Log? {
        guard epoch > promised else { return nil }
        promised = epoch
        leads = nil
        return log
    }

    /// Whether a value was stored by as many replicas as needed, this one included.
    func write(_ value: String, to all: [Replica], needed: Int) async -> Bool {
        guard leads == log.epoch else { return false }
        log.values.append(value)
        let sent = log
        let answers = await asked(all) { await $0.accept(sent) }
        return answers.count { $0 } + 1 >= needed
    }

    /// Becomes the primary if as many replicas as needed vote for it, this one included.
    func standForPrimary(among all: [Replica], needed: Int) async {
        let epoch = promised + 1
        guard let own = vote(for: epoch) else { return }
        let votes = await asked(all) { await $0.vote(for: epoch) }.compactMap(\.self) + [own]
        guard votes.count >= needed, promised == epoch else { return }
        log.values = votes.max(by: Log.isOlder)?.values ?? []
        log.epoch = epoch
        leads = epoch
    }

    private func asked<Answer: Sendable>(
        _ all: [Replica],
        _ question: @escaping @Sendable (Replica) async -> Answer
    ) async -> [Answer] {
        await withTaskGroup { [id, wire] group in
            for other in all where other.id != id {
                group.addTask { await wire.request(from: id, to: other.id) { await question(other) } }
            }
            return await group.reduce(into: []) { answers, answer in
                if let answer { answers.append(answer) }
            }
        }
    }

    /// Whether a primary's place is free, as far as this replica can tell.
    func misses(_ primary: Replica) async -> Bool {
        await wire.request(from: id, to: primary.id) { true } == nil
    }
}

private func writeThroughPartition(needed: Int) async throws {
    let wire = Wire()
    let replicas = (0..<3).map { Replica($0, wire) }
    let acknowledged = await withTaskGroup { group in
        for writer in [replicas[0], replicas[1]] {
            group.addTask {
                var acknowledged: [String] = []
                for number in 1...5 {
                    let value = "\(writer.id).\(number)"
                    if await writer.write(value, to: replicas, needed: needed) { acknowledged.append(value) }
                    try? await Task.sleep(for: .milliseconds(.random(in: 5...40)))
                }
                return acknowledged
            }
        }
        group.addTask {
            for _ in 1...8 {
                if await replicas[1].misses(replicas[0]) {
                    await replicas[1].standForPrimary(among: replicas, needed: needed)
                }
                try? await Task.sleep(for: .milliseconds(10))
            }
            return []
        }
        group.addTask {
            try? await Task.sleep(for: .milliseconds(.random(in: 1...150)))
            await wire.cut()
            try? await Task.sleep(for: .milliseconds(.random(in: 1...100)))
            await wire.heal()
            return []
        }
        return await group.reduce(into: []) { $0 += $1 }
    }
    // The third replica takes over and has everybody's log.
    await replicas[2].standForPrimary(among: replicas, needed: needed)
    let found = Set(await replicas[2].log.values)
    let lost = acknowledged.filter { !found.contains($0) }.sorted()
    try require(lost.isEmpty, "acknowledged and lost: \(lost.joined(separator: ", "))")
}
