#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

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
    private let time: any TimeEffects
    private var open: (connection: SQLiteConnection, state: State)?
    private let waitingReads = Mutex<[WaitingRead<State>]>([])

    private static var mostReadsOfGroup: Int { 16 }
    /// A group ends after this time, so that nobody waits long for what others read.
    private static var longestGroup: Duration { .milliseconds(1) }

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
        time = context.time
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
            [cache, "journal_mode = WAL", "wal_autocheckpoint = \(configuration.checkpointPages)", synchronousSetting]
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

    /// Runs `body`, which reads, with one consistent view of the data, alone and on the caller's task: for long reads that look
    /// at the task's cancellation.
    func view<Value: Sendable>(
        at place: SQLitePlace,
        _ body: @Sendable (State) throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        let (connection, state) = try opened(at: place)
        return try await retry.run(at: place) { () throws(EffectError) in
            try place.mapping { () throws(SQLiteFailure) in try connection.statement("BEGIN").run() }
            defer { connection.rollBack() }
            return try body(state)
        }
    }

    /// Runs `body`, which reads, in one transaction with other reads that wait.
    ///
    /// Beginning and ending a transaction takes a good part of a small read's time, and so does waking its caller: those of a
    /// group are woken together. `needsTransaction` says whether `body` needs one also where no other read waits.
    nonisolated func read<Value: Sendable>(
        at place: SQLitePlace,
        needsTransaction: Bool,
        _ body: @escaping @Sendable (State) throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        let read = WaitingValue(at: place, needsTransaction: needsTransaction, body)
        waitingReads.withLock { $0.append(read) }
        return try await answer(to: read, at: place)
    }

    private func answer<Value: Sendable>(
        to read: WaitingValue<State, Value>,
        at place: SQLitePlace
    ) async throws(EffectError) -> Value {
        let (connection, state) = try opened(at: place)
        var isWaiting = true
        return try await retry.run(at: place) { () throws(EffectError) in
            if !isWaiting { waitingReads.withLock { $0.append(read) } }
            isWaiting = false
            while true {
                if let answer = read.takeAnswer() { return try answer.get() }
                carryOutGroup(on: connection, state)
            }
        }
    }

    /// Carries out the first of the reads that wait.
    ///
    /// All of them were called before the transaction begins, so that each sees what was written before its call.
    private func carryOutGroup(on connection: SQLiteConnection, _ state: State) {
        let group = waitingReads.withLock { waiting in
            let group = Array(waiting.prefix(Self.mostReadsOfGroup))
            waiting.removeFirst(group.count)
            return group
        }
        if group.count > 1 || group.contains(where: { $0.needsTransaction }) {
            do {
                try connection.statement("BEGIN").run()
            } catch {
                for read in group { read.fail(error) }
                return
            }
        }
        defer { connection.rollBack() }
        let end = time.monotonicNow.advanced(by: Self.longestGroup)
        for (index, read) in group.enumerated() {
            if index > 0, time.monotonicNow >= end {
                waitingReads.withLock { $0.insert(contentsOf: group[index...], at: 0) }
                return
            }
            read.run(state)
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
