#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// What a session keeps beside its connection.
protocol SQLiteSessionState: AnyObject, SendableMetatype {
    /// A write transaction was rolled back: what was remembered of it is wrong.
    func discardCaches()
}

/// A connection on an executor of its own, and what its user keeps beside it: prepared rows, caches.
///
/// Nothing suspends while a transaction is open, so calls may interleave only between transactions.
actor SQLiteSession<State: SQLiteSessionState> {
    enum Role {
        case writer
        case reader
    }

    private let executor: any SerialExecutor
    private let configuration: SQLiteConfiguration
    private let role: Role
    private let retry: LockRetry
    private let files: any DatabaseFiles
    private let makeState: @Sendable (SQLiteConnection) -> State
    private var open: (connection: SQLiteConnection, state: State)?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(
        _ role: Role,
        _ configuration: SQLiteConfiguration,
        _ context: HandlerContext,
        label: String,
        makeState: @escaping @Sendable (SQLiteConnection) -> State
    ) {
        executor = context.executors.makeExecutor(label: label)
        self.role = role
        self.configuration = configuration
        files = context.databaseFiles
        self.makeState = makeState
        retry = LockRetry(time: context.time, random: context.random, timeout: configuration.lockTimeout)
    }

    // MARK: Opening and closing

    /// Opens the file; a writer brings its schema up to date.
    func start(at place: SQLitePlace) async throws(EffectError) {
        if role == .writer { files.prepare(configuration.path) }
        let connection = try place.mapping { () throws(SQLiteFailure) in
            try SQLiteConnection(
                path: configuration.path,
                access: role == .writer ? .readWriteCreate : .readOnly,
                vfs: files.vfs
            )
        }
        // Before anything is set, so that a file of somebody else is left as it is.
        try await retry.run(at: place) { () throws(EffectError) in
            // In one view of the file: another process may be making its tables just now.
            try place.mapping { () throws(SQLiteFailure) in try connection.execute("BEGIN") }
            defer { connection.rollBack() }
            _ = try SQLiteSchema.check(connection, at: place)
        }
        for pragma in pragmas {
            try await retry.run(at: place) { () throws(EffectError) in
                try place.mapping { () throws(SQLiteFailure) in try connection.execute("PRAGMA \(pragma)") }
            }
        }
        if role == .writer { try await migrate(connection, at: place) }
        open = (connection, makeState(connection))
    }

    private var pragmas: [String] {
        let cache = "cache_size = -\(configuration.cacheSize(isWriter: role == .writer).bytes / 1024)"
        return switch role {
        case .writer:
            [cache, "journal_mode = WAL", synchronousSetting]
        case .reader: [cache, "query_only = ON"]
        }
    }

    private func migrate(_ connection: SQLiteConnection, at place: SQLitePlace) async throws(EffectError) {
        try await begin(connection, at: place)
        do {
            try SQLiteSchema.migrate(connection, at: place)
            try place.mapping { () throws(SQLiteFailure) in try connection.execute("COMMIT") }
        } catch {
            connection.rollBack()
            throw error
        }
    }

    private func begin(_ connection: SQLiteConnection, at place: SQLitePlace) async throws(EffectError) {
        try await retry.run(at: place) { () throws(EffectError) in
            try place.mapping { () throws(SQLiteFailure) in try connection.statement("BEGIN IMMEDIATE").run() }
        }
    }

    /// Closes the file; later calls throw `unavailable`.
    func close() {
        open = nil
    }

    private func opened(at place: SQLitePlace) throws(EffectError) -> (connection: SQLiteConnection, state: State) {
        guard let open else {
            throw place.error(.unavailable, "\(place.file): the handler was stopped.", isRetryable: false)
        }
        return open
    }

    // MARK: Working

    /// Lends the connection, outside of a transaction; does nothing once closed.
    func withConnection(_ body: (SQLiteConnection) throws(SQLiteFailure) -> Void) throws(SQLiteFailure) {
        if let open { try body(open.connection) }
    }

    /// Runs `body` on the connection outside of a transaction: for a single statement that reads.
    func perform<Result: Sendable>(
        at place: SQLitePlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let (_, state) = try opened(at: place)
        return try await retry.run(at: place) { () throws(EffectError) in try body(state) }
    }

    /// Runs `body`, which reads, with one consistent view of the data.
    func read<Result: Sendable>(
        at place: SQLitePlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let (connection, state) = try opened(at: place)
        return try await retry.run(at: place) { () throws(EffectError) in
            try place.mapping { () throws(SQLiteFailure) in try connection.statement("BEGIN").run() }
            defer { connection.rollBack() }
            return try body(state)
        }
    }

    /// Like ``write(at:_:)``, synced to disk also where commits are not.
    func writeDurably<Result: Sendable>(
        at place: SQLitePlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let (connection, _) = try opened(at: place)
        try place.mapping { () throws(SQLiteFailure) in try connection.execute("PRAGMA synchronous = FULL") }
        let result = try await write(at: place, body)
        // Where the write failed, the session is not used any further or goes on more slowly.
        try place.mapping { () throws(SQLiteFailure) in try connection.execute("PRAGMA \(synchronousSetting)") }
        return result
    }

    private var synchronousSetting: String {
        "synchronous = \(configuration.synchronous.rawValue.uppercased())"
    }

    /// Runs `body` in a transaction that is committed once it returns.
    ///
    /// - Throws: What `body` throws, after a roll-back; `unavailable` where the lock cannot be had in time; an error with
    ///   outcome `unknown` where the commit itself failed in a way that leaves it open.
    func write<Result: Sendable>(
        at place: SQLitePlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let (connection, state) = try opened(at: place)
        try await begin(connection, at: place)
        var isCommitted = false
        defer {
            if !isCommitted {
                // Where SQLite has rolled back on its own, the caches are wrong all the same.
                connection.rollBack()
                state.discardCaches()
            }
        }
        // The handler may have been stopped while this waited for the lock.
        guard try opened(at: place).connection === connection else {
            throw place.error(.unavailable, "\(place.file): the handler was stopped.", isRetryable: false)
        }
        let result = try body(state)
        do throws(SQLiteFailure) {
            try connection.statement("COMMIT").run()
        } catch {
            // A full disk is noticed before the commit record is written; after a failed sync it may have reached the disk.
            throw error.effectError(at: place, outcome: .ioError ~= error.code ? .unknown : .notApplied)
        }
        isCommitted = true
        return result
    }
}
#endif
