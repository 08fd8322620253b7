#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Lends connections to callers, and opens, pings and closes them as a ``PoolState`` says.
///
/// Whoever starts a pool closes it. A caller that finds an idle connection takes one lock to get it and one to give it
/// back, and starts no task.
final class ConnectionPool<Connection: PooledConnection>: Sendable {
    /// Opens a connection, within a time that it sets itself; cancelled when the pool closes.
    ///
    /// An error that is retryable keeps callers waiting for a later attempt; any other fails them where nothing is open.
    typealias Opener = @Sendable () async throws(EffectError) -> Connection

    private typealias Core = PoolCore<Connection>

    private let core: Mutex<Core>
    private let configuration: PoolConfiguration
    private let errors: HandlerErrors
    private let time: any TimeEffects
    private let random: any RandomEffects
    private let opener: Opener
    private let timer: PoolTimer
    /// Openings, pings and the timer: of no use once the pool closes.
    private let attendants = PoolTasks()
    private let closings = PoolTasks()

    /// Creates a pool, which opens nothing before it is started.
    ///
    /// - Parameters:
    ///   - configuration: How many connections it keeps, and for how long.
    ///   - errors: Makes the errors of callers that get no connection.
    ///   - time: Where deadlines and pauses come from.
    ///   - random: Varies the pauses between attempts to open a connection.
    ///   - metrics: Where the pool reports its connections and the callers that wait.
    ///   - opener: Opens a connection.
    init(
        _ configuration: PoolConfiguration,
        errors: HandlerErrors,
        time: any TimeEffects,
        random: any RandomEffects,
        metrics: PoolMetrics = .none,
        opener: @escaping Opener
    ) {
        core = Mutex(Core(configuration, metrics))
        self.configuration = configuration
        self.errors = errors
        self.time = time
        self.random = random
        self.opener = opener
        timer = PoolTimer(time: time)
    }

    /// How many connections there are in each phase, and how many callers wait.
    var counts: PoolCounts {
        core.withLock { $0.state.counts }
    }

    // MARK: Starting and closing

    /// Begins to serve, and opens the minimum of connections without waiting for them.
    func start() {
        guard core.withLock({ $0.state.phase == .notStarted }) else { return }
        attendants.run()
        closings.run()
        attendants.start { [self] in
            await timer.run {
                core.withLock { $0.state.timer }
            } fire: {
                handle(.timerFired)
            }
        }
        handle(.started)
    }

    /// Lends no more connections and fails the callers that wait; returns once those that are lent have come back and all
    /// are closed.
    func close() async {
        handle(.drain)
        attendants.cancel()
        await attendants.wait()
        await closings.wait()
    }

    // MARK: Lending

    /// Lends a connection to `body`, as soon as one is free.
    ///
    /// - Parameters:
    ///   - operation: The operation's name, for errors.
    ///   - deadline: How long to wait for a connection at most; never longer than the pool's own limit.
    ///   - body: Works with the connection, which it does not keep. The connection's ``PooledConnection/isUsable`` then
    ///     says whether it can be used again. A local function is called where the caller runs; a closure literal with a
    ///     typed throw hops to the global executor first.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws. `cancelled` when the task is cancelled while it waits; `resourceExhausted` or
    ///   `unavailable` where no connection is free in time; `unavailable` once the pool is closed; what the opener threw
    ///   where that is not retryable and nothing is open.
    func withConnection<Result>(
        in operation: String,
        deadline: MonotonicInstant? = nil,
        _ body: (Connection) async throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let lease = try await lease(in: operation, deadline: deadline)
        defer { giveBack(lease) }
        return try await body(lease.connection)
    }

    private func lease(
        in operation: String,
        deadline: MonotonicInstant?
    ) async throws(EffectError) -> PoolLease<Connection> {
        try errors.checkCancellation(in: operation)
        let now = time.monotonicNow
        if let lease = core.withLock({ $0.leaseAtOnce(now: now) }) { return lease }
        let lease: PoolLease<Connection>
        do throws(PoolRefusal) {
            lease = try await waitForLease(until: deadline).get()
        } catch {
            throw error.error(in: operation, errors, configuration)
        }
        // The connection may have come just before the cancellation.
        guard !Task.isCancelled else {
            giveBack(lease)
            throw errors.cancelled(in: operation)
        }
        return lease
    }

    private func giveBack(_ lease: PoolLease<Connection>) {
        handle(.returned(lease.id, isUsable: lease.connection.isUsable))
    }

    private func waitForLease(until deadline: MonotonicInstant?) async -> Core.Answer {
        let waiter = core.withLock { $0.makeWaiter() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                let now = time.monotonicNow
                let steps = core.withLock { core in
                    // A cancellation before this point finds nothing to withdraw, so it is looked at here, inside the lock.
                    Task.isCancelled
                        ? [.answer(caller, .failure(.withdrawn))]
                        : core.lease(caller, as: waiter, until: deadline, now: now)
                }
                perform(steps)
            }
        } onCancel: {
            handle(.leaseWithdrawn(waiter))
        }
    }

    // MARK: Carrying out

    private func handle(_ event: PoolEvent) {
        let now = time.monotonicNow
        perform(core.withLock { $0.handle(event, now: now) })
    }

    private func perform(_ steps: [Core.Step]) {
        for step in steps {
            switch step {
            case .answer(let caller, let answer):
                caller.resume(returning: answer)
            case .open(let id):
                attendants.start { [self] in await open(id) }
            case .ping(let id, let connection):
                attendants.start { [self] in await ping(connection, id) }
            case .close(let id, let connection):
                closings.start { [self] in
                    await connection.close()
                    handle(.closed(id))
                }
            case .timerMoved:
                timer.notify()
            case .drained:
                // The timer runs to the end.
                attendants.cancel()
                attendants.finish()
                closings.finish()
            }
        }
    }

    private func open(_ id: PoolConnectionID) async {
        do throws(EffectError) {
            let connection = try await opener()
            let now = time.monotonicNow
            perform(core.withLock { $0.takeIn(connection, as: id, now: now) })
        } catch {
            let jitter = Double(random.nextUInt64() >> 11) * 0x1p-53
            handle(.openingFailed(id, error, jitter: jitter))
        }
    }

    private func ping(_ connection: Connection, _ id: PoolConnectionID) async {
        do throws(EffectError) {
            try await connection.ping()
            handle(.pingFinished(id, isAlive: connection.isUsable))
        } catch {
            handle(.pingFinished(id, isAlive: false))
        }
    }
}
#endif
