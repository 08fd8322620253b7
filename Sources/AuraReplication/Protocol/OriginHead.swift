internal import AuraEffects

/// How far one journal knows an origin's entries; sequence zero and the zero hash before the first.
struct OriginHead: Sendable, Hashable {
    var origin: OriginID
    var sequence: UInt64
    var hash: SHA256Digest

    var head: JournalFrontier.Head { JournalFrontier.Head(sequence: sequence, hash: hash) }
}

extension JournalFrontier {
    /// The heads in the order of their origins.
    var sortedHeads: [OriginHead] {
        heads.sorted { $0.key < $1.key }
            .map { OriginHead(origin: $0.key, sequence: $0.value.sequence, hash: $0.value.hash) }
    }

    /// The head of an origin, or what stands before its first entry.
    func head(of origin: OriginID) -> OriginHead {
        let head = heads[origin]
        return OriginHead(origin: origin, sequence: head?.sequence ?? 0, hash: head?.hash ?? .zero)
    }

    /// How many entries are missing up to some heads.
    func entriesMissing(to heads: [OriginHead]) -> Int {
        heads.reduce(0) { sum, head in
            let known = sequence(of: head.origin)
            return head.sequence > known ? sum.clampedSum(Int(clamping: head.sequence - known)) : sum
        }
    }
}
