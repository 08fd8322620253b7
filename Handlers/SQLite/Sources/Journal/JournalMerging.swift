#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// Takes in entries of other journals, inside a write transaction: the plan is made before anything is written.
struct JournalMerging {
    let state: JournalWriterState
    let place: SQLitePlace
    let errors: HandlerErrors

    func merge(_ batch: JournalBatch) throws(EffectError) -> MergeReceipt {
        let head = try place.mapping { () throws(SQLiteFailure) in try state.head() }
        let known = KnownRows(state: state, place: place)
        let plan = try MergePlan(batch, into: head.origin, known: known, errors: errors)
        try place.mapping { () throws(SQLiteFailure) in try insert(plan, after: head) }

        let snapshots = JournalSnapshots(state.connection, names: state.names, file: place.file)
        for snapshot in plan.snapshots {
            let number = try place.mapping { () throws(SQLiteFailure) in
                try state.stream(adding: snapshot.stream, head: head).number
            }
            var local = snapshot
            local.revision = .first
            try snapshots.keep(local, number: number, at: place)
        }
        let compacting = JournalCompacting(state: state, place: place)
        let changed = Set(plan.added.map(\.stream)).union(plan.snapshots.map(\.stream))
        for name in changed {
            let stream = try place.mapping { () throws(SQLiteFailure) in
                try state.stream(adding: name, head: head)
            }
            try snapshots.raiseRevision(of: name, number: stream.number, at: place)
            try compacting.raiseFloor(of: stream.number)
        }
        return MergeReceipt(added: plan.added.count, known: plan.knownCount)
    }

    private func insert(_ plan: MergePlan, after oldHead: JournalWriterState.Head) throws(SQLiteFailure) {
        var head = oldHead
        for entry in plan.added {
            let bytes = entry.payload ?? entry.payloadDigest.bytes
            var stream = try state.stream(adding: entry.stream, head: head)
            head.position += 1
            let row = JournalRows.Row(
                position: head.position,
                stream: stream.number,
                revision: stream.nextRevision,
                origin: try state.names.originNumber(adding: entry.origin),
                sequence: entry.sequence,
                id: entry.id,
                timestamp: entry.timestamp,
                kind: try state.names.kindNumber(adding: entry.kind),
                isCompacted: entry.payload == nil,
                hash: entry.hash
            )
            try state.rows.insert(row, payload: bytes)
            stream.nextRevision += 1
            state.setStream(stream, entry.stream)
        }
        head.clock.observe(plan.lastTimestamp)
        state.setHead(head)
    }
}

/// What the tables hold already, for the plan of a merge.
private struct KnownRows: KnownEntries {
    let state: JournalWriterState
    let place: SQLitePlace

    func head(of origin: OriginID) throws(EffectError) -> JournalFrontier.Head? {
        try place.mapping { () throws(SQLiteFailure) in
            guard let number = try state.names.originNumber(origin) else { return nil }
            return try state.rows.head(of: number)
        }
    }

    func hash(of origin: OriginID, sequence: UInt64) throws(EffectError) -> SHA256Digest? {
        try place.mapping { () throws(SQLiteFailure) in
            guard let number = try state.names.originNumber(origin) else { return nil }
            return try state.rows.hash(of: number, sequence: sequence)
        }
    }

    func contains(_ id: EntryID, of origin: OriginID, in stream: StreamName) throws(EffectError) -> Bool {
        let numbers = try place.mapping { () throws(SQLiteFailure) -> (stream: Int, origin: Int)? in
            guard let stream = try state.names.streamNumber(stream), let origin = try state.names.originNumber(origin)
            else { return nil }
            return (stream, origin)
        }
        guard let numbers else { return false }
        return try state.entry(stream: numbers.stream, origin: numbers.origin, id: id, at: place) != nil
    }

    func snapshotCoverage(of stream: StreamName) throws(EffectError) -> [OriginID: UInt64]? {
        let number = try place.mapping { () throws(SQLiteFailure) in try state.names.streamNumber(stream) }
        guard let number else { return nil }
        return try JournalSnapshots(state.connection, names: state.names, file: place.file)
            .snapshot(of: stream, number: number, at: place)?
            .covers
    }

    func compactedSequences(in stream: StreamName) throws(EffectError) -> [OriginID: UInt64] {
        try place.mapping { () throws(SQLiteFailure) in
            guard let number = try state.names.streamNumber(stream) else { return [:] }
            let statement = try state.connection.statement(
                """
                SELECT origin, max(sequence) FROM journal_entries WHERE stream = ? AND is_compacted = 1 GROUP BY origin
                """
            )
            statement.bind(number, at: 1)
            return try state.names.sequences(statement)
        }
    }
}
#endif
