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
        let grown = try place.mapping { () throws(SQLiteFailure) in try insert(plan, after: head) }

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
        for name in Set(grown).union(plan.snapshots.map(\.stream)) {
            let stream = try place.mapping { () throws(SQLiteFailure) in
                try state.stream(adding: name, head: head)
            }
            try snapshots.raiseRevision(of: name, number: stream.number, at: place)
            try compacting.raiseFloor(of: stream.number)
        }
        return MergeReceipt(added: plan.added.count, known: plan.knownCount)
    }

    /// Adds the entries of a plan.
    ///
    /// - Returns: The streams that they went to.
    private func insert(
        _ plan: MergePlan,
        after oldHead: JournalWriterState.Head
    ) throws(SQLiteFailure) -> [StreamName] {
        var head = oldHead
        var streams: [JournalWriterState.Stream] = []
        var streamIndices: [StreamName: Int] = [:]
        var origin: (id: OriginID, number: Int)?
        var kind: (name: EntryKind, number: Int)?
        for entry in plan.added {
            let index: Int
            if let found = streamIndices[entry.stream] {
                index = found
            } else {
                index = streams.count
                streamIndices[entry.stream] = index
                streams.append(try state.stream(adding: entry.stream, head: head))
            }
            // Entries of one origin and of one kind often follow one another.
            let originNumber =
                if let origin, origin.id == entry.origin {
                    origin.number
                } else {
                    try state.names.originNumber(adding: entry.origin)
                }
            let kindNumber =
                if let kind, kind.name == entry.kind {
                    kind.number
                } else {
                    try state.names.kindNumber(adding: entry.kind)
                }
            origin = (entry.origin, originNumber)
            kind = (entry.kind, kindNumber)
            head.position += 1
            let row = JournalRows.Row(
                position: head.position,
                stream: streams[index].number,
                revision: streams[index].nextRevision,
                origin: originNumber,
                sequence: entry.sequence,
                id: entry.id,
                timestamp: entry.timestamp,
                kind: kindNumber,
                isCompacted: entry.payload == nil,
                hash: entry.hash
            )
            try state.rows.insert(row, payload: entry.payload ?? entry.payloadDigest.bytes)
            streams[index].nextRevision += 1
        }
        for (name, index) in streamIndices { state.setStream(streams[index], name) }
        head.clock.observe(plan.lastTimestamp)
        state.setHead(head)
        return Array(streamIndices.keys)
    }
}

/// What the tables hold already, for the plan of a merge.
private final class KnownRows: KnownEntries {
    private let state: JournalWriterState
    private let place: SQLitePlace
    /// The highest id of each origin that was asked for; `nil` where it has no entry.
    private var highestIDs: [OriginID: EntryID?] = [:]

    init(state: JournalWriterState, place: SQLitePlace) {
        self.state = state
        self.place = place
    }

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
        // Ids usually come in the order of time: one above all known ones needs no look-up.
        guard let highest = try highestID(of: origin), id <= highest else { return false }
        let numbers = try place.mapping { () throws(SQLiteFailure) -> (stream: Int, origin: Int)? in
            guard let stream = try state.names.streamNumber(stream), let origin = try state.names.originNumber(origin)
            else { return nil }
            return (stream, origin)
        }
        guard let numbers else { return false }
        return try state.entry(stream: numbers.stream, origin: numbers.origin, id: id, at: place) != nil
    }

    private func highestID(of origin: OriginID) throws(EffectError) -> EntryID? {
        if let found = highestIDs[origin] { return found }
        let highest = try place.mapping { () throws(SQLiteFailure) in
            guard let number = try state.names.originNumber(origin) else { return EntryID?.none }
            return try state.highestID(of: number)
        }
        highestIDs[origin] = .some(highest)
        return highest
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
