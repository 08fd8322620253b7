internal import AuraEffects
internal import AuraRuntime

extension MemoryJournalState {
    mutating func save(_ snapshot: JournalSnapshot) throws(EffectError) {
        let name = HandlerErrors.quote(snapshot.stream.text)
        let stream = streams[snapshot.stream] ?? Stream()
        guard snapshot.revision.rawValue <= UInt64(stream.indices.count) else {
            let message =
                "The snapshot stands for \(snapshot.revision) entries but the stream \(name) has \(stream.indices.count)."
            throw errors.error(.invalidArgument, in: "saveSnapshot", message)
        }
        if let kept = stream.snapshot, kept.revision > snapshot.revision {
            let message =
                "A snapshot of the stream \(name) at revision \(kept.revision) is kept, later than \(snapshot.revision)."
            throw errors.error(.preconditionFailed, in: "saveSnapshot", message)
        }
        let count = Int(snapshot.revision.rawValue)
        // What merging brought in compacted may lie above a gap: its state is in the kept snapshot alone.
        guard stream.indices[count...].allSatisfy({ entries[$0].payload != nil }) else {
            let message =
                "The stream \(name) has compacted entries beyond revision \(snapshot.revision): save a snapshot that "
                + "stands for them too."
            throw errors.error(.preconditionFailed, in: "saveSnapshot", message)
        }
        var complete = snapshot
        complete.covers = [:]
        complete.storedState = nil
        // An origin's entries stand in a stream in the order of their sequence, so the last one counts.
        for index in stream.indices[..<count] { complete.covers[entries[index].origin] = entries[index].sequence }
        streams[snapshot.stream, default: Stream()].snapshot = complete
    }

    mutating func compact(_ name: StreamName, before revision: Revision) throws(EffectError) {
        guard revision > .first else { return }
        guard var stream = streams[name], let snapshot = stream.snapshot, snapshot.revision >= revision else {
            throw errors.error(
                .preconditionFailed,
                in: "compact",
                "No snapshot of the stream \(HandlerErrors.quote(name.text)) covers its entries below revision "
                    + "\(revision): save one first."
            )
        }
        for index in stream.indices[..<Int(revision.rawValue)] {
            entries[index].body = .compacted(entries[index].payloadDigest)
        }
        raiseFloor(of: &stream)
        streams[name] = stream
    }

    /// Moves the floor up over the compacted entries that follow it.
    func raiseFloor(of stream: inout Stream) {
        while stream.floor < stream.indices.count, entries[stream.indices[stream.floor]].payload == nil {
            stream.floor += 1
        }
    }

    /// Moves a snapshot's revision up over the entries that follow and that it covers.
    func raiseRevision(of snapshot: inout JournalSnapshot, in stream: Stream) {
        while snapshot.revision.rawValue < UInt64(stream.indices.count) {
            let entry = entries[stream.indices[Int(snapshot.revision.rawValue)]]
            guard snapshot.covers(origin: entry.origin, sequence: entry.sequence) else { return }
            snapshot.revision = snapshot.revision.next
        }
    }
}
