#if PostgreSQL
public import AuraEffects
internal import AuraRuntime

// Snapshots, compaction, replication, verification and the care of the whole.
extension PostgreSQLJournalHandler: JournalMaintenance {
    /// How often a change is tried where another transaction was in the way each time.
    private static let attempts = 5

    /// Changes the journal in a transaction that holds the head's lock.
    private func changing<Value: Sendable>(
        _ operation: String,
        _ body: @Sendable (JournalWriterState) throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        let place = place(operation)
        let configuration = configuration
        for _ in 1..<Self.attempts {
            do throws(EffectError) {
                return try await attemptToChange(operation, place, configuration, body)
            } catch {
                guard (error.cause as? PostgreSQLFailure)?.isConflict == true else { throw error }
                try validation.errors.checkCancellation(in: operation)
            }
        }
        return try await attemptToChange(operation, place, configuration, body)
    }

    private func attemptToChange<Value: Sendable>(
        _ operation: String,
        _ place: PostgreSQLPlace,
        _ configuration: PostgreSQLConfiguration,
        _ body: @Sendable (JournalWriterState) throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        try await writing(operation) { state throws(EffectError) in
            do throws(EffectError) {
                try place.mapping { () throws(PostgreSQLFailure) in
                    try state.setUp()
                    try state.lockHead(of: configuration)
                }
                let value = try body(state)
                try place.mappingWrite { () throws(PostgreSQLFailure) in _ = try state.connection.run("COMMIT") }
                return value
            } catch {
                state.abandon()
                throw error
            }
        }
    }

    // MARK: Snapshots and compaction

    /// Keeps a snapshot in place of the one before.
    public func saveSnapshot(_ snapshot: JournalSnapshot) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "saveSnapshot")
        try validation.check(snapshot, in: "saveSnapshot")
        let place = place("saveSnapshot")
        try await changing("saveSnapshot") { state throws(EffectError) in
            try JournalCompacting(state: state, place: place).save(snapshot)
        }
    }

    /// The snapshot kept of a stream.
    public func latestSnapshot(of stream: StreamName) async throws(EffectError) -> JournalSnapshot? {
        try validation.errors.checkCancellation(in: "latestSnapshot")
        try validation.check(stream, in: "latestSnapshot")
        let place = place("latestSnapshot")
        return try await reading("latestSnapshot") { state throws(EffectError) in
            try state.latestSnapshot(of: stream, at: place)
        }
    }

    /// Drops payloads in transactions of 500 entries, so that appends get their turn in between.
    public func compact(_ stream: StreamName, before revision: Revision) async throws(EffectError) {
        try validation.errors.checkCancellation(in: "compact")
        try validation.check(stream, in: "compact")
        let place = place("compact")
        var hasMore = true
        while hasMore {
            try validation.errors.checkCancellation(in: "compact")
            hasMore = try await changing("compact") { state throws(EffectError) in
                try JournalCompacting(state: state, place: place).compactChunk(of: stream, before: revision)
            }
        }
    }

    // MARK: Replication

    /// How far the journal knows each origin's entries.
    public func frontier() async throws(EffectError) -> JournalFrontier {
        try validation.errors.checkCancellation(in: "frontier")
        let place = place("frontier")
        return try await reading("frontier") { state throws(EffectError) in try state.frontier(at: place) }
    }

    /// Entries for another journal to merge, with the snapshots that cover the compacted ones.
    public func entries(beyond frontier: JournalFrontier, limit: Int) async throws(EffectError) -> JournalBatch {
        try validation.errors.checkCancellation(in: "entries")
        let limit = try validation.pageSize(for: limit, in: "entries")
        let place = place("entries")
        return try await reading("entries") { state throws(EffectError) in
            try state.entries(beyond: frontier, limit: limit, at: place)
        }
    }

    /// Takes in entries of other journals in one transaction.
    public func merge(_ batch: JournalBatch) async throws(EffectError) -> MergeReceipt {
        try validation.errors.checkCancellation(in: "merge")
        try validation.check(batch)
        let (place, errors) = (place("merge"), validation.errors)
        // Hashed here and not while the head is locked.
        let batch = batch.checkingLinks()
        let receipt = try await changing("merge") { state throws(EffectError) in
            try JournalMerging(state: state, place: place, errors: errors).merge(batch)
        }
        listener.noteCommit()
        return receipt
    }

    // MARK: Verification

    /// Reads the whole journal in pages, checks every row and chain, and compares the head with them.
    public func verify() async throws(EffectError) -> VerificationReport {
        try await verify { _ in }
    }

    /// Like ``verify()``, with the entries checked so far after each page.
    public func verify(
        progress: @Sendable (_ checkedEntries: Int) -> Void
    ) async throws(EffectError) -> VerificationReport {
        let place = place("verify")
        var verifying = JournalVerifying()
        var hasMore = true
        while hasMore {
            try validation.errors.checkCancellation(in: "verify")
            let sofar = verifying
            (verifying, hasMore) = try await reading("verify") { state throws(EffectError) in
                try state.verifyPage(sofar, at: place)
            }
            progress(verifying.checkedEntries)
        }
        let checked = verifying
        return try await reading("verify") { state throws(EffectError) in
            try state.verifyWhole(checked, at: place)
        }
        .finished()
    }

    // MARK: Care

    /// Whose entries the journal writes.
    ///
    /// Whether a database was copied cannot be told from within it: one that was restored beside its original has to be let
    /// ``adopt()`` an origin by whoever restored it.
    public func identity() async throws(EffectError) -> JournalIdentity {
        try validation.errors.checkCancellation(in: "identity")
        let place = place("identity")
        return try await reading("identity") { state throws(EffectError) in
            JournalIdentity(origin: try state.origin(at: place), isCopy: false)
        }
    }

    /// Gives the journal a new origin, for a database that was restored or copied and would fork the chain of its original.
    ///
    /// - Returns: The new origin; entries appended from now on are its, in every process.
    /// - Throws: ``EffectError`` where the database cannot be written.
    @discardableResult
    public func adopt() async throws(EffectError) -> OriginID {
        let place = place("adopt")
        let origin = OriginID(random: context.random)
        try await changing("adopt") { state throws(EffectError) in
            try place.mapping { () throws(PostgreSQLFailure) in
                try JournalOpening(connection: state.connection).adopt(origin)
            }
            state.forget()
        }
        return origin
    }

    /// Refuses: a server's database is copied with the server's own means.
    public func backup(
        to path: String,
        progress: @Sendable (_ copied: Int, _ total: Int) -> Void
    ) async throws(EffectError) {
        throw place("backup")
            .error(
                .unsupported,
                "\(configuration.displayName): a server's database is backed up with the server's own means, pg_dump or "
                    + "pg_basebackup. To move the journal to another handler, copy it."
            )
    }
}
#endif
