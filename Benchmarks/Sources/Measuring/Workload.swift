package import AuraEffects

/// The entries that journals are measured with: payloads of 256 bytes, ids ordered by time, 64 streams.
///
/// Both sides get the same ids and payloads.
package struct Workload: Sendable {
    package static let payloadSize = 256
    package static let streamCount = 64
    package static let kind: EntryKind = "bench.entry/1"
    package static let streams = (1...streamCount).map { StreamName("stream-\($0)") }

    /// The ids' bytes, 16 an entry.
    package let ids: [UInt8]
    /// The payloads' bytes, one after the other.
    package let payloads: [UInt8]
    /// The same entries as drafts.
    package let drafts: [JournalEntry.Draft]

    /// Makes entries; those of another seed have other ids.
    package init(count: Int, seed: UInt64 = 1) {
        var random = SplitMix(state: seed)
        let filler = (0..<Self.payloadSize).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var ids: [UInt8] = []
        var payloads: [UInt8] = []
        var drafts: [JournalEntry.Draft] = []
        ids.reserveCapacity(count * 16)
        payloads.reserveCapacity(count * Self.payloadSize)
        drafts.reserveCapacity(count)
        for index in 0..<count {
            let id = Self.id(index, &random)
            withUnsafeBytes(of: id.rawValue.bigEndian) { ids.append(contentsOf: $0) }
            var payload = filler
            withUnsafeBytes(of: UInt64(index)) { payload.replaceSubrange(0..<8, with: $0) }
            payloads.append(contentsOf: payload)
            drafts.append(JournalEntry.Draft(id: id, kind: Self.kind, payload: payload))
        }
        self.ids = ids
        self.payloads = payloads
        self.drafts = drafts
    }

    package var count: Int { drafts.count }

    /// A UUID of version 7, as `EntryID` makes them, at a pace of 50 entries a millisecond.
    package static func id(_ index: Int, _ random: inout SplitMix) -> EntryID {
        let milliseconds = UInt128(1_700_000_000_000 + index / 50)
        let sequence = UInt128(index % 50)
        let tail = UInt128(random.next() & 0x3fff_ffff_ffff_ffff)
        return EntryID(rawValue: milliseconds << 80 | 0x7 << 76 | sequence << 64 | 0b10 << 62 | tail)
    }
}

/// A small generator of numbers that look random (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014), so that every run measures the same bytes.
package struct SplitMix {
    private var state: UInt64

    package init(state: UInt64) {
        self.state = state
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
