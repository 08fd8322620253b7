#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Takes in entries of other journals, inside a transaction that holds the head's lock: the plan is made before anything is
/// written.
struct JournalMerging {
    let state: JournalWriterState
    let place: PostgreSQLPlace
    let errors: HandlerErrors

    func merge(_ batch: JournalBatch) throws(EffectError) -> MergeReceipt {
        guard let head = state.head else {
            throw PostgreSQLFailure.missingHead.effectError(at: place, isWrite: false)
        }
        let known = try KnownRows(for: batch, in: state, at: place)
        let plan = try MergePlan(batch, into: head.origin, known: known, errors: errors)
        let streams = try place.mapping { () throws(PostgreSQLFailure) in try addNames(of: plan) }
        try place.mapping { () throws(PostgreSQLFailure) in try insert(plan, after: head) }

        let compacting = JournalCompacting(state: state, place: place)
        for snapshot in plan.snapshots {
            guard let index = state.index(of: snapshot.stream) else { continue }
            var local = snapshot
            local.revision = .first
            try compacting.snapshots.keep(local, number: state[index].number)
        }
        try compacting.snapshots.raiseRevisions(of: streams)
        try place.mapping { () throws(PostgreSQLFailure) in try compacting.raiseFloors(of: streams.keys) }
        return MergeReceipt(added: plan.added.count, known: plan.knownCount)
    }

    /// Gives every new name a number.
    ///
    /// - Returns: The streams that the merge changes.
    private func addNames(of plan: MergePlan) throws(PostgreSQLFailure) -> [Int: StreamName] {
        var names = Set(plan.snapshots.map(\.stream))
        var kinds: Set<EntryKind> = []
        var last: JournalEntry?
        for entry in plan.added {
            // Entries of one stream and of one kind often follow one another.
            if last?.stream != entry.stream { names.insert(entry.stream) }
            if last?.kind != entry.kind { kinds.insert(entry.kind) }
            last = entry
        }
        state.trim()
        var lookUp = AppendLookUp(streams: names, kinds: kinds, state)
        if !lookUp.isEmpty { try lookUp.runLocked(state) }
        var streams: [Int: StreamName] = [:]
        for name in names {
            guard let index = state.index(of: name) else { throw .missingName }
            streams[state[index].number] = name
        }
        return streams
    }

    // MARK: Inserting

    /// How many rows one statement inserts at most, and about how many bytes.
    private static let rowsAtOnce = 2000
    private static let bytesAtOnce = 4 * 1024 * 1024

    /// Adds the entries of a plan, the next statement under way while the server works on one, and moves the head.
    private func insert(_ plan: MergePlan, after oldHead: JournalHead) throws(PostgreSQLFailure) {
        if plan.added.isEmpty { return }
        var head = oldHead
        let origins = try originNumbers(of: plan)
        var rows: [AppendGroup.Row] = []
        var byteCount = 0
        var streamIndex: (name: StreamName, index: Int)?
        for entry in plan.added {
            if streamIndex?.name != entry.stream {
                guard let index = state.index(of: entry.stream) else { throw .missingName }
                streamIndex = (entry.stream, index)
            }
            guard
                let index = streamIndex?.index,
                let origin = origins[entry.origin],
                let kind = state.number(of: entry.kind)
            else { throw .missingName }
            head.position += 1
            let payload = entry.payload ?? entry.payloadDigest.bytes
            let row = StoredEntry(
                position: head.position,
                stream: state[index].number,
                revision: state[index].nextRevision,
                origin: origin,
                sequence: entry.sequence,
                id: entry.id,
                timestamp: entry.timestamp,
                kind: kind,
                isCompacted: entry.payload == nil,
                hash: entry.hash
            )
            state[index].nextRevision += 1
            rows.append((row, payload))
            byteCount += payload.count
            if rows.count >= Self.rowsAtOnce || byteCount >= Self.bytesAtOnce {
                try send(rows)
                rows.removeAll(keepingCapacity: true)
                byteCount = 0
            }
        }
        if !rows.isEmpty { try send(rows) }
        head.clock.observe(plan.lastTimestamp)
        head.version += 1
        try sendMove(to: head)
        while state.connection.batchesUnderWay > 0 { _ = try state.connection.receive() }
        state.advance(to: head)
    }

