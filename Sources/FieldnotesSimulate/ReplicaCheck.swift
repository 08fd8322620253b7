internal import AuraEffects
internal import AuraSimulation
internal import FieldnotesCore

/// What must be so once faults have stopped.
struct ReplicaCheck {
    let devices: [Node]
    let ledger: Ledger
    let diaries: [DiaryKeeper]
    /// Devices that got a new disk: what only they had acknowledged may be lost.
    let damaged: Set<String>
    let settlingTime: Duration

    func run() async throws {
        try await Simulation.eventually(
            "all journals hold the same entries",
            within: settlingTime,
            every: .seconds(1)
        ) {
            var roots: Set<SHA256Digest> = []
            for node in devices {
                guard let frontier = try? await node.perform({ try await $0.journal.frontier() }) else { return false }
                roots.insert(frontier.rootHash)
            }
            return roots.count == 1
        }
        var entries: [Set<Ledger.Line>] = []
        var renderings: [String] = []
        for node in devices {
            entries.append(try await self.entries(of: node))
            renderings.append(try await rendering(of: node))
        }
        try checkAcknowledged(entries)
        for node in devices { try await checkDiaries(on: node) }
        for (node, rendering) in zip(devices, renderings) where rendering != renderings[0] {
            throw ReplicaFailure("the notes of \(node.name) differ from those of \(devices[0].name)")
        }
        Simulation.sometimes(!ledger.lines.isEmpty, "a journal acknowledges an entry")
        Simulation.sometimes(renderings[0].contains("title given"), "a note has a title of its own")
    }

    /// The entries of a journal, each once and in order.
    private func entries(of node: Node) async throws -> Set<Ledger.Line> {
        try await node.perform { effects in
            let report = try await effects.journal.verify()
            if let problem = report.problems.first {
                throw ReplicaFailure("the journal of \(node.name) does not verify: \(problem)")
            }
            var found: Set<Ledger.Line> = []
            var sequences: [OriginID: UInt64] = [:]
            var position = Position(rawValue: 0)
            while true {
                let page = try await effects.journal.readAll(after: position, limit: 500)
                guard let last = page.last else { return found }
                position = last.position
                for entry in page {
                    let line = Ledger.Line(node: "", stream: entry.stream, entry: entry.id)
                    guard found.insert(line).inserted else {
                        throw ReplicaFailure("\(node.name) holds entry \(entry.id) of \(entry.stream) twice")
                    }
                    guard entry.sequence == sequences[entry.origin, default: 0] + 1 else {
                        throw ReplicaFailure("\(node.name) holds entry \(entry.id) out of its origin's order")
                    }
                    sequences[entry.origin] = entry.sequence
                }
            }
        }
    }

    /// Looks for lines that are lost, doubled or out of order.
    private func checkDiaries(on node: Node) async throws {
        for diary in diaries where !damaged.contains(diary.node.name) {
            let stream = diary.stream
            let lines = try await node.perform { effects in
                var lines: [[UInt8]?] = []
                while true {
                    let next = Revision(rawValue: UInt64(lines.count))
                    let page = try await effects.journal.read(stream, from: next, limit: 500)
                    if page.isEmpty { return lines }
                    lines += page.map(\.payload)
                }
            }
            let extra = lines.count - diary.lineCount
            let expected = (0..<lines.count).map { DiaryKeeper.payload(of: $0 + 1) as [UInt8]? }
            guard extra == 0 || extra == 1, lines == expected else {
                throw ReplicaFailure(
                    "\(node.name) holds \(lines.count) lines of \(stream), of which \(diary.lineCount) were acknowledged, "
                        + (lines == expected ? "in order" : "not each once and in order")
                )
            }
        }
    }

    private func rendering(of node: Node) async throws -> String {
        try await node.perform { effects in
            let notebook = Notebook(effects)
            try await notebook.catchUp()
            return try await notebook.rendered()
        }
    }

    private func checkAcknowledged(_ entries: [Set<Ledger.Line>]) throws {
        for line in ledger.lines where !damaged.contains(line.node) {
            let wanted = Ledger.Line(node: "", stream: line.stream, entry: line.entry)
            for (node, found) in zip(devices, entries) where !found.contains(wanted) {
                throw ReplicaFailure("\(node.name) lacks entry \(line.entry), which \(line.node) has acknowledged")
            }
        }
    }
}

/// A promise that the devices have broken.
struct ReplicaFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
