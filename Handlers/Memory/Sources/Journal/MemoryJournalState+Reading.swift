internal import AuraEffects
internal import AuraRuntime

extension MemoryJournalState {
    func read(
        _ name: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) throws(EffectError) -> [JournalEntry] {
        guard let stream = streams[name] else { return [] }
        let count = stream.indices.count
        if let revision, revision.rawValue < UInt64(stream.floor) { throw compacted(name, stream, in: "read") }
        if backwards {
            let last = min(revision.map { Int(clamping: $0.rawValue) } ?? count, count - 1)
            let first = max(stream.floor, last - limit + 1)
            guard first <= last else { return [] }
            return stream.indices[first...last].reversed().map { entries[$0] }
        }
        if revision == nil, stream.floor > 0 { throw compacted(name, stream, in: "read") }
        let first = Int(clamping: revision?.rawValue ?? 0)
        guard first < count else { return [] }
        return stream.indices[first...].prefix(limit).map { entries[$0] }
    }

    func entry(_ name: StreamName, id: EntryID) throws(EffectError) -> JournalEntry? {
        guard let stream = streams[name], let revision = stream.lowestRevisions[id] else { return nil }
        let entry = entries[stream.indices[revision]]
        guard entry.payload != nil else {
            throw errors.error(
                .compacted,
                in: "entry",
                "The entry \(id) of the stream \(HandlerErrors.quote(name.text)) was compacted away: use its snapshot."
            )
        }
        return entry
    }

    func readAll(after position: Position, limit: Int) -> [JournalEntry] {
        let first = Int(clamping: position.rawValue)
        guard first < entries.count else { return [] }
        return Array(entries[first...].prefix(limit))
    }

    private func compacted(_ name: StreamName, _ stream: Stream, in operation: String) -> EffectError {
        errors.error(
            .compacted,
            in: operation,
            "The stream \(HandlerErrors.quote(name.text)) is compacted below revision \(stream.floor): "
                + "begin with its snapshot."
        )
    }
}
