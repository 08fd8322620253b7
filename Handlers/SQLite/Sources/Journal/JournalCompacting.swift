#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// Saves snapshots and drops payloads below them, inside write transactions.
struct JournalCompacting {
    let state: JournalWriterState
    let place: SQLitePlace

    private var snapshots: JournalSnapshots {
        JournalSnapshots(state.connection, names: state.names, file: place.file)
    }

    // MARK: Snapshots

    func save(_ snapshot: JournalSnapshot) throws(EffectError) {
        let head = try place.mapping { () throws(SQLiteFailure) in try state.head() }
        let end = try place.mapping { () throws(SQLiteFailure) in
            try state.stream(snapshot.stream, head: head)?.nextRevision ?? 0
        }
        guard snapshot.revision.rawValue <= end else {
            throw place.error(
                .invalidArgument,
                "Stream '\(snapshot.stream)' ends before revision \(end): a snapshot of it cannot stand for "
                    + "\(snapshot.revision) entries."
            )
        }
        // A stream without entries may have a snapshot too: what its application begins with.
        let stream = try place.mapping { () throws(SQLiteFailure) in
            try state.stream(adding: snapshot.stream, head: head)
        }
        let kept = try snapshots.snapshot(of: snapshot.stream, number: stream.number, at: place)
        if let kept, kept.revision > snapshot.revision {
            throw place.error(
                .preconditionFailed,
                "A snapshot of stream '\(snapshot.stream)' at revision \(kept.revision) is kept already."
            )
        }
        try checkNothingCompacted(in: stream.number, from: snapshot)
        var complete = snapshot
        complete.covers = try coverage(of: stream.number, below: snapshot.revision)
        try snapshots.keep(complete, number: stream.number, at: place)
    }

    /// What merging brought in compacted may lie above a gap: its state is in the kept snapshot alone.
    private func checkNothingCompacted(in stream: Int, from snapshot: JournalSnapshot) throws(EffectError) {
        let isAnyCompacted = try place.mapping { () throws(SQLiteFailure) in
            let statement = try state.connection.statement(
                "SELECT 1 FROM journal_entries WHERE stream = ? AND revision >= ? AND is_compacted = 1 LIMIT 1"
            )
            statement.bind(stream, at: 1)
            statement.bind(snapshot.revision.rawValue, at: 2)
            return try statement.firstRow { _ in true } ?? false
        }
        guard isAnyCompacted else { return }
        throw place.error(
            .preconditionFailed,
            "Stream '\(snapshot.stream)' has compacted entries beyond revision \(snapshot.revision): save a snapshot that "
                + "stands for them too."
        )
    }

