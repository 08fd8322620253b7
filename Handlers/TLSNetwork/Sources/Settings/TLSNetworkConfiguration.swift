#if TLSNetwork
public import AuraEffects
public import AuraRuntime

/// What a ``TLSNetworkHandler`` is made from.
public struct TLSNetworkConfiguration: Sendable, Hashable {
    /// Where peers dial this node, as host and port, where port 0 picks a free one; `nil` for a node that only dials.
    public var listen: PeerAddress?
    /// The folder with `certificate.pem`, the node's certificate and those that lead to an authority, and `key.pem`.
    public var identity: String
    /// The folder that says whom to trust.
    public var trust: String
    /// Whom to dial, and to dial again whenever the connection ends.
    public var peers: [PeerAddress] = []
    /// The most bytes of a payload.
    public var envelope = ByteCount.mebibytes(1)
    /// How long connecting may take, from the socket to the first exchange of frames.
    public var handshakeTimeout = Duration.seconds(10)
    /// After how much silence of this side it says that it is there.
    public var heartbeat = Duration.seconds(5)
    /// After how much time without a whole frame the peer is taken for gone; several heartbeats.
    public var idleTimeout = Duration.seconds(20)
    /// How long a frame may take from its first byte to its last.
    public var frameTimeout = Duration.seconds(15)
    /// How long stopping waits for what was taken to reach the peers.
    public var drainTimeout = Duration.seconds(5)
    /// How often the files of identity and trust are looked at for changes.
    public var reloadInterval = Duration.seconds(1)
    /// The pause before a peer is dialled again, which doubles with each failure.
    public var firstPause = Duration.milliseconds(100)
    /// The longest pause before a peer is dialled again.
    public var longestPause = Duration.seconds(10)
    /// How many bytes a peer may send on a channel before a consumer has taken some: the memory ÷ 512, 64 KiB to 4 MiB.
    public var window: ByteCount
    /// How many bytes wait to be encrypted for one peer before senders wait: like ``window``.
    public var outbox: ByteCount
    /// How many bytes of a peer's messages wait for consumers, on all channels, before no more is read from it: 16 times
    /// ``window``.
    public var backlog: ByteCount
    /// The most channels that one connection brings messages on.
    public var channelLimit = 4096
    /// The most requests of one connection that wait for their reply; beyond it the oldest is given up.
    public var requestLimit = 16_384
    /// The most connections that are being made to this node at the same time; a further one ends the oldest of them.
    public var handshakeLimit = 256

    /// Creates a configuration with defaults that follow a budget.
    ///
    /// - Parameters:
    ///   - identity: The folder with the node's certificate and key.
    ///   - trust: The folder that says whom to trust.
    ///   - budget: What the handler may use.
    public init(identity: String, trust: String, budget: ResourceBudget) {
        self.identity = identity
        self.trust = trust
        window = Self.window(of: budget)
        outbox = window
        backlog = ByteCount(bytes: window.bytes * 16)
    }

    static func window(of budget: ResourceBudget) -> ByteCount {
        min(.mebibytes(4), max(.kibibytes(64), ByteCount(bytes: budget.memoryLimit.bytes / 512)))
    }
}
#endif
