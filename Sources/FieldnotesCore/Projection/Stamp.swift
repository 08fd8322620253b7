package import AuraEffects

/// When and where an operation was written, in an order that is the same on every device: by timestamp, then by origin,
/// then by the entry's id.
package struct Stamp: Hashable, Comparable, Sendable {
    package let timestamp: HybridTimestamp
    package let origin: OriginID
    package let entry: EntryID

    package init(timestamp: HybridTimestamp, origin: OriginID, entry: EntryID) {
        self.timestamp = timestamp
        self.origin = origin
        self.entry = entry
    }

    package init(_ entry: JournalEntry) {
        self.init(timestamp: entry.timestamp, origin: entry.origin, entry: entry.id)
    }

    package static func < (left: Stamp, right: Stamp) -> Bool {
        (left.timestamp, left.origin, left.entry) < (right.timestamp, right.origin, right.entry)
    }

    func write(to writer: inout ByteWriter) {
        writer.fixed(timestamp.rawValue)
        writer.fixed(origin.rawValue)
        writer.fixed(entry.rawValue)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        timestamp = HybridTimestamp(rawValue: try reader.fixed64())
        origin = OriginID(rawValue: try reader.fixed128())
        entry = EntryID(rawValue: try reader.fixed128())
    }
}
