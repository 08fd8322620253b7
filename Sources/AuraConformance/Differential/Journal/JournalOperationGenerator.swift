internal import AuraEffects

/// Makes random sequences of operations on few streams and ids, so that operations meet.
struct JournalOperationGenerator: Sendable {
    private let scope: OperationScope

    init(_ scope: OperationScope) {
        self.scope = scope
    }

    /// The sequence of a seed; it ends with a look at everything.
    func sequence(seed: UInt64) -> [JournalOperation] {
        var draw = Draw(scope: scope, seed: seed)
        let count = Int.random(in: 8...48, using: &draw.generator)
        let operations = (0..<count).flatMap { _ in draw.step() }
        return operations + draw.streams.map { .read($0, from: .end(-3), limit: 10) }
            + [.readAll(limit: 1000), .frontier, .verify]
    }
}

/// The draws of one sequence.
private struct Draw {
    let scope: OperationScope
    var generator: SeededGenerator
    let streams: [StreamName]
    private var appended: [JournalOperation] = []
    private var compacted: [StreamName] = []
    private var nextID = 0
    private var exchanges: Bool { scope.contains(.replication) }

    init(scope: OperationScope, seed: UInt64) {
        self.scope = scope
        generator = SeededGenerator(seed: seed)
        let unusual = unusualTexts(atMost: scope.most(.streamNameBytes))
        var streams: [StreamName] = ["a", "b"]
        let start = Int.random(in: 0..<unusual.count, using: &generator)
        for text in unusual[start...].prefix(2) where !streams.contains(StreamName(text)) {
            streams.append(StreamName(text))
        }
        self.streams = streams
    }

    mutating func step() -> [JournalOperation] {
        if scope.contains(.snapshots), scope.contains(.compaction), generator.happens(0.04) { return fold() }
        guard exchanges, generator.happens(0.2) else { return [operation()] }
        let kind = generator.pick(weighted: [
            (10, "append"), (scope.contains(.snapshots) ? 3 : 0, "saveSnapshot"),
            (scope.contains(.compaction) ? 2 : 0, "compact"), (1, "readAll"),
        ])
        return [.atPeer(generator.pick([1, 1, 1, 2]), operation(kind))]
    }

    private mutating func operation() -> JournalOperation {
        let exchange = exchanges ? 1 : 0
        return operation(
            generator.pick(weighted: [
                (30, "append"), (8, "repeat"), (10, "read"), (5, "entry"), (6, "readAll"), (3, "subscribe"),
                (scope.contains(.snapshots) ? 7 : 0, "saveSnapshot"),
                (scope.contains(.snapshots) ? 2 : 0, "latestSnapshot"),
                (scope.contains(.compaction) ? 5 : 0, "compact"), (2, "frontier"), (3 * exchange, "entries"),
                (22 * exchange, "transfer"), (1, "verify"),
                (scope.reopens ? 2 : 0, "reopen"), (scope.crashes ? 2 : 0, "crash"),
            ])
        )
    }

    private mutating func operation(_ kind: String) -> JournalOperation {
        switch kind {
        case "append": return append()
        case "repeat": return repeated()
        case "read": return .read(stream(), from: from(), limit: limit(), backwards: generator.happens(0.4))
        case "entry": return entry()
        case "readAll": return .readAll(after: start(), limit: limit())
        case "subscribe": return .subscribe(after: start())
        case "saveSnapshot": return .saveSnapshot(stream(), at: place(), payload())
        case "latestSnapshot": return .latestSnapshot(stream())
        case "compact": return .compact(stream(), before: place())
        case "frontier": return .frontier
        case "entries": return .entries(beyond: known(), pageSize: generator.pick([1, 2, 5, 100]))
        case "transfer": return .transfer(transfer())
        case "verify": return .verify
        case "reopen": return .reopen
        default: return .crash
        }
    }

    // MARK: Appends

    private mutating func append() -> JournalOperation {
        let count = generator.pick(weighted: [(14, 1), (4, 2), (2, 3), (1, 0)])
        let distinct = streams.shuffled(using: &generator).prefix(count)
        var parts: [JournalOperation.Part] = []
        for stream in distinct { parts.append(part(stream)) }
        if generator.happens(0.03), let first = parts.first, !first.drafts.isEmpty { parts.append(first) }
        let operation = JournalOperation.append(parts)
        appended.append(operation)
        return operation
    }

    private mutating func part(_ stream: StreamName) -> JournalOperation.Part {
        var drafts: [JournalOperation.Draft] = []
        for _ in 0..<generator.pick(weighted: [(1, 0), (10, 1), (5, 2), (2, 4)]) { drafts.append(draft()) }
        // What an append of nothing to an impossible stream comes to is not said anywhere.
        let named = drafts.isEmpty ? stream : self.stream(usually: stream)
        return JournalOperation.Part(to: named, drafts, expecting: expectation())
    }

    private mutating func draft() -> JournalOperation.Draft {
        let isNew = nextID == 0 || generator.happens(0.85)
        let id = isNew ? nextID : Int.random(in: 0..<nextID, using: &generator)
        if isNew { nextID += 1 }
        return JournalOperation.Draft(id, payload(), kind: kind())
    }

