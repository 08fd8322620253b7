#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import CSQLite

/// Copies a database while it is in use, by SQLite's online backup on a connection of its own.
///
/// Source: https://sqlite.org/backup.html
struct SQLiteBackup: Sendable {
    /// How many pages one step copies: 4 MiB with the usual page size.
    private static let pagesPerStep: Int32 = 1024

    let configuration: SQLiteConfiguration
    let context: HandlerContext
    let place: SQLitePlace

    private var files: any DatabaseFiles { context.databaseFiles }

    func run(to path: String, progress: @Sendable (Int, Int) -> Void) async throws(EffectError) {
        if let own = files.number(of: configuration.path), own == files.number(of: path) {
            throw place.error(.invalidArgument, "\(path) is the database itself; name another file.")
        }
        let session = SQLiteSession(.reader, configuration, context, label: "aura.backup") { BackupSource($0) }
        try await session.start(at: place)
        let partial = path + ".partial"
        files.remove(partial)
        do throws(EffectError) {
            // The open transaction pins one state: commits meanwhile do not restart the copy.
            try await session.view(at: place) { source throws(EffectError) in
                try copy(source.connection, to: partial, progress: progress)
                guard files.replace(path, with: partial) else {
                    throw place.error(.permissionDenied, "\(path): the copy could not be moved here; check the folder.")
                }
            }
        } catch {
            files.remove(partial)
            await session.close()
            throw error
        }
        await session.close()
    }

    private func copy(
        _ source: SQLiteConnection,
        to path: String,
        progress: (Int, Int) -> Void
    ) throws(EffectError) {
        files.prepare(path)
        let target = try place.mapping { () throws(SQLiteFailure) in
            _ = try source.integer("SELECT count(*) FROM sqlite_master")
            let target = try SQLiteConnection(path: path, access: .readWriteCreate, vfs: files.vfs)
            try target.execute("PRAGMA synchronous = FULL")
            return target
        }
        guard let backup = unsafe sqlite3_backup_init(target.handle, "main", source.handle, "main") else {
            throw target.failure(SQLITE_ERROR).effectError(at: place)
        }
        // SQLite does not keep the target alive by itself.
        let code = withExtendedLifetime(target) {
            var code: Int32
            repeat {
                code = unsafe sqlite3_backup_step(backup, Self.pagesPerStep)
                let total = unsafe Int(sqlite3_backup_pagecount(backup))
                let rest = unsafe Int(sqlite3_backup_remaining(backup))
                progress(total - rest, total)
            } while code == SQLITE_OK && !Task.isCancelled
            unsafe sqlite3_backup_finish(backup)
            return code
        }
        if code == SQLITE_OK { throw place.error(.cancelled, "The backup was cancelled.") }
        guard code == SQLITE_DONE else {
            throw SQLiteFailure(code: SQLiteResultCode(rawValue: code), text: "The backup stopped.")
                .effectError(at: place)
        }
    }
}

private final class BackupSource: SQLiteSessionState {
    let connection: SQLiteConnection

    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }

    func discardCaches() {}
}
#endif