    private func originNumbers(of plan: MergePlan) throws(PostgreSQLFailure) -> [OriginID: Int] {
        var origins: Set<OriginID> = []
        var last: OriginID?
        for entry in plan.added where entry.origin != last {
            origins.insert(entry.origin)
            last = entry.origin
        }
        let sorted = origins.sorted()
        func parameters() -> PostgreSQLParameters {
            var parameters = PostgreSQLParameters()
            parameters.addArray(of: .uuid, count: sorted.count) { parameters in
                for origin in sorted { parameters.element(uuid: origin.rawValue) }
            }
            return parameters
        }
        var batch = PostgreSQLBatch()
        batch.add(
            """
            INSERT INTO journal_origins (id) SELECT n.id FROM unnest($1::uuid[]) AS n(id)
            WHERE NOT EXISTS (SELECT FROM journal_origins AS o WHERE o.id = n.id) ON CONFLICT (id) DO NOTHING
            """,
            parameters()
        )
        batch.add("SELECT id, number FROM journal_origins WHERE id = ANY($1::uuid[])", parameters())
        let results = try state.connection.run(batch)
        return Dictionary(results[1].rows.map { (OriginID(rawValue: $0.uuid(0)), Int($0.int32(1))) }) { first, _ in
            first
        }
    }

    private func send(_ rows: [AppendGroup.Row]) throws(PostgreSQLFailure) {
        if state.connection.batchesUnderWay >= 2 { _ = try state.connection.receive() }
        var parameters = PostgreSQLParameters(capacity: rows.reduce(512) { $0 + $1.payload.count + 200 })
        parameters.addColumn(of: rows) { Int64($0.position) }
        parameters.addColumn(of: rows) { Int64($0.stream) }
        parameters.addColumn(of: rows) { Int64($0.revision) }
        parameters.addArray(of: .int4, count: rows.count) { parameters in
            for row in rows { parameters.element(Int32(clamping: row.entry.origin)) }
        }
        parameters.addColumn(of: rows) { Int64(clamping: $0.sequence) }
        parameters.addArray(of: .uuid, count: rows.count) { parameters in
            for row in rows { parameters.element(uuid: row.entry.id.rawValue) }
        }
        parameters.addColumn(of: rows) { Int64(clamping: $0.timestamp.rawValue) }
        parameters.addArray(of: .int4, count: rows.count) { parameters in
            for row in rows { parameters.element(Int32(clamping: row.entry.kind)) }
        }
        parameters.addArray(of: .bool, count: rows.count) { parameters in
            for row in rows { parameters.element(row.entry.isCompacted) }
        }
        parameters.addArray(of: .bytes, count: rows.count) { parameters in
            for row in rows { parameters.element(row.payload) }
        }
        parameters.addArray(of: .bytes, count: rows.count) { parameters in
            for row in rows { parameters.element(row.entry.hash) }
        }
        parameters.addArray(of: .int8, count: rows.count) { parameters in
            for row in rows {
                parameters.element(Int64(bitPattern: row.entry.checksum(payload: row.payload)))
            }
        }
        var batch = PostgreSQLBatch()
        batch.add(
            """
            INSERT INTO journal_entries
              (position, stream, revision, origin, sequence, id, timestamp, kind, is_compacted, payload, hash, checksum)
            SELECT * FROM unnest(
              $1::bigint[], $2::bigint[], $3::bigint[], $4::integer[], $5::bigint[], $6::uuid[], $7::bigint[],
              $8::integer[], $9::boolean[], $10::bytea[], $11::bytea[], $12::bigint[])
            """,
            parameters
        )
        try state.connection.send(batch)
    }

    private func sendMove(to head: JournalHead) throws(PostgreSQLFailure) {
        var parameters = PostgreSQLParameters()
        parameters.add(head.version)
        parameters.add(head.position)
        parameters.add(head.clock.last.rawValue)
        var batch = PostgreSQLBatch()
        batch.add("UPDATE journal_head SET version = $1, position = $2, clock = $3", parameters)
        try state.connection.send(batch)
    }
}

extension PostgreSQLParameters {
    /// Adds an array with a number of each row.
    fileprivate mutating func addColumn(of rows: [AppendGroup.Row], _ value: (StoredEntry) -> Int64) {
        addArray(of: .int8, count: rows.count) { parameters in
            for row in rows { parameters.element(value(row.entry)) }
        }
    }
}
#endif
