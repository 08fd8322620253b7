#if SQLite
internal import AuraEffects

/// Takes in entries of other journals, inside a write transaction that is rolled back where anything is refused.
struct JournalMerging {
    let state: JournalWriterState
    let place: SQLitePlace

    private var snapshots: JournalSnapshots { JournalSnapshots(state.connection, file: place.file) }

    func merge(_ batch: JournalBatch) throws(EffectError) -> MergeReceipt {
        var head = try place.mapping { () throws(SQLiteFailure) in try state.head() }
        var heads: [OriginID: JournalFrontier.Head] = [:]
        var stubs: Set<StreamName> = []
        var receipt = MergeReceipt(added: 0, known: 0)
        for entry in batch.entries {
            var known: JournalFrontier.Head
            if let head = heads[entry.origin] {
                known = head
            } else {
                known = try knownHead(of: entry.origin)
            }
            guard entry.sequence > 0, entry.sequence <= known.sequence + 1 else {
                throw place.error(
                    .preconditionFailed,
                    "The entries of origin \(entry.origin) have a gap: \(known.sequence + 1) was expected after "
                        + "\(known.sequence), not \(entry.sequence). Ask for the entries beyond this journal's frontier."
                )
            }
            if entry.sequence <= known.sequence {
                try checkKnown(entry)
                receipt.known += 1
            } else {
                try checkNew(entry, after: known, head: head)
                try insert(entry, head: &head)
                known = JournalFrontier.Head(sequence: entry.sequence, hash: entry.hash)
                if entry.payload == nil { stubs.insert(entry.stream) }
                receipt.added += 1
            }
            heads[entry.origin] = known
        }
        state.setHead(head)
        try keepSnapshots(batch.snapshots)
        try checkCoverage(batch.entries.filter { stubs.contains($0.stream) && $0.payload == nil })
        let compacting = JournalCompacting(state: state, place: place)
        for stream in stubs {
            if let known = try knownStream(stream) { try compacting.raiseFloor(of: known.number) }
        }
        return receipt
    }

    // MARK: Judging

    private func knownHead(of origin: OriginID) throws(EffectError) -> JournalFrontier.Head {
        try place.mapping { () throws(SQLiteFailure) in
            guard let number = try state.names.originNumber(origin) else {
                return JournalFrontier.Head(sequence: 0, hash: .zero)
            }
            let statement = try state.connection.statement(
                "SELECT sequence, hash FROM journal_entries WHERE origin = ? ORDER BY sequence DESC LIMIT 1"
            )
            statement.bind(number, at: 1)
            return try statement.firstRow { row in
                JournalFrontier.Head(
                    sequence: row.uint64(0),
                    hash: row.digest(1)
                )
            } ?? JournalFrontier.Head(sequence: 0, hash: .zero)
        }
    }

    /// An entry that is known must be the same: its hash covers all that travels.
    private func checkKnown(_ entry: JournalEntry) throws(EffectError) {
        let hashes = try place.mapping { () throws(SQLiteFailure) in
            let number = try state.names.originNumber(entry.origin) ?? 0
            let statement = try state.connection.statement(
                """
                SELECT hash, (SELECT hash FROM journal_entries WHERE origin = ?1 AND sequence = ?2 - 1)
                FROM journal_entries WHERE origin = ?1 AND sequence = ?2
                """
            )
            statement.bind(number, at: 1)
            statement.bind(entry.sequence, at: 2)
            return try statement.firstRow { row in
                (
                    row.digest(0),
                    row.digest(1)
                )
            }
        }
        guard let (hash, previous) = hashes, hash == entry.hash,
            entry.header.hash(previous: previous, payload: entry.payloadDigest) == hash
        else { throw fork(entry) }
    }

    private func checkNew(
        _ entry: JournalEntry,
        after known: JournalFrontier.Head,
        head: JournalWriterState.Head
    ) throws(EffectError) {
        guard entry.origin != head.origin else {
            throw place.error(
                .conflict,
                "Another journal went on writing under this journal's origin \(entry.origin), from sequence "
                    + "\(entry.sequence) on: one of the two is a copy. Let one of them adopt a new origin."
            )
        }
        guard entry.header.hash(previous: known.hash, payload: entry.payloadDigest) == entry.hash else {
            throw fork(entry)
        }
    }

