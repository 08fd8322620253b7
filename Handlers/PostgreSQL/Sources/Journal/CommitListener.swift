#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Listens for the commits of other processes on a session of its own, once anybody waits for them.
///
/// What it hears only wakes; while it has no connection, subscribers go on polling.
struct CommitListener: Sendable {
    private let configuration: PostgreSQLConfiguration
    private let context: HandlerContext
    private let place: PostgreSQLPlace
    private let watcher: ChangeWatcher

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
    }

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
    /// - Returns: Whether there was one.
    private func listen() async -> Bool {
        let session: PostgreSQLSession<ListenerState>
        do throws(EffectError) {
            session = try await PostgreSQLSession.open(configuration, context, label: "aura.journal.l", at: place)
        } catch {
            return false
        }
        do throws(EffectError) {
            let (place, watcher) = (place, watcher)
            try await session.performInterruptibly(at: place) { state throws(EffectError) in
                try place.mapping { () throws(PostgreSQLFailure) in try state.listen() }
            }
            while true {
                try await session.performInterruptibly(at: place) { state throws(EffectError) in
                    try place.mapping { () throws(PostgreSQLFailure) in
                        if try state.connection.waitForNotification(atMost: Self.patience) {
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
