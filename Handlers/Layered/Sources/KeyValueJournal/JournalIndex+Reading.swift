internal import AuraEffects
internal import AuraRuntime

extension JournalIndex {
    /// Entries of a stream.
    ///
    /// - Throws: `compacted`; `corrupted` where a commit that cannot be read may have held what would come first.
    func read(
        _ name: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool
    ) throws(EffectError) -> [Entry] {
        guard let stream = streams[name] else {
            try checkEnd(of: name, nil, in: "read")
            return []
        }
        let count = stream.indices.count
        if let revision, revision.rawValue < UInt64(stream.floor) { throw compacted(name, stream, in: "read") }
        if backwards {
            if revision.map({ $0.rawValue >= UInt64(count) }) ?? true { try checkEnd(of: name, stream, in: "read") }
            let last = min(revision.map { Int(clamping: $0.rawValue) } ?? count, count - 1)
            let first = max(stream.floor, last - limit + 1)
            guard first <= last else { return [] }
            return stream.indices[first...last].reversed().map { entries[$0] }
        }
        if revision == nil, stream.floor > 0 { throw compacted(name, stream, in: "read") }
        let first = Int(clamping: revision?.rawValue ?? 0)
        guard first < count else {
            try checkEnd(of: name, stream, in: "read")
            return []
        }
        return stream.indices[first...].prefix(limit).map { entries[$0] }
    }

    func entry(_ name: StreamName, id: EntryID) throws(EffectError) -> Entry? {
        guard let stream = streams[name], let revision = stream.lowestRevisions[id] else {
            if let commit = lostCommits.first { throw lost(commit, in: "entry") }
            return nil
        }
        let entry = entries[stream.indices[revision]]
        guard !entry.isCompacted else {
            throw errors.error(
                .compacted,
                in: "entry",
                "The entry \(id) of the stream \(HandlerErrors.quote(name.text)) was compacted away: use its snapshot."
            )
        }
        return entry
    }

    /// The entry of a stream with an id and an origin.
    func entry(_ id: EntryID, of origin: OriginID, in name: StreamName) -> Entry? {
        guard
            let stream = streams[name],
            let revision = stream.revisions[Stream.Name(origin: origin, id: id)]
        else { return nil }
        return entries[stream.indices[revision]]
    }

    /// Whether an entry that was found here before is compacted by now.
    func isCompacted(_ found: Entry) -> Bool {
        let index = Int(clamping: found.entry.position.rawValue) - 1
        return entries.indices.contains(index) && entries[index].isCompacted
    }

    func readAll(after position: Position, limit: Int, in operation: String) throws(EffectError) -> [Entry] {
        let first = Int(clamping: position.rawValue)
        guard first < entries.count else {
            if let commit = lostCommits.last, commit == head { throw lost(commit, in: operation) }
            return []
        }
        return Array(entries[first...].prefix(limit))
    }

    /// Refuses the end of a stream that a later commit may have gone on with, but for what nobody can say.
    private func checkEnd(of name: StreamName, _ stream: Stream?, in operation: String) throws(EffectError) {
        guard let commit = lostCommits.last else { return }
        if let last = stream?.indices.last, entries[last].commit > commit { return }
        throw lost(commit, in: operation)
    }

    /// The error of what a commit held that cannot be read.
    func lost(_ commit: UInt64, in operation: String) -> EffectError {
        errors.error(
            .corrupted,
            in: operation,
            "The commit \(commit) of the journal is damaged or missing, and with it what it held: restore the table."
        )
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

// MARK: Replication

extension JournalIndex {
    /// What another journal lacks, with the kept snapshots of the streams that have compacted entries among it.
    func entries(
        beyond frontier: JournalFrontier,
        limit: Int
    ) throws(EffectError) -> (entries: [Entry], snapshots: [Snapshot], hasMore: Bool) {
        var candidates: [Int] = []
        for (origin, indices) in origins {
            let first = try firstIndex(of: origin, indices, beyond: frontier)
            candidates += indices[first...].prefix(limit + 1)
        }
        // Positions rise with each origin's sequence, so the first ones are a run per origin.
        candidates.sort()
        let sent = candidates.prefix(limit).map { entries[$0] }
        let compactedStreams = Set(sent.lazy.filter(\.isCompacted).map(\.entry.stream))
        return (sent, compactedStreams.sorted().compactMap { streams[$0]?.snapshot }, candidates.count > limit)
    }

    /// Where an origin's run begins for a journal that has `frontier`.
    private func firstIndex(
        of origin: OriginID,
        _ indices: [Int],
        beyond frontier: JournalFrontier
    ) throws(EffectError) -> Int {
        guard let theirs = frontier.heads[origin], theirs.sequence > 0 else { return 0 }
        // A journal that is further knows what this one cannot judge; there is nothing to send it.
        guard theirs.sequence <= UInt64(indices.count) else { return indices.count }
        let known = Int(theirs.sequence)
        let last = entries[indices[known - 1]]
        guard !last.isLost else { throw lost(last.commit, in: "entries") }
        guard last.entry.hash == theirs.hash else {
            throw errors.error(
                .conflict,
                in: "entries",
                "The chain of origin \(origin) forks at or before sequence \(known): the journals hold different entries "
                    + "of it. Verify both."
            )
        }
        return known
    }
}

extension JournalIndex: KnownEntries {
    func hash(of origin: OriginID, sequence: UInt64) -> SHA256Digest? {
        guard let indices = origins[origin], (1...UInt64(indices.count)).contains(sequence) else { return nil }
        return entries[indices[Int(sequence) - 1]].entry.hash
    }

    func contains(_ id: EntryID, of origin: OriginID, in stream: StreamName) -> Bool {
        entry(id, of: origin, in: stream) != nil
    }

    func snapshotCoverage(of stream: StreamName) -> [OriginID: UInt64]? {
        streams[stream]?.snapshot?.snapshot.covers
    }

    func compactedSequences(in stream: StreamName) -> [OriginID: UInt64] {
        var sequences: [OriginID: UInt64] = [:]
        for index in streams[stream]?.indices ?? [] where entries[index].isCompacted {
            sequences[entries[index].entry.origin] = entries[index].entry.sequence
        }
        return sequences
    }
}
