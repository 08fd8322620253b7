#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// What a session keeps beside its connection.
protocol PostgreSQLSessionState: AnyObject, SendableMetatype {
    init(_ connection: PostgreSQLConnection, _ configuration: PostgreSQLConfiguration)
}

/// A connection on an executor of its own, and what its user keeps beside it: names that were looked up, caches.
///
/// Nothing suspends while a transaction is open, so calls may interleave only between transactions.
actor PostgreSQLSession<State: PostgreSQLSessionState>: PooledConnection {
    private let executor: any SerialExecutor
    private let configuration: PostgreSQLConfiguration
    private let interruption: Interruption
    private let canceller: StatementCanceller
    /// Where a ping fails.
    private let place: PostgreSQLPlace
    private let usability = Mutex(false)
    private var open: (connection: PostgreSQLConnection, state: State)?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    private init(
        _ configuration: PostgreSQLConfiguration,
        _ interruption: Interruption,
        _ executor: any SerialExecutor,
        _ canceller: StatementCanceller,
        _ place: PostgreSQLPlace
    ) {
        self.executor = executor
        self.canceller = canceller
        self.configuration = configuration
        self.interruption = interruption
        self.place = place
    }

    /// Connects.
    ///
    /// - Parameters:
    ///   - configuration: Where to.
    ///   - context: Gives the executor and the time.
    ///   - label: The executor's.
    ///   - place: Where failures happen.
    /// - Returns: The open session.
    /// - Throws: ``EffectError`` where no server lets this client in.
    static func open(
        _ configuration: PostgreSQLConfiguration,
        _ context: HandlerContext,
        label: String,
        at place: PostgreSQLPlace
    ) async throws(EffectError) -> PostgreSQLSession {
        let interruption = try place.mapping { () throws(PostgreSQLFailure) in try Interruption() }
        let executor = context.executors.makeExecutor(label: label)
        let canceller = StatementCanceller(context.executors, label: "\(label).cancel")
        let session = PostgreSQLSession(configuration, interruption, executor, canceller, place)
        let outcome = await withTaskCancellationHandler {
            await session.connect(time: context.time)
        } onCancel: {
            interruption.finish()
        }
        do throws(PostgreSQLFailure) {
            try outcome.get()
        } catch {
            throw error.effectError(at: place, isWrite: false)
        }
        return session
    }

    private func connect(time: any TimeEffects) -> Result<Void, PostgreSQLFailure> {
        let connecting = PostgreSQLConnecting(
            configuration: configuration,
            time: time,
            interruption: interruption,
            canceller: canceller
        )
        do throws(PostgreSQLFailure) {
            let connection = try connecting.connect()
            open = (connection, State(connection, configuration))
            noteUsability(of: connection)
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Whether the connection is open, as far as its last call showed.
    nonisolated var isUsable: Bool { usability.withLock { $0 } }

    private func noteUsability(of connection: PostgreSQLConnection) {
        usability.withLock { $0 = connection.isUsable }
    }

    /// Closes the connection; a call that reads and waits for its answer is interrupted.
    nonisolated func close() async {
        interruption.finish()
        await disconnect()
        canceller.finish()
    }

    private func disconnect() {
        open = nil
        usability.withLock { $0 = false }
    }

    /// Asks the server for nothing, to see whether it is there; within the time that connecting may take.
    func ping() throws(EffectError) {
        let (connection, _) = try opened(at: place)
        defer { noteUsability(of: connection) }
        try place.mapping { () throws(PostgreSQLFailure) in
            _ = try connection.run("SELECT 1", atMost: configuration.connectTimeout)
        }
    }

    private func opened(at place: PostgreSQLPlace) throws(EffectError) -> (
        connection: PostgreSQLConnection, state: State
    ) {
        guard let open else { throw stopped(at: place) }
        return open
    }

    private nonisolated func stopped(at place: PostgreSQLPlace) -> EffectError {
        place.error(.unavailable, "\(place.database): the handler was stopped.", isRetryable: false)
    }

    // MARK: Working

    /// Runs `body` on the connection, on its thread.
    ///
    /// - Throws: What `body` throws; an open transaction is rolled back then.
    func perform<Result: Sendable>(
        at place: PostgreSQLPlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) throws(EffectError) -> Result {
        let (connection, state) = try opened(at: place)
        defer { noteUsability(of: connection) }
        do throws(EffectError) {
            return try body(state)
        } catch {
            connection.rollBack()
            throw error
        }
    }

    /// Like ``perform(at:_:)`` for a body that only reads: a cancellation ends its statement on the server.
    nonisolated func performInterruptibly<Result: Sendable>(
        at place: PostgreSQLPlace,
        _ body: @Sendable (State) throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let call = interruption.begin()
        let interruption = interruption
        let outcome = await withTaskCancellationHandler {
            await attempt(at: place, body)
        } onCancel: {
            interruption.interrupt(call)
        }
        do throws(EffectError) {
            return try outcome.get()
        } catch {
            if Task.isCancelled { throw place.error(.cancelled, "The task was cancelled while the server worked.") }
            if interruption.isFinished { throw stopped(at: place) }
            throw error
        }
    }

    private func attempt<Value: Sendable>(
        at place: PostgreSQLPlace,
        _ body: @Sendable (State) throws(EffectError) -> Value
    ) -> Result<Value, EffectError> {
        do throws(EffectError) {
            return .success(try perform(at: place, body))
        } catch {
            return .failure(error)
        }
    }
}
#endif
