#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// What must be looked up on the server before appends can be judged, and the look-up itself: one round trip.
struct AppendLookUp {
    /// What the journal holds under an id.
    struct Known {
        var kind: Int
        var digest: SHA256Digest
        var revision: Revision
        var position: Position
    }

    private var streams: Set<StreamName> = []
    private var kinds: Set<EntryKind> = []
    private var ids: [RecentIDs.Key] = []
    private(set) var known: [RecentIDs.Key: Known?] = [:]
    private var lacksHead = false

    /// Whether there is nothing to look up.
    var isEmpty: Bool { !lacksHead && streams.isEmpty && kinds.isEmpty && ids.isEmpty }

    /// Finds what the writer does not know and these appends need.
    ///
    /// - Parameters:
    ///   - group: The appends.
    ///   - state: What is known.
    ///   - before: An earlier look-up for the same appends.
    init(for group: [PreparedAppend], _ state: JournalWriterState, after before: AppendLookUp? = nil) {
        known = before?.known ?? [:]
        lacksHead = state.head == nil
        var lastKind: EntryKind?
        for prepared in group {
            for append in prepared.appends where !append.drafts.isEmpty {
                let index = state.index(of: append.stream)
                if index == nil { streams.insert(append.stream) }
                for draft in append.drafts {
                    if draft.kind != lastKind {
                        if state.number(of: draft.kind) == nil { kinds.insert(draft.kind) }
                        lastKind = draft.kind
                    }
                    guard let index, state.mayHold(draft.id, inStreamAt: index) else { continue }
                    let key = RecentIDs.Key(stream: state[index].number, id: draft.id)
                    if known[key] == nil { ids.append(key) }
                }
            }
        }
    }

    /// What is needed of these streams and kinds.
    init(streams: some Sequence<StreamName>, kinds: some Sequence<EntryKind>, _ state: JournalWriterState) {
        self.streams = Set(streams.filter { state.index(of: $0) == nil })
        self.kinds = Set(kinds.filter { state.number(of: $0) == nil })
    }

    /// Looks everything up in one consistent view together with the head; what another process has changed meanwhile makes
    /// the writer begin anew.
    mutating func run(_ state: JournalWriterState) throws(PostgreSQLFailure) {
        var batch = PostgreSQLBatch()
        if !streams.isEmpty || !kinds.isEmpty {
            batch.add("BEGIN")
            // The commit of the entries takes this one to the disk with it.
            batch.add("SELECT set_config('synchronous_commit', 'off', true)")
            addNewNames(to: &batch)
            batch.add("COMMIT")
        }
        batch.add("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        batch.add("SELECT \(JournalHead.columns) FROM journal_head AS h")
        let first = batch.statements.count
        addQuestions(to: &batch, origin: state.head?.originNumber)
        batch.add("COMMIT")
        let results = try state.connection.run(batch)
        guard let row = results[first - 1].first else { throw .missingHead }
        let origin = state.head?.originNumber
        state.observe(JournalHead(row))
        try takeAnswers(results[first...], state)
        // Ids of another origin say nothing.
        if origin != state.head?.originNumber { known.removeAll() }
    }

    /// Looks everything up inside a transaction that holds the head's lock.
    mutating func runLocked(_ state: JournalWriterState) throws(PostgreSQLFailure) {
        var batch = PostgreSQLBatch()
        addNewNames(to: &batch)
        let first = batch.statements.count
        addQuestions(to: &batch, origin: state.head?.originNumber)
        let results = try state.connection.run(batch)
        try takeAnswers(results[first...], state)
    }

    // MARK: Asking

    /// Names are added in one order by all processes, so that none waits for another in a circle.
    private func addNewNames(to batch: inout PostgreSQLBatch) {
        if !streams.isEmpty {
            batch.add(Self.insertion(into: "journal_streams"), Self.names(streams.sorted().map(\.text)))
        }
        if !kinds.isEmpty {
            batch.add(Self.insertion(into: "journal_kinds"), Self.names(kinds.map(\.text).sorted()))
        }
    }

    private static func insertion(into table: String) -> String {
        """
        INSERT INTO \(table) (name) SELECT n.name FROM unnest($1::bytea[]) AS n(name)
        WHERE NOT EXISTS (SELECT FROM \(table) AS t WHERE t.name = n.name) ON CONFLICT (name) DO NOTHING
        """
    }

    private static func names(_ names: [String]) -> PostgreSQLParameters {
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .bytes, count: names.count) { parameters in
            for name in names { parameters.element(Array(name.utf8)) }
        }
        return parameters
    }

    private func addQuestions(to batch: inout PostgreSQLBatch, origin: Int?) {
        if !streams.isEmpty {
            batch.add(
                """
                SELECT name, number, (SELECT max(revision) + 1 FROM journal_entries WHERE stream = number)
                FROM journal_streams WHERE name = ANY($1::bytea[])
                """,
                Self.names(streams.map(\.text))
            )
        }
        if !kinds.isEmpty {
            batch.add(
                "SELECT name, number FROM journal_kinds WHERE name = ANY($1::bytea[])",
                Self.names(kinds.map(\.text))
            )
        }
        guard let origin, !ids.isEmpty else { return }
        var parameters = PostgreSQLParameters()
        parameters.add(Int32(origin))
        parameters.addArray(of: .int8, count: ids.count) { parameters in
            for key in ids { parameters.element(Int64(key.stream)) }
        }
        parameters.addArray(of: .uuid, count: ids.count) { parameters in
            for key in ids { parameters.element(uuid: key.id.rawValue) }
        }
        batch.add(
            """
            SELECT \(EntryRow.columns(payload: "payload"))
            FROM unnest($2::bigint[], $3::uuid[]) AS k(stream_number, entry_id)
            JOIN journal_entries ON origin = $1 AND id = entry_id AND stream = stream_number
            """,
            parameters
        )
    }

    // MARK: Answers

    private mutating func takeAnswers(
        _ results: ArraySlice<PostgreSQLResult>,
        _ state: JournalWriterState
    ) throws(PostgreSQLFailure) {
        var results = results
        if !streams.isEmpty, let found = results.popFirst() {
            for row in found.rows {
                let nextRevision = row.isNull(2) ? 0 : row.uint64(2)
                let highestID = nextRevision == 0 ? nil : state.head?.highestID
                let name = StreamName(row.text(0))
                guard state.index(of: name) == nil else { continue }
                state.keep(.init(number: row.int(1), nextRevision: nextRevision, highestID: highestID), name)
            }
        }
        if !kinds.isEmpty, let found = results.popFirst() {
            for row in found.rows { state.keep(Int(row.int32(1)), of: EntryKind(row.text(0))) }
        }
        guard !ids.isEmpty, let found = results.popFirst(), state.head != nil else { return }
        for key in ids { known[key] = .some(nil) }
        for row in found.rows {
            let entry = EntryRow(row)
            guard entry.isIntact else { throw .damaged(at: entry.stored.position) }
            known[.init(stream: entry.stored.stream, id: entry.stored.id)] = Known(
                kind: entry.stored.kind,
                digest: unsafe entry.stored.isCompacted ? row.digest(9) : row.withBytes(9) { unsafe SHA256.hash($0) },
                revision: Revision(rawValue: entry.stored.revision),
                position: Position(rawValue: entry.stored.position)
            )
        }
    }
}
#endif
