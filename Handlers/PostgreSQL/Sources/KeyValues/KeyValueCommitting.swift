#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Commits groups of changes, each in one transaction.
///
/// The groups of all processes take turns by a lock of the table: a key that has no row yet could not be locked itself.
struct KeyValueCommitting {
    private let state: KeyValueState
    private let validation: ItemValidation
    private let now: WallTime
    private let place: PostgreSQLPlace

    init(_ state: KeyValueState, _ validation: ItemValidation, at now: WallTime, _ place: PostgreSQLPlace) {
        self.state = state
        self.validation = validation
        self.now = now
        self.place = place
    }

    /// The most expired items that one transaction removes, so that no caller waits long for it.
    private static let mostSwept = 64

    /// `Aura` in ASCII, and one more: the journal has the lock before.
    private static let advisoryClass = 0x4175_7262

    /// Applies each change on its own: one that is refused fails alone.
    ///
    /// - Returns: The answers in the order of the changes.
    /// - Throws: ``EffectError`` that fails the whole group.
    func commit(_ changes: [ItemChange]) throws(EffectError) -> [WorkQueue<ItemChange>.Answer] {
        try state.setUp(at: place)
        do throws(EffectError) {
            return try judge(changes)
        } catch {
            state.connection.rollBack()
            throw error
        }
    }

    private func judge(_ changes: [ItemChange]) throws(EffectError) -> [WorkQueue<ItemChange>.Answer] {
        let keys = Array(Set(changes.flatMap { $0.mutations.map(\.key) }))
        let stored = try place.mapping { () throws(PostgreSQLFailure) in
            var batch = PostgreSQLBatch()
            batch.add("BEGIN")
            var timeout = PostgreSQLParameters()
            timeout.add(state.configuration.lockTimeoutText)
            batch.add("SELECT set_config('lock_timeout', $1::text, true)", timeout)
            batch.add("SELECT pg_advisory_xact_lock(\(Self.advisoryClass), 'keyvalue_items'::regclass::oid::integer)")
            var parameters = Self.parameters(keys)
            parameters.add(now.nanosecondsSinceEpoch)
            batch.add(
                """
                SELECT partition, sort, revision FROM keyvalue_items
                WHERE (partition, sort) IN (SELECT * FROM unnest($1::bytea[], $2::bytea[])) AND expires > $3
                """,
                parameters
            )
            let rows = try state.connection.run(batch)[3].rows
            return Dictionary(rows.map { (ItemKey($0.text(0), $0.text(1)), $0.uint64(2)) }) { first, _ in first }
        }
        var judgement = ItemJudgement(stored: stored, errors: validation.errors)
        let answers = try apply(changes, to: &judgement)
        var batch = PostgreSQLBatch()
        let (rows, removals) = (judgement.rows, judgement.removals)
        if !rows.isEmpty { batch.add(Self.insertion, Self.parameters(rows)) }
        if !removals.isEmpty {
            batch.add(
                """
                DELETE FROM keyvalue_items
                WHERE (partition, sort) IN (SELECT * FROM unnest($1::bytea[], $2::bytea[]))
                """,
                Self.parameters(removals)
            )
        }
        addSweep(to: &batch)
        batch.add("COMMIT")
        do throws(PostgreSQLFailure) {
            _ = try state.connection.run(batch)
        } catch {
            throw error.effectError(at: place, isWrite: true)
        }
        return answers
    }

    private func apply(
        _ changes: [ItemChange],
        to judgement: inout ItemJudgement
    ) throws(EffectError) -> [WorkQueue<ItemChange>.Answer] {
        var answers: [WorkQueue<ItemChange>.Answer] = []
        answers.reserveCapacity(changes.count)
        for change in changes {
            do throws(EffectError) {
                answers.append(
                    .success(
                        try judgement.apply(change) { () throws(EffectError) in try state.revisions.next(at: place) }
                    )
                )
            } catch {
                // What the server refused leaves the transaction in doubt.
                if error.cause is PostgreSQLFailure { throw error }
                answers.append(.failure(error))
            }
        }
        return answers
    }

    // MARK: Statements

    private static let insertion = """
        INSERT INTO keyvalue_items (partition, sort, revision, expires, checksum, item)
        SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[])
        ON CONFLICT (partition, sort) DO UPDATE SET
          revision = excluded.revision, expires = excluded.expires, checksum = excluded.checksum, item = excluded.item
        """

    /// Removes items whose time has come.
    private func addSweep(to batch: inout PostgreSQLBatch) {
        var parameters = PostgreSQLParameters()
        parameters.add(now.nanosecondsSinceEpoch)
        batch.add(
            """
            DELETE FROM keyvalue_items WHERE ctid = ANY(ARRAY(
              SELECT ctid FROM keyvalue_items
              WHERE expires < 9223372036854775807 AND expires <= $1 LIMIT \(Self.mostSwept)))
            """,
            parameters
        )
    }

    private static func parameters(_ keys: [ItemKey]) -> PostgreSQLParameters {
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .bytes, count: keys.count) { array in
            for key in keys { array.element(Array(key.partition.utf8)) }
        }
        parameters.addArray(of: .bytes, count: keys.count) { array in
            for key in keys { array.element(Array(key.sort.utf8)) }
        }
        return parameters
    }

    private static func parameters(_ rows: [ItemJudgement.Row]) -> PostgreSQLParameters {
        let items = rows.map { ItemCoding.encode($0.item) }
        var parameters = Self.parameters(rows.map(\.key))
        parameters.addArray(of: .int8, count: rows.count) { array in
            for row in rows { array.element(Int64(bitPattern: row.revision)) }
        }
        parameters.addArray(of: .int8, count: rows.count) { array in
            // What never expires does so beyond all time.
            for row in rows { array.element(row.item.expires?.nanosecondsSinceEpoch ?? Int64.max) }
        }
        parameters.addArray(of: .int8, count: rows.count) { array in
            for (row, item) in zip(rows, items) {
                let checksum = unsafe item.withUnsafeBytes { unsafe XXHash64.hash($0, seed: row.revision) }
                array.element(Int64(bitPattern: checksum))
            }
        }
        parameters.addArray(of: .bytes, count: rows.count) { array in
            for item in items { array.element(item) }
        }
        return parameters
    }
}
#endif
