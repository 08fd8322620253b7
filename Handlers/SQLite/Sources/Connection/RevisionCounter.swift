#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// The counter of a table's revisions: beside the values, so that a revision does not come back after its value was removed.
final class RevisionCounter {
    private let connection: SQLiteConnection
    private let table: String

    /// The counter as long as no other connection has written.
    private var known: (dataVersion: Int64, lastRevision: UInt64, keptRevision: UInt64)?

    /// Creates a counter that is kept in a table of one row and one column `last_revision`.
    init(_ connection: SQLiteConnection, table: String) {
        self.connection = connection
        self.table = table
    }

    /// A write transaction was rolled back: what was counted in it does not count.
    func discard() {
        known = nil
    }

    /// The next revision; inside a write transaction.
    func next() throws(SQLiteFailure) -> UInt64 {
        let version = try connection.dataVersion()
        if known?.dataVersion != version {
            let last = try lastRevision()
            known = (version, last, last)
        }
        let next = (known?.lastRevision ?? 0) + 1
        known?.lastRevision = next
        return next
    }

    /// Keeps the counter; the last step of every transaction that applied something.
    func keep(at place: SQLitePlace) throws(EffectError) {
        guard let known, known.lastRevision != known.keptRevision else { return }
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try connection.statement("UPDATE \(table) SET last_revision = ?")
            statement.bind(known.lastRevision, at: 1)
            try statement.run()
        }
        self.known?.keptRevision = known.lastRevision
    }

    // MARK: Files whose commits a crash may lose

    /// How far an opening goes beyond the counter where commits may have been lost: further than any run ever counts.
    private static let lossStep: UInt64 = 1 << 32

    /// Whether a crash may have lost revisions that were issued, or may lose those to come.
    func mayHaveLost(isDurable: Bool, at place: SQLitePlace) throws(EffectError) -> Bool {
        if !isDurable { return true }
        return try place.mapping { () throws(SQLiteFailure) in try lastRevision() >= Self.lossStep }
    }

    /// Goes on with the next multiple of the step; in a transaction that is synced.
    func skip(at place: SQLitePlace) throws(EffectError) {
        try place.mapping { () throws(SQLiteFailure) in
            let last = try lastRevision()
            known = (try connection.dataVersion(), (last / Self.lossStep + 1) * Self.lossStep, last)
        }
        try keep(at: place)
    }

    private func lastRevision() throws(SQLiteFailure) -> UInt64 {
        let counter = try connection.statement("SELECT last_revision FROM \(table)")
        guard let last = try counter.firstRow({ $0.uint64(0) }) else {
            throw SQLiteFailure(code: .corrupt, text: "The counter of revisions is missing.")
        }
        return last
    }
}

/// A state whose values have revisions.
protocol RevisedState: SQLiteSessionState {
    var revisions: RevisionCounter { get }
}

extension SQLiteSession where State: RevisedState {
    /// Goes beyond every revision that a crash of the machine may have lost together with its commit.
    ///
    /// That can only happen to a file that was ever opened without ``SQLiteConfiguration/Synchronous/full``.
    func skipLostRevisions(isDurable: Bool, at place: SQLitePlace) async throws(EffectError) {
        let isNeeded = try await perform(at: place) { state throws(EffectError) in
            try state.revisions.mayHaveLost(isDurable: isDurable, at: place)
        }
        guard isNeeded else { return }
        try await writeDurably(at: place) { state throws(EffectError) in try state.revisions.skip(at: place) }
    }
}
#endif
