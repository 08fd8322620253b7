internal import AuraEffects

/// The entries that a peer is asked for: for each origin those that follow a head.
struct WantedRuns: Sendable {
    /// The last entry that this journal has of each wanted origin, in the order of the origins.
    private(set) var heads: [OriginHead]
    private var indices: [OriginID: Int] = [:]

    init(_ heads: [OriginHead]) {
        self.heads = heads
        for (index, head) in heads.enumerated() { indices[head.origin] = index }
    }

    var isEmpty: Bool { heads.isEmpty }

    /// The entry that this journal has before the next one of an origin; `nil` where the origin is not wanted.
    subscript(origin: OriginID) -> OriginHead? {
        indices[origin].map { heads[$0] }
    }

    /// Takes note of an entry that is the next one of its origin.
    mutating func advance(_ entry: JournalEntry) {
        guard let index = indices[entry.origin] else { return }
        heads[index].sequence = entry.sequence
        heads[index].hash = entry.hash
    }

    /// Wants no more of an origin.
    @discardableResult
    mutating func remove(_ origin: OriginID) -> OriginHead? {
        guard let head = self[origin] else { return nil }
        self = WantedRuns(heads.filter { $0.origin != origin })
        return head
    }
}
