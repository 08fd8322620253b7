#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

extension JournalReaderState {
    /// The last entries of all origins, in the order of their numbers.
    private func heads(
        at place: PostgreSQLPlace
    ) throws(EffectError) -> [(number: Int, origin: OriginID, head: JournalFrontier.Head)] {
        try place.mapping { () throws(PostgreSQLFailure) in
            let result = try connection.run(
                """
                SELECT e.*, o.id FROM journal_origins AS o CROSS JOIN LATERAL (
                  SELECT \(EntryRow.columns(payload: "payload")) FROM journal_entries WHERE origin = o.number
                  ORDER BY sequence DESC LIMIT 1) AS e
                ORDER BY o.number
                """,
                canBeInterrupted: true
            )
            var heads: [(Int, OriginID, JournalFrontier.Head)] = []
            for row in result.rows {
                // What the next entry is chained to: a damaged one is an error.
                let last = EntryRow(row)
                guard last.isIntact else { throw .damaged(at: last.stored.position) }
                let head = JournalFrontier.Head(sequence: last.stored.sequence, hash: last.stored.hash)
                heads.append((last.stored.origin, OriginID(rawValue: row.uuid(12)), head))
            }
            return heads
        }
    }

    func frontier(at place: PostgreSQLPlace) throws(EffectError) -> JournalFrontier {
        var frontier = JournalFrontier()
        for (_, origin, head) in try heads(at: place) { frontier.heads[origin] = head }
        return frontier
    }

    /// Entries beyond a frontier, in one consistent view.
    func entries(
        beyond frontier: JournalFrontier,
        limit: Int,
        at place: PostgreSQLPlace
    ) throws(EffectError) -> JournalBatch {
        try place.mapping { () throws(PostgreSQLFailure) in
            _ = try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", canBeInterrupted: true)
        }
        let heads = try heads(at: place)
        try check(frontier, heads, at: place)
        var entries: [JournalEntry] = []
        var restBytes = pageBytes
        var hasMore = false
        for (number, origin, head) in heads {
            var last = frontier.heads[origin]?.sequence ?? 0
            if last < head.sequence, entries.count < limit, restBytes > 0 {
                let reading = EntryReading(
                    connection,
                    names,
                    .sequences(origin: number),
                    limit: limit - entries.count,
                    byteLimit: restBytes,
                    at: place
                )
                try reading.run(from: last + 1)
                restBytes -= reading.entries.reduce(0) { $0 + ($1.payload?.count ?? 0) }
                last = reading.entries.last?.sequence ?? last
                entries += reading.entries
            }
            hasMore = hasMore || last < head.sequence
        }
        let needed = try snapshots(of: Set(entries.filter { $0.payload == nil }.map(\.stream)), at: place)
        try place.mapping { () throws(PostgreSQLFailure) in _ = try connection.run("COMMIT") }
        return JournalBatch(entries: entries, snapshots: needed, hasMore: hasMore)
    }

    /// Refuses heads of another journal that this journal's chains contradict.
    private func check(
        _ frontier: JournalFrontier,
        _ heads: [(number: Int, origin: OriginID, head: JournalFrontier.Head)],
        at place: PostgreSQLPlace
    ) throws(EffectError) {
        let asked = heads.compactMap { head in
            frontier.heads[head.origin].map { (number: head.number, origin: head.origin, claimed: $0) }
        }
        if asked.isEmpty { return }
        let result = try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.addArray(of: .int4, count: asked.count) { parameters in
                for item in asked { parameters.element(Int32(clamping: item.number)) }
            }
            parameters.addArray(of: .int8, count: asked.count) { parameters in
                for item in asked { parameters.element(Int64(clamping: item.claimed.sequence)) }
            }
            return try connection.run(
                """
                SELECT e.origin, e.hash FROM unnest($1::integer[], $2::bigint[]) AS a(origin, sequence)
                JOIN journal_entries AS e ON e.origin = a.origin AND e.sequence = a.sequence
                """,
                parameters,
                canBeInterrupted: true
            )
        }
        for row in result.rows {
            guard let item = asked.first(where: { $0.number == Int(row.int32(0)) }), item.claimed.hash != row.digest(1)
            else { continue }
            throw place.error(
                .conflict,
                "The chain of origin \(item.origin) forks at or below sequence \(item.claimed.sequence): two journals wrote "
                    + "under one origin. Let one of them adopt a new origin."
            )
        }
    }

    // MARK: Snapshots

    func latestSnapshot(of stream: StreamName, at place: PostgreSQLPlace) throws(EffectError) -> JournalSnapshot? {
        try snapshots(of: [stream], at: place).first
    }

    private func snapshots(
        of streams: Set<StreamName>,
        at place: PostgreSQLPlace
    ) throws(EffectError) -> [JournalSnapshot] {
        var numbers: [Int: StreamName] = [:]
        for stream in streams {
            if let number = try number(of: stream, at: place) { numbers[number] = stream }
        }
        if numbers.isEmpty { return [] }
        return try JournalSnapshots(connection: connection, names: names, place: place)
            .snapshots(of: numbers)
            .values
            .sorted { $0.stream < $1.stream }
    }
}
#endif
