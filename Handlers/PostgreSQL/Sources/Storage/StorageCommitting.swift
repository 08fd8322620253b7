#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Commits groups of changes, each in one transaction.
///
/// The rows that a group is about are locked in the order of their keys, so that two processes do not wait for each other
/// in a circle. A row that is not there cannot be locked: where another process inserts it first, the group is done again.
struct StorageCommitting {
    let state: StorageState
    let validation: StorageValidation
    let place: PostgreSQLPlace

    /// How often a group is done again because of other processes.
    private static let attempts = 50

    /// Applies each change on its own: one that is refused fails alone.
    ///
    /// - Returns: The answers in the order of the changes.
    /// - Throws: ``EffectError`` that fails the whole group.
    func commit(_ changes: [StorageChange]) throws(EffectError) -> [WorkQueue<StorageChange>.Answer] {
        try state.setUp(at: place)
        var attempt = 1
        while true {
            do throws(EffectError) {
                return changes.allSatisfy(\.writesWhateverIsThere) ? try overwrite(changes) : try judge(changes)
            } catch {
                state.connection.rollBack()
                guard let failure = error.cause as? PostgreSQLFailure, failure.isConflict || failure.isInsertedBefore
                else { throw error }
                guard attempt < Self.attempts else {
                    throw place.error(
                        .unavailable,
                        "\(place.database): other processes wrote the same keys first each time; try again.",
                        isRetryable: true
                    )
                }
                attempt += 1
            }
        }
    }

    /// Writes values without a look at what is there, in one round trip.
    private func overwrite(_ changes: [StorageChange]) throws(EffectError) -> [WorkQueue<StorageChange>.Answer] {
        var judgement = StorageJudgement(stored: [:], validation: validation)
        let answers = try apply(changes, to: &judgement)
        var batch = PostgreSQLBatch()
        let values = judgement.insertions
        // A single row is locked by its own writing.
        if values.count > 1 { Self.addLook(at: values.map(\.key), to: &batch) }
        Self.add(values, to: &batch, overwriting: true)
        try commit(batch)
        return answers
    }

    /// Looks at what is there, judges the changes and writes what they come to.
    private func judge(_ changes: [StorageChange]) throws(EffectError) -> [WorkQueue<StorageChange>.Answer] {
        let keys = Set(changes.flatMap { $0.mutations.map(\.key) }).sorted()
        let stored = try place.mapping { () throws(PostgreSQLFailure) in
            var batch = PostgreSQLBatch()
            batch.add("BEGIN")
            Self.addLook(at: keys, to: &batch)
            let rows = try state.connection.run(batch)[1].rows
            return Dictionary(
                uniqueKeysWithValues: rows.map {
                    (StorageKey($0.text(0)), StorageRevision(rawValue: $0.uint64(1)))
                }
            )
        }
        var judgement = StorageJudgement(stored: stored, validation: validation)
        let answers = try apply(changes, to: &judgement)
        var batch = PostgreSQLBatch()
        Self.add(judgement.insertions, to: &batch, overwriting: false)
        Self.add(judgement.overwrites, to: &batch, overwriting: true)
        let removals = judgement.removals
        if !removals.isEmpty {
            batch.add("DELETE FROM storage_values WHERE key = ANY($1::bytea[])", Self.parameters(removals))
        }
        batch.add("COMMIT")
        try commit(batch)
        return answers
    }

    private func apply(
        _ changes: [StorageChange],
        to judgement: inout StorageJudgement
    ) throws(EffectError) -> [WorkQueue<StorageChange>.Answer] {
        var answers: [WorkQueue<StorageChange>.Answer] = []
        answers.reserveCapacity(changes.count)
        for change in changes {
            do throws(EffectError) {
                answers.append(
                    .success(
                        try judgement.apply(change) { () throws(EffectError) in
                            StorageRevision(rawValue: try state.revisions.next(at: place))
                        }
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

    private func commit(_ batch: consuming PostgreSQLBatch) throws(EffectError) {
        do throws(PostgreSQLFailure) {
            _ = try state.connection.run(batch)
        } catch {
            throw error.effectError(at: place, isWrite: true)
        }
    }

    // MARK: Statements

    /// Locks the rows that are there in the order of their keys.
    private static func addLook(at keys: [StorageKey], to batch: inout PostgreSQLBatch) {
        batch.add(
            "SELECT key, revision FROM storage_values WHERE key = ANY($1::bytea[]) ORDER BY key FOR UPDATE",
            parameters(keys)
        )
    }

    private static func add(
        _ values: [StorageJudgement.Value],
        to batch: inout PostgreSQLBatch,
        overwriting: Bool
    ) {
        guard !values.isEmpty else { return }
        let insertion = """
            INSERT INTO storage_values (key, revision, checksum, bytes)
            SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bytea[])
            """
        let conflict = """

            ON CONFLICT (key) DO UPDATE
            SET revision = excluded.revision, checksum = excluded.checksum, bytes = excluded.bytes
            """
        batch.add(overwriting ? insertion + conflict : insertion, parameters(values))
    }

    private static func parameters(_ keys: [StorageKey]) -> PostgreSQLParameters {
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .bytes, count: keys.count) { array in
            for key in keys { array.element(Array(key.text.utf8)) }
        }
        return parameters
    }

    private static func parameters(_ values: [StorageJudgement.Value]) -> PostgreSQLParameters {
        let size = values.reduce(64) { $0 + $1.bytes.count + $1.key.text.utf8.count + 48 }
        var parameters = PostgreSQLParameters(capacity: size)
        parameters.addArray(of: .bytes, count: values.count) { array in
            for value in values { array.element(Array(value.key.text.utf8)) }
        }
        parameters.addArray(of: .int8, count: values.count) { array in
            for value in values { array.element(Int64(bitPattern: value.revision.rawValue)) }
        }
        parameters.addArray(of: .int8, count: values.count) { array in
            for value in values { array.element(Int64(bitPattern: value.checksum)) }
        }
        parameters.addArray(of: .bytes, count: values.count) { array in
            for value in values { array.element(value.bytes) }
        }
        return parameters
    }
}

extension StorageChange {
    /// Whether the change does not depend on what is stored.
    fileprivate var writesWhateverIsThere: Bool {
        mutations.allSatisfy { $0.precondition == .none && $0.change != .remove }
    }
}

extension StorageJudgement.Value {
    fileprivate var checksum: UInt64 {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe XXHash64.checksum(key: key, revision: revision.rawValue, bytes: bytes)
        }
    }
}

extension PostgreSQLFailure {
    /// Whether another transaction has inserted the same row.
    fileprivate var isInsertedBefore: Bool { kind == .refused(.uniqueViolation) }
}
#endif
