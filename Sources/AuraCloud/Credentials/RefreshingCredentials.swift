public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Credentials that may end at some time.
public protocol ExpiringCredentials: Sendable {
    /// When they end; `nil` for never.
    var expires: WallTime? { get }
}

/// Keeps credentials fresh: they are fetched anew some time before they end, by one fetch at a time.
///
/// Whoever asks meanwhile gets those that are still good; only where there are none does anybody wait.
public final class RefreshingCredentials<Credentials: ExpiringCredentials>: Sendable {
    /// Fetches credentials; bounded in time.
    public typealias Fetch = @Sendable () async throws(EffectError) -> Credentials

    private typealias Answer = Result<Credentials, EffectError>

    private struct State {
        var current: Credentials?
        var refresh: Task<Void, Never>?
        var waiters: [OneShot<Answer>] = []
        /// No fetch ahead of time before this, so that a source is not asked again and again.
        var nextTry = MonotonicInstant(nanoseconds: .min)
        var isStopped = false
    }

    private let time: any TimeEffects
    private let ahead: Duration
    private let fetch: Fetch
    private let state = Mutex(State())

    /// Below this, credentials count as ended: a request takes its time.
    private static var leastLeft: Duration { .seconds(10) }
    private static var pause: Duration { .seconds(30) }

    /// Creates an empty keeper.
    ///
    /// - Parameters:
    ///   - time: The clock that credentials end by.
    ///   - ahead: How long before their end they are fetched anew.
    ///   - fetch: Fetches them.
    public init(time: any TimeEffects, ahead: Duration = .seconds(300), fetch: @escaping Fetch) {
        self.time = time
        self.ahead = ahead
        self.fetch = fetch
    }

    /// Credentials that are good now.
    ///
    /// - Returns: The credentials.
    /// - Throws: What the fetch throws, where there are none that are still good; `cancelled`.
    public func current() async throws(EffectError) -> Credentials {
        let waiter = OneShot<Answer>()
        if let credentials = look(waiter) { return try credentials.get() }
        let cancelled = EffectError(.cancelled, "The task was cancelled while it waited for credentials.")
        return try await waiter.value(orWhenCancelled: .failure(cancelled)).get()
    }

    /// What can be said at once; `nil` where the waiter is resolved later.
    private func look(_ waiter: OneShot<Answer>) -> Answer? {
        state.withLock { state in
            if state.isStopped { return .failure(Self.stopped) }
            let left = state.current.map(timeLeft) ?? .zero
            if let current = state.current, left > ahead { return .success(current) }
            let isGood = left > Self.leastLeft
            if state.refresh == nil, !isGood || time.monotonicNow >= state.nextTry {
                // It is everybody's: the deadline of who came first is not.
                state.refresh = Task.detached { await self.refresh() }
            }
            if let current = state.current, isGood { return .success(current) }
            state.waiters.append(waiter)
            return nil
        }
    }

    private func timeLeft(_ credentials: Credentials) -> Duration {
        guard let expires = credentials.expires else { return .seconds(Int64.max / 4) }
        return .nanoseconds(expires.nanosecondsSinceEpoch) - .nanoseconds(time.now.nanosecondsSinceEpoch)
    }

    private func refresh() async {
        let answer: Answer
        do throws(EffectError) {
            answer = .success(try await fetch())
        } catch {
            answer = .failure(error)
        }
        let waiters = state.withLock { state in
            state.refresh = nil
            // Also after a success: credentials may be handed out that end soon.
            state.nextTry = time.monotonicNow.advanced(by: Self.pause)
            if case .success(let credentials) = answer { state.current = credentials }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resolve(answer) }
    }

    /// Drops the credentials that a service refused; the next call fetches others.
    ///
    /// - Parameter isRefused: Whether credentials are those that were refused; others have come meanwhile where not.
    public func drop(where isRefused: (Credentials) -> Bool) {
        state.withLock { state in
            if let current = state.current, isRefused(current) { state.current = nil }
        }
    }

    private static var stopped: EffectError {
        EffectError(.unavailable, "The handler was stopped.", isRetryable: false)
    }

    /// Ends the fetch that is under way; whoever waits for it fails.
    public func stop() async {
        let (task, waiters) = state.withLock { state in
            state.isStopped = true
            defer { state.waiters = [] }
            return (state.refresh, state.waiters)
        }
        for waiter in waiters { waiter.resolve(.failure(Self.stopped)) }
        task?.cancel()
        await task?.value
    }
}
