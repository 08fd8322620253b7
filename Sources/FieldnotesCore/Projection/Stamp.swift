package import AuraEffects

/// When and where an operation was written: of two operations that disagree the one with the higher stamp holds, on every
/// device.
package struct Stamp: Hashable, Comparable, Sendable {
    package var timestamp: HybridTimestamp
    package var origin: OriginID

    init(_ entry: JournalEntry) {
        timestamp = entry.timestamp
        origin = entry.origin
    }

    package static func < (left: Stamp, right: Stamp) -> Bool {
        (left.timestamp, left.origin) < (right.timestamp, right.origin)
    }

    func write(to writer: inout ByteWriter) {
        writer.fixed(timestamp.rawValue)
        writer.fixed(origin.rawValue)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        timestamp = HybridTimestamp(rawValue: try reader.fixed64())
        origin = OriginID(rawValue: try reader.fixed128())
    }
}