    private func fork(_ entry: JournalEntry) -> EffectError {
        place.error(
            .conflict,
            "The entry \(entry.id) does not extend the chain of origin \(entry.origin) that this journal knows: the chain "
                + "forks at or before sequence \(entry.sequence), or the entry was altered. Nothing was merged."
        )
    }

    /// Each compacted entry needs a snapshot that stands for it.
    private func checkCoverage(_ stubs: [JournalEntry]) throws(EffectError) {
        var kept: [StreamName: [JournalSnapshot]] = [:]
        for stub in stubs {
            if kept[stub.stream] == nil, let stream = try knownStream(stub.stream) {
                kept[stub.stream] = try snapshots.all(of: stub.stream, number: stream.number, at: place)
            }
            let isCovered = kept[stub.stream]?
                .contains {
                    $0.covers(origin: stub.origin, sequence: stub.sequence)
                }
            guard isCovered == true else {
                throw place.error(
                    .preconditionFailed,
                    "The entry \(stub.id) of stream '\(stub.stream)' is compacted and no snapshot in the batch covers it."
                )
            }
        }
    }

    // MARK: Writing

    private func insert(_ entry: JournalEntry, head: inout JournalWriterState.Head) throws(EffectError) {
        let bytes = entry.payload ?? entry.payloadDigest.bytes
        let (origin, known) = try place.mapping { () throws(SQLiteFailure) in
            let origin = try state.names.originNumber(adding: entry.origin)
            return (origin, try state.stream(adding: entry.stream, origin: head.originNumber))
        }
        if try state.entry(stream: known.number, origin: origin, id: entry.id, at: place) != nil {
            throw place.error(
                .conflict,
                "Origin \(entry.origin) has the id \(entry.id) twice in stream '\(entry.stream)'. Nothing was merged."
            )
        }
        try place.mapping { () throws(SQLiteFailure) in
            head.position += 1
            head.clock.observe(entry.timestamp)
            let row = JournalRows.Row(
                position: head.position,
                stream: known.number,
                revision: known.nextRevision,
                origin: origin,
                sequence: entry.sequence,
                id: entry.id,
                timestamp: entry.timestamp,
                kind: try state.names.kindNumber(adding: entry.kind),
                isCompacted: entry.payload == nil,
                hash: entry.hash
            )
            let result = unsafe bytes.withUnsafeBytes { payload in
                Result { () throws(SQLiteFailure) in unsafe try state.rows.insert(row, payload: payload) }
            }
            try result.get()
            var stream = known
            stream.nextRevision += 1
            state.setStream(stream, entry.stream)
        }
    }

    /// Keeps snapshots from elsewhere; their revisions become this journal's.
    private func keepSnapshots(_ received: [JournalSnapshot]) throws(EffectError) {
        for snapshot in received {
            guard let stream = try knownStream(snapshot.stream) else { continue }
            var local = snapshot
            local.revision = try firstUncoveredRevision(of: stream.number, by: snapshot)
            try snapshots.keep(local, number: stream.number, at: place)
        }
    }

    /// The first entry of a stream that a snapshot does not stand for.
    private func firstUncoveredRevision(
        of stream: Int,
        by snapshot: JournalSnapshot
    ) throws(EffectError) -> Revision {
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try state.connection.statement(
                "SELECT revision, origin, sequence FROM journal_entries WHERE stream = ? ORDER BY revision"
            )
            statement.bind(stream, at: 1)
            var next: UInt64 = 0
            try statement.forEachRow(failing: { $0 }) { row throws(SQLiteFailure) in
                guard snapshot.covers(origin: try state.names.origin(row.int(1)), sequence: row.uint64(2)) else {
                    return false
                }
                next = row.uint64(0) + 1
                return true
            }
            return Revision(rawValue: next)
        }
    }

    private func knownStream(_ name: StreamName) throws(EffectError) -> JournalWriterState.Stream? {
        try place.mapping { () throws(SQLiteFailure) in
            try state.stream(name, origin: try state.head().originNumber)
        }
    }
}
#endif
