#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Puts a backup in the place of a journal that nobody has open.
///
/// The backup is only read. Its copy is checked and given an origin of its own before it stands where applications open it:
/// at no moment can one go on writing under the origin of the journal that was backed up.
struct SQLiteJournalRestore {
    let configuration: SQLiteConfiguration
    let context: HandlerContext

    private var files: any DatabaseFiles { context.databaseFiles }

    private var place: SQLitePlace {
        SQLitePlace(effect: JournalEffect.name, operation: "restore", file: configuration.path)
    }

    func run(
        from backup: String,
        _ progress: HandlerDeclaration.RestoreProgress
    ) async throws(EffectError) -> RestoreReceipt {
        let lock = try lock()
        let restoring = configuration.path + ".restoring"
        files.remove(restoring)
        do throws(EffectError) {
            try await copy(backup, to: restoring, progress)
            let (entryCount, origin) = try await settle(restoring, from: backup, progress)
            let keptAside = lock == nil ? nil : files.freeName(configuration.path + ".replaced")
            guard files.exchange(configuration.path, with: restoring, keepingAs: keptAside) else {
                throw place.error(
                    .permissionDenied,
                    "\(place.file): the backup could not be moved here; check the folder."
                )
            }
            return withExtendedLifetime(lock) {
                RestoreReceipt(entryCount: entryCount, origin: origin, keptAside: keptAside)
            }
        } catch {
            files.remove(restoring)
            throw error
        }
    }

    /// Keeps other processes away from the journal that is there; `nil` where there is none.
    private func lock() throws(EffectError) -> (any Sendable)? {
        guard files.number(of: configuration.path) != nil else { return nil }
        do throws(SQLiteFileLock.Failure) {
            return try files.lock(configuration.path)
        } catch {
            switch error {
            case .inUse(let process):
                let user = process.map { "process \($0)" } ?? "another handler"
                throw place.error(
                    .unavailable,
                    "\(place.file): \(user) has the journal open; stop it and restore again. Nothing has changed."
                )
            case .cannotOpen:
                throw place.error(
                    .permissionDenied,
                    "\(place.file): the file that is there cannot be opened; check its permissions. Nothing has changed."
                )
            }
        }
    }

    private func copy(
        _ backup: String,
        to path: String,
        _ progress: HandlerDeclaration.RestoreProgress
    ) async throws(EffectError) {
        guard let number = files.number(of: backup) else {
            throw place.error(.notFound, "There is no \(backup): name the backup's file.")
        }
        guard number != files.number(of: configuration.path) else {
            throw place.error(.invalidArgument, "\(backup) is the journal itself; name a backup of it.")
        }
        var source = configuration
        source.path = backup
        let sourcePlace = SQLitePlace(effect: place.effect, operation: place.operation, file: backup)
        try await SQLiteBackup(configuration: source, context: context, place: sourcePlace)
            .run(to: path) { progress("pages copied", $0, $1) }
        let session = SQLiteSession(.reader, copied(to: path), context, label: "aura.restore") { RestoredFile($0) }
        try await session.start(at: sourcePlace)
        let hasJournal = try await session.view(at: sourcePlace) { file throws(EffectError) in
            try sourcePlace.mapping { () throws(SQLiteFailure) in try file.hasJournal }
        }
        await session.close()
        guard hasJournal else {
            throw sourcePlace.error(.invalidArgument, "\(backup) holds no journal; name the backup of one.")
        }
    }

    /// Checks the copy and gives it an origin of its own.
    private func settle(
        _ path: String,
        from backup: String,
        _ progress: HandlerDeclaration.RestoreProgress
    ) async throws(EffectError) -> (Int, OriginID) {
        var context = context
        // That it is a copy is what this is about.
        context.logger.logLevel = .error
        let journal = try await SQLiteJournalHandler.open(copied(to: path), context)
        do throws(EffectError) {
            // A damaged head has no frontier; the verification says so, with the place.
            let heads = (try? await journal.frontier())?.heads.values.map(\.sequence) ?? []
            let total = heads.reduce(0) { $0 + Int(clamping: $1) }
            let report = try await journal.verify { progress("entries checked", $0, total) }
            if let problem = report.problems.first {
                throw place.error(
                    .corrupted,
                    "\(backup) is damaged; the first of its problems (\(report.problems.count)): \(problem). Restore another "
                        + "backup. Nothing has changed."
                )
            }
            let origin = try await journal.adopt()
            await journal.close()
            return (report.checkedEntries, origin)
        } catch {
            await journal.close()
            throw error
        }
    }

    private func copied(to path: String) -> SQLiteConfiguration {
        var configuration = configuration
        configuration.path = path
        configuration.synchronous = .full
        return configuration
    }
}

private final class RestoredFile: SQLiteSessionState {
    private let connection: SQLiteConnection

    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }

    /// Whether the file is a journal that was opened once: an empty file and somebody else's have no origin.
    var hasJournal: Bool {
        get throws(SQLiteFailure) {
            let tables = try connection.integer("SELECT count(*) FROM sqlite_master WHERE name = 'journal_origins'")
            guard tables == 1 else { return false }
            return try connection.integer("SELECT count(*) FROM journal_origins WHERE is_local = 1") == 1
        }
    }

    func discardCaches() {}
}
#endif