    private mutating func kind() -> EntryKind {
        if generator.happens(0.9) { return generator.pick(["k", "note.added/1"]) }
        if generator.happens(0.2) { return generator.pick(["", EntryKind(String(repeating: "k", count: 256))]) }
        return EntryKind(generator.pick(unusualTexts(atMost: EntryKind.maximumByteCount)))
    }

    private mutating func payload() -> CountedBytes {
        let first = UInt8.random(in: 0...250, using: &generator)
        if generator.happens(0.02), let excess = scope.excess(.payloadBytes) { return .counting(excess, from: first) }
        let count = generator.pick(weighted: [(3, 0), (5, 1), (5, 3), (3, 40), (1, 5000)])
        return .counting(min(count, scope.most(.payloadBytes)), from: first)
    }

    private mutating func expectation() -> JournalOperation.Expectation {
        generator.pick(weighted: [
            (50, .any), (10, .empty), (30, .exactly(.end(-1))), (4, .exactly(.end(-2))), (3, .exactly(.end())),
            (2, .exactly(.revision(0))), (1, .exactly(.revision(.max))),
        ])
    }

    /// An append that was made before: the same, or with other content, other company or another expectation.
    private mutating func repeated() -> JournalOperation {
        guard !appended.isEmpty else { return append() }
        guard case .append(var parts) = generator.pick(appended), !parts.isEmpty, generator.happens(0.5) else {
            return generator.pick(appended)
        }
        let index = Int.random(in: 0..<parts.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: parts[index].expecting = expectation()
        case 1: parts[index].drafts.append(draft())
        case 2 where !parts[index].drafts.isEmpty: parts[index].drafts[0].payload = payload()
        case 3 where parts[index].drafts.count > 1: parts[index].drafts.removeLast()
        default: parts.swapAt(0, index)
        }
        return .append(parts)
    }

    /// A look-up, mostly of an entry that was to be appended, and often of one that may be compacted by now.
    private mutating func entry() -> JournalOperation {
        if !compacted.isEmpty, generator.happens(0.5), let old = oldest(in: generator.pick(compacted)) { return old }
        guard !appended.isEmpty, case .append(let parts) = generator.pick(appended), generator.happens(0.8) else {
            return .entry(stream(), id: Int.random(in: 0...nextID, using: &generator))
        }
        let places = parts.flatMap { part in part.drafts.map { (part.stream, $0.id) } }
        guard !places.isEmpty else { return .entry(stream(), id: nextID) }
        let (stream, id) = generator.pick(places)
        return .entry(stream, id: id)
    }

    /// A look-up of what was to be the first entry of a stream.
    private func oldest(in stream: StreamName) -> JournalOperation? {
        for case .append(let parts) in appended {
            for part in parts where part.stream == stream {
                if let draft = part.drafts.first { return .entry(stream, id: draft.id) }
            }
        }
        return nil
    }

    /// A compaction of all that a stream has, with the snapshot that covers it.
    private mutating func fold() -> [JournalOperation] {
        let stream = generator.pick(streams)
        compacted.append(stream)
        return [.saveSnapshot(stream, at: .end(), payload()), .compact(stream, before: .end(generator.pick([0, -1])))]
    }

    // MARK: Names and places

    private mutating func stream() -> StreamName {
        stream(usually: generator.pick(streams))
    }

    private mutating func stream(usually stream: StreamName) -> StreamName {
        guard generator.happens(0.02) else { return stream }
        guard let excess = scope.excess(.streamNameBytes), generator.happens(0.5) else { return "" }
        return StreamName(String(repeating: "s", count: excess))
    }

    private mutating func limit() -> Int {
        generator.pick(weighted: [(4, 1), (4, 2), (4, 3), (6, 100), (1, 0), (1, -1), (1, Int.max)])
    }

    private mutating func place() -> JournalOperation.Place {
        generator.pick(weighted: [
            (10, .end()), (5, .end(-1)), (3, .end(-2)), (1, .end(1)), (2, .revision(0)), (3, .revision(1)),
            (3, .revision(2)), (1, .revision(.max)),
        ])
    }

    private mutating func from() -> JournalOperation.Place? {
        generator.happens(0.3) ? nil : place()
    }

    private mutating func start() -> JournalOperation.Start {
        let number = Int.random(in: 0..<60, using: &generator)
        return generator.pick(weighted: [(4, .start), (6, .entry(number)), (1, .beyondAll)])
    }

    // MARK: Replication

    private mutating func known() -> JournalOperation.Known {
        let number = Int.random(in: 0...2, using: &generator)
        return generator.pick(weighted: [(3, .nothing), (4, .frontier(of: number)), (1, .forged(of: number))])
    }

    private mutating func transfer() -> JournalTransfer {
        let (sender, receiver) = generator.pick(weighted: [
            (8, (1, 0)), (4, (2, 0)), (5, (0, 1)), (3, (0, 2)), (2, (1, 2)), (1, (2, 1)),
        ])
        let isAltered = generator.happens(0.06)
        return JournalTransfer(
            from: sender,
            to: receiver,
            repeats: generator.happens(0.25),
            // A batch with a gap and an alteration may be refused for the one or the other.
            skipping: isAltered ? 0 : generator.pick(weighted: [(12, 0), (2, 1), (1, 3)]),
            limit: generator.pick(weighted: [(8, Int.max), (2, 1), (2, 3)]),
            isAltered: isAltered
        )
    }
}
