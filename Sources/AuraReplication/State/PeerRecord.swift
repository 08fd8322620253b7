internal import AuraEffects

/// What is known of a peer.
struct PeerRecord {
    /// An origin that is not exchanged, and when it is looked at again.
    struct Quarantine {
        var origin: QuarantinedOrigin
        var end: MonotonicInstant
    }

    var lastSuccess: WallTime?
    var lastFailure: EffectError?
    /// How many exchanges failed in a row.
    var failures = 0
    /// After failures no exchange is begun before this moment.
    var notBefore = MonotonicInstant(nanoseconds: .min)
    var missing = 0
    var unsent = 0
    /// The peer's frontier as it was last told, and what was sent since; `nil` where it was told in pages.
    var frontier: JournalFrontier?
    /// The frontier at which both journals were last known to be equal.
    var equalFrontier: JournalFrontier?
    var received = 0
    /// How many entries went to the peer, each counted once however often it went.
    private(set) var sent = 0
    var sentBytes = 0
    /// How far the entries of each origin went.
    private var sentSequences: [OriginID: UInt64] = [:]
    var quarantines: [OriginID: Quarantine] = [:]

    /// Counts a message that goes to the peer, and its entries: those of an origin in the order of their sequence numbers.
    mutating func note(sent entries: some Sequence<JournalEntry>, bytes: Int) {
        sentBytes += bytes
        for entry in entries where entry.sequence > sentSequences[entry.origin, default: 0] {
            sentSequences[entry.origin] = entry.sequence
            sent += 1
        }
    }

    /// The quarantined origins in their order.
    var quarantined: [QuarantinedOrigin] {
        quarantines.values.map(\.origin).sorted { $0.origin < $1.origin }
    }
}
