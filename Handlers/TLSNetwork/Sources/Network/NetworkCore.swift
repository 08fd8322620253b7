#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import Synchronization

/// What the parts of a handler share.
final class NetworkCore: Sendable {
    let configuration: TLSNetworkConfiguration
    let timeouts: ConnectionState.Timeouts
    let time: any TimeEffects
    let random: any RandomEffects
    let logger: Logger
    /// Ends the waits of requests.
    let timer: PolicyTimer
    private let state: Mutex<NetworkState>
    /// The address of this node.
    let localPeer: PeerID
    private let context: Mutex<TLSContext>

    init(_ configuration: TLSNetworkConfiguration, _ context: TLSContext, _ handler: HandlerContext) {
        self.configuration = configuration
        timeouts = ConnectionState.Timeouts(
            handshake: configuration.handshakeTimeout,
            heartbeat: configuration.heartbeat,
            idle: configuration.idleTimeout,
            frame: configuration.frameTimeout,
            drain: configuration.drainTimeout
        )
        time = handler.time
        random = handler.random
        logger = handler.logger
        timer = PolicyTimer(time: handler.time)
        localPeer = context.localPeer
        self.context = Mutex(context)
        let instance = handler.random.nextUInt64()
        state = Mutex(NetworkState(localPeer: context.localPeer, configuration, instance: instance))
    }

    /// What new connections are secured with.
    var currentContext: TLSContext { context.withLock { $0 } }

    /// Secures new connections with another context, and ends those whose peers it does not trust.
    func use(_ next: TLSContext) {
        context.withLock { $0 = next }
        for connection in withState({ Array($0.connections.values) }) { connection.judge(by: next) }
    }

    func withState<Value, Failure: Error>(
        _ body: (inout NetworkState) throws(Failure) -> sending Value
    ) throws(Failure) -> sending Value {
        try state.withLock { state throws(Failure) in try body(&state) }
    }

    /// Ends what is overdue, until the task is cancelled.
    func keepHouse() async {
        let shortest = min(timeouts.handshake, timeouts.heartbeat, timeouts.idle, timeouts.frame, timeouts.drain)
        let pause = max(.milliseconds(5), min(.seconds(1), shortest / 4))
        while (try? await time.sleep(for: pause)) != nil {
            let now = time.monotonicNow
            let connections = withState { state in
                state.forgetRequests(at: now)
                return Array(state.connections.values)
            }
            for connection in connections { connection.look() }
        }
    }

    // MARK: The life of a connection

    /// Counts a connection that begins; `false` where none may begin any more.
    func register(_ connection: Connection, isArriving: Bool) -> Bool {
        let (isTaken, displaced) = withState { state -> (Bool, Connection?) in
            guard !state.isStopping else { return (false, nil) }
            state.connections[connection.number] = connection
            return (true, isArriving ? state.arrive(connection) : nil)
        }
        displaced?.cut("it was not ready before many newer ones came")
        return isTaken
    }

    /// A connection that came from elsewhere is made, or has failed to be.
    func arrived(_ connection: Connection) {
        withState { _ = $0.arriving.remove(connection.number) }
    }

    /// A connection is closed.
    func closed(_ connection: Connection, _ peer: PeerID?) {
        withState { state in
            state.end(connection, peer)
            state.connections[connection.number] = nil
            if state.connections.isEmpty { state.drained?.resolve(()) }
        }
    }
}
#endif
