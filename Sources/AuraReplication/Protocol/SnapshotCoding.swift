internal import AuraEffects

/// A snapshot's bytes: how many origins it covers, each with its sequence, then the state.
enum SnapshotCoding {
    static func encode(_ snapshot: JournalSnapshot) -> [UInt8] {
        let state = snapshot.storedState ?? snapshot.state
        var writer = MessageWriter(.partReply, capacity: 64 + snapshot.covers.count * 25 + state.count)
        writer.append(number: snapshot.covers.count)
        for (origin, sequence) in snapshot.covers.sorted(by: { $0.key < $1.key }) {
            writer.append(origin.rawValue)
            writer.append(number: sequence)
        }
        writer.append(raw: state)
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8], of stream: StreamName) throws(MessageFault) -> JournalSnapshot {
        try MessageReader.read(bytes) { reader throws(MessageFault) in
            guard try reader.kind() == .partReply else { throw MessageFault("is no snapshot") }
            var covers: [OriginID: UInt64] = [:]
            for _ in 0..<(try reader.count(ofAtLeast: 17)) {
                let origin = try reader.origin()
                guard covers.updateValue(try reader.sequence(), forKey: origin) == nil else {
                    throw MessageFault("covers an origin twice")
                }
            }
            let state = Array(try reader.remaining())
            return JournalSnapshot(stream: stream, revision: .first, state: state, covers: covers)
        }
    }
}
