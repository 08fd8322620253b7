internal import AuraEffects

/// Describes what a journal returned in words that are the same for journals that behave alike.
struct JournalNaming: Sendable {
    private var origins = Correspondence<OriginID>()
    private var hashes = Correspondence<SHA256Digest>()
    private var timestamps = Correspondence<Stamp>()
    private var positions: [Int: Correspondence<Position>] = [:]
    private let seals: Bool

    /// - Parameter seals: Whether one of the journals holds other bytes than it returns: what compaction leaves of them differs.
    init(seals: Bool) {
        self.seals = seals
    }

    /// Two entries may have the same timestamp in one journal and not in the other: each counts with its entry.
    private struct Stamp: Hashable {
        var hash: SHA256Digest
        var timestamp: HybridTimestamp
    }

    /// Entries that the journal of a number returned, and the order of the positions that were seen so far.
    mutating func describe(_ entries: [JournalEntry], at number: Int) -> String {
        var lines: [String] = []
        for entry in entries { lines.append(describe(entry, at: number)) }
        return "\(lines)\(order(at: number))"
    }

    private mutating func describe(_ entry: JournalEntry, at number: Int) -> String {
        let body =
            switch entry.body {
            case .payload(let bytes), .decrypted(let bytes, stored: _): CountedBytes.describe(bytes)
            case .compacted(let digest): seals ? "compacted" : "compacted \(digest)"
            }
        let position = positions[number, default: Correspondence()].number(entry.position)
        let stamp = timestamps.number(Stamp(hash: entry.hash, timestamp: entry.timestamp))
        return """
            \(entry.stream.source)/\(entry.revision) position \(position) origin \(origins.number(entry.origin))/\
            \(entry.sequence) id \(Self.describe(entry.id)) kind \(entry.kind.source) \(body) hash \(hashes.number(entry.hash)) \
            time \(stamp)
            """
    }

    mutating func describe(_ receipts: [AppendReceipt], at number: Int) -> String {
        var lines: [String] = []
        for receipt in receipts {
            var items: [String] = []
            for item in receipt.items {
                let position = positions[number, default: Correspondence()].number(item.position)
                items.append("id \(Self.describe(item.id)) revision \(item.revision) position \(position)")
            }
            lines.append("\(receipt.stream.source): \(items)")
        }
        return "\(lines)\(order(at: number))"
    }

    mutating func describe(_ snapshot: JournalSnapshot) -> String {
        let covers = inOrder(snapshot.covers) { $0 }.map { "\($0.number)/\($0.value)" }
        let state = CountedBytes.describe(snapshot.state)
        return "\(snapshot.stream.source)/\(snapshot.revision) covers \(covers) \(state)"
    }

    mutating func describe(_ frontier: JournalFrontier) -> String {
        var heads: [String] = []
        for (number, head) in inOrder(frontier.heads, sequence: { $0.sequence }) {
            heads.append("\(number)/\(head.sequence) hash \(hashes.number(head.hash))")
        }
        return "heads \(heads)"
    }

    /// What is known of origins, in the order of their numbers.
    ///
    /// A new origin is the journal's own: others came with their entries, which were described.
    private mutating func inOrder<Value>(
        _ values: [OriginID: Value],
        sequence: (Value) -> UInt64
    ) -> [(number: Int, value: Value)] {
        values.sorted { left, right in
            (origins.known(left.key) ?? .max, sequence(left.value))
                < (origins.known(right.key) ?? .max, sequence(right.value))
        }
        .map { (origins.number($0.key), $0.value) }
    }

    /// Positions belong together where they have the same order in both journals.
    private func order(at number: Int) -> String {
        let ordered = positions[number]?.ordered ?? []
        return ordered == Array(0..<ordered.count) ? "" : " in the order \(ordered)"
    }

    private static func describe(_ id: EntryID) -> String {
        let number = Int(truncatingIfNeeded: id.rawValue >> 80)
        return id == .numbered(number) ? "\(number)" : "\(id)"
    }
}
