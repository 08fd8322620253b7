#if SQLite
internal import AuraEffects
internal import Logging

/// What keeps a database file small and quick: it drops nothing.
struct SQLiteHousekeeping: Sendable {
    /// How often housekeeping looks whether there is something to do.
    static let interval = Duration.seconds(60)

    let time: any TimeEffects
    let logger: Logger

    /// Moves the write-ahead log into the database and refreshes the planner's statistics, until cancelled.
    func run<State>(on session: SQLiteSession<State>, at place: SQLitePlace) async {
        while !Task.isCancelled {
            do throws(EffectError) {
                try await time.sleep(for: Self.interval)
                try await session.keepHouse(at: place)
            } catch {
                if error.code == .cancelled { return }
                logger.warning("Housekeeping failed and is tried again: \(error)")
            }
        }
    }
}

extension SQLiteSession {
    /// Checkpoints and optimizes; another process in the way is no failure.
    func keepHouse(at place: SQLitePlace) throws(EffectError) {
        try maintain(at: place) { connection throws(SQLiteFailure) in
            try connection.execute("PRAGMA optimize")
            // Last, since the statistics are written to the log too.
            _ = try connection.integer("PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// Gives free pages back to the file system; what is in the way is logged and left.
    func vacuum(at place: SQLitePlace, logger: Logger) {
        do throws(EffectError) {
            try maintain(at: place) { connection throws(SQLiteFailure) in try connection.execute("VACUUM") }
        } catch {
            logger.warning("The database was not vacuumed: \(error)")
        }
    }

    private func maintain(
        at place: SQLitePlace,
        _ body: (SQLiteConnection) throws(SQLiteFailure) -> Void
    ) throws(EffectError) {
        do throws(SQLiteFailure) {
            try withConnection(body)
        } catch {
            if !error.isBusy { throw error.effectError(at: place) }
        }
    }
}
#endif
