#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Listens for the commits of other processes on a session of its own, once anybody waits for them, and tells them of those
/// of this process.
///
/// What it hears only wakes; while it has no connection, subscribers go on polling. What it tells is no part of an append's
/// transaction: of all that notify, the server commits only one at a time.
struct CommitListener: Sendable {
    private let configuration: PostgreSQLConfiguration
    private let context: HandlerContext
    private let place: PostgreSQLPlace
    private let watcher: ChangeWatcher
    private let committed = ChangeSignal()
    /// What this process's notifications carry.
    private let mark: String

    /// Commits that follow one another more closely are told together.
    private static let announcementInterval = Duration.milliseconds(10)

    /// How long one wait for a notification takes; then the connection is looked at.
    private static let patience = Duration.seconds(30)
    private static let firstPause = Duration.milliseconds(500)
    private static let longestPause = Duration.seconds(30)

    init(
        _ configuration: PostgreSQLConfiguration,
        _ context: HandlerContext,
        place: PostgreSQLPlace,
        watcher: ChangeWatcher
    ) {
        self.configuration = configuration
        self.context = context
        self.place = place
        self.watcher = watcher
        mark = String(context.random.nextUInt64(), radix: 16)
    }

    // MARK: Telling

    /// Says that this process has committed.
    func noteCommit() {
        watcher.notify()
        committed.notify()
    }

    /// Tells other processes of commits until cancelled.
    ///
    /// - Parameter tell: Runs a statement on some session; it may fail.
    func announce(_ tell: (_ channel: String, _ mark: String) async throws(EffectError) -> Void) async {
        var told: UInt64 = 0
        do throws(EffectError) {
            while true {
                try await committed.wait(beyond: told)
                told = committed.generation
                do throws(EffectError) {
                    try await tell(configuration.channel, mark)
                } catch {
                    // They poll besides.
                    if error.code == .cancelled { throw error }
                }
                try await context.time.sleep(for: Self.announcementInterval)
            }
        } catch {
            // Cancelled or stopped.
        }
    }

    // MARK: Listening

    /// Listens until cancelled.
    func run() async {
        var pause = Self.firstPause
        do throws(EffectError) {
            try await watcher.waitForDemand()
            while true {
                // A connection that held for a while is a new beginning.
                if await listen() { pause = Self.firstPause }
                try await context.time.sleep(for: pause)
                pause = min(pause * 2, Self.longestPause)
            }
        } catch {
            // Cancelled or stopped.
        }
    }

    /// Listens as long as the connection holds.
    ///
    /// - Returns: Whether the server let it listen, which a standby does not.
    private func listen() async -> Bool {
        let session: PostgreSQLSession<ListenerState>
        do throws(EffectError) {
            session = try await PostgreSQLSession.open(configuration, context, label: "aura.journal.l", at: place)
        } catch {
            return false
        }
        do throws(EffectError) {
            let place = place
            try await session.performInterruptibly(at: place) { state throws(EffectError) in
                try place.mapping { () throws(PostgreSQLFailure) in try state.listen() }
            }
        } catch {
            await session.close()
            return false
        }
        do throws(EffectError) {
            let (place, watcher, mark) = (place, watcher, mark)
            while true {
                try await session.performInterruptibly(at: place) { state throws(EffectError) in
                    try place.mapping { () throws(PostgreSQLFailure) in
                        if try state.connection.waitForNotification(atMost: Self.patience, except: mark) {
                            watcher.notify()
                        } else {
                            _ = try state.connection.run("SELECT 1")
                        }
                    }
                }
            }
        } catch {
            await session.close()
            return true
        }
    }
}

private final class ListenerState: PostgreSQLSessionState {
    let connection: PostgreSQLConnection
    private let channel: String

    init(_ connection: PostgreSQLConnection, _ configuration: PostgreSQLConfiguration) {
        self.connection = connection
        channel = configuration.channel
    }

    func listen() throws(PostgreSQLFailure) {
        _ = try connection.run("LISTEN \"\(channel)\"")
    }
}
#endif