    /// For each origin the highest sequence among a stream's entries below a revision.
    private func coverage(of stream: Int, below revision: Revision) throws(EffectError) -> [OriginID: UInt64] {
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try state.connection.statement(
                """
                SELECT origin, max(sequence) FROM journal_entries WHERE stream = ? AND revision < ? GROUP BY origin
                """
            )
            statement.bind(stream, at: 1)
            statement.bind(min(revision.rawValue, UInt64(Int64.max)), at: 2)
            return try state.names.sequences(statement)
        }
    }

    // MARK: Compaction

    /// How many entries one transaction compacts, so that appends get their turn in between.
    static let chunkSize = 500

    /// How many bytes of payload one transaction compacts, so that it fits into any budget.
    private static let chunkBytes = 1024 * 1024

    /// Checks that a snapshot covers what is to be dropped.
    ///
    /// - Returns: The stream's number; `nil` where there is nothing to drop.
    func check(_ stream: StreamName, before revision: Revision) throws(EffectError) -> Int? {
        if revision == .first { return nil }
        let head = try place.mapping { () throws(SQLiteFailure) in try state.head() }
        let known = try place.mapping { () throws(SQLiteFailure) in
            try state.stream(stream, head: head)
        }
        let latest =
            if let known {
                try snapshots.snapshot(of: stream, number: known.number, at: place)
            } else {
                JournalSnapshot?.none
            }
        guard let known, let latest, latest.revision >= revision else {
            throw place.error(
                .preconditionFailed,
                "No snapshot of stream '\(stream)' covers its entries below revision \(revision): save one first."
            )
        }
        return known.number
    }

    /// Drops the payloads of the next entries below a revision.
    ///
    /// - Returns: Whether there may be more.
    func compactChunk(of stream: Int, before revision: Revision) throws(EffectError) -> Bool {
        let floor = try floor(of: stream)
        let statement = try place.mapping { () throws(SQLiteFailure) in
            try state.connection.statement(
                """
                SELECT \(JournalRows.columns) FROM journal_entries
                WHERE stream = ? AND revision >= ? AND revision < ? ORDER BY revision LIMIT ?
                """
            )
        }
        statement.bind(stream, at: 1)
        statement.bind(floor, at: 2)
        statement.bind(min(revision.rawValue, UInt64(Int64.max)), at: 3)
        statement.bind(Self.chunkSize, at: 4)
        let entries = try state.rows.entries(statement, limit: Self.chunkSize, byteLimit: Self.chunkBytes, at: place)
        for entry in entries where entry.payload != nil {
            try place.mapping { () throws(SQLiteFailure) in try compact(entry, stream: stream) }
        }
        try raiseFloor(of: stream)
        guard let last = entries.last else { return false }
        return last.revision.next < revision
    }

    private func compact(_ entry: JournalEntry, stream: Int) throws(SQLiteFailure) {
        let digest = entry.payloadDigest.bytes
        let row = JournalRows.Row(
            position: entry.position.rawValue,
            stream: stream,
            revision: entry.revision.rawValue,
            origin: try state.names.originNumber(entry.origin) ?? 0,
            sequence: entry.sequence,
            id: entry.id,
            timestamp: entry.timestamp,
            kind: try state.names.kindNumber(adding: entry.kind),
            isCompacted: true,
            hash: entry.hash
        )
        let statement = try state.connection.statement(
            "UPDATE journal_entries SET payload = ?, is_compacted = 1, checksum = ? WHERE position = ?"
        )
        statement.bind(copying: digest, at: 1)
        unsafe digest.withUnsafeBytes { unsafe statement.bind(row.checksum(payload: $0), at: 2) }
        statement.bind(row.position, at: 3)
        try statement.run()
    }

    private func floor(of stream: Int) throws(EffectError) -> UInt64 {
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try state.connection.statement("SELECT floor FROM journal_streams WHERE number = ?")
            statement.bind(stream, at: 1)
            return try statement.firstRow { $0.uint64(0) } ?? 0
        }
    }

    /// Moves a stream's floor up to its first entry that has a payload.
    func raiseFloor(of stream: Int) throws(EffectError) {
        let floor = try floor(of: stream)
        try place.mapping { () throws(SQLiteFailure) in
            let first = try state.connection.statement(
                """
                SELECT revision FROM journal_entries WHERE stream = ? AND revision >= ? AND is_compacted = 0
                ORDER BY revision LIMIT 1
                """
            )
            first.bind(stream, at: 1)
            first.bind(floor, at: 2)
            let end = try state.connection.statement(
                "SELECT ifnull(max(revision) + 1, 0) FROM journal_entries WHERE stream = ?"
            )
            end.bind(stream, at: 1)
            let firstKept = try first.firstRow { $0.uint64(0) }
            let lastEnd = try end.firstRow { $0.uint64(0) }
            guard let raised = firstKept ?? lastEnd, raised > floor else { return }
            let update = try state.connection.statement("UPDATE journal_streams SET floor = ? WHERE number = ?")
            update.bind(raised, at: 1)
            update.bind(stream, at: 2)
            try update.run()
        }
    }
}
#endif
