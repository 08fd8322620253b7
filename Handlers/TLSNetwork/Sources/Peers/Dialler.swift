#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import NIOCore
internal import NIOPosix

/// Dials a peer, and again whenever the connection has ended or could not be made.
struct Dialler: Sendable {
    private let core: NetworkCore
    private let address: PeerAddress

    init(_ core: NetworkCore, _ address: PeerAddress) {
        self.core = core
        self.address = address
    }

    /// Dials until the task is cancelled.
    func run() async {
        var backoff = DialBackoff(first: core.configuration.firstPause, longest: core.configuration.longestPause)
        while !Task.isCancelled {
            let outcome = await dial()
            core.withState { $0.answering[address] = outcome.peer }
            switch outcome {
            case .serves(let peer):
                backoff.reset()
                await core.ending(of: peer)
            case .duplicate(let peer):
                await core.ending(of: peer)
            case .failed(let reason):
                core.logger.info(
                    "dialling failed",
                    metadata: ["address": "\(address)", "reason": "\(reason)"]
                )
            }
            guard (try? await core.time.sleep(for: backoff.next(core.random))) != nil else { return }
        }
    }

    /// Dials once, and waits until the connection serves or has failed.
    private func dial() async -> DialOutcome {
        let outcome = OneShot<DialOutcome>()
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.nanoseconds(core.configuration.handshakeTimeout.nanoseconds))
            .channelOption(ChannelOptions.socketOption(.tcp_nodelay), value: 1)
            .channelOption(ChannelOptions.maxMessagesPerRead, value: ConnectionSocket.readsPerTurn)
            .channelOption(ChannelOptions.recvAllocator, value: ConnectionSocket.allocator)
            .channelInitializer { [core, address] channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try ConnectionHandler(core, dialling: address, outcome: outcome)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: address.host, port: address.port)
            .whenFailure { outcome.resolve(.failed("\($0)")) }
        return await outcome.value(orWhenCancelled: .failed("the node stops"))
    }
}

/// The pauses between attempts to reach a peer: each about twice the one before, drawn at random so that nodes which lost
/// the same peer do not come back all at once.
struct DialBackoff {
    private let first: Duration
    private let longest: Duration
    private var failures = 0

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    mutating func reset() {
        failures = 0
    }

    /// The next pause: between half its bound and its bound.
    mutating func next(_ random: any RandomEffects) -> Duration {
        // A pause that was doubled 30 times is beyond any bound.
        let bound = min(first * (1 << min(failures, 30)), longest)
        failures += 1
        var generator = random.generator
        return bound * Double.random(in: 0.5...1, using: &generator)
    }
}

extension NetworkCore {
    /// Waits until no connection to a peer serves.
    func ending(of peer: PeerID) async {
        let ending = OneShot<Void>()
        withState { state in
            if state.links[peer] == nil { ending.resolve(()) } else { state.endings[peer, default: []].append(ending) }
        }
        await ending.value(orWhenCancelled: ())
    }
}
#endif
