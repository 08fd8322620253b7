#if PostgreSQL
/// What a ``FaultProxy`` does to the bytes of a connection.
struct ProxyConduct: Sendable, Equatable {
    /// Whether bytes get through in one direction.
    enum Passage: Sendable {
        case open
        /// Nothing is read: the sender's buffers fill up. All of it gets through once the passage is open again.
        case stalled
        /// Everything is read and lost, also the end of the connection. A connection that lost something stays so for
        /// ever, as one does whose router forgot it: neither side is told.
        case swallowed
    }

    var toServer = Passage.open
    var toClient = Passage.open
    /// How long each byte takes, one way.
    var latency = Duration.zero
    /// The limit in each direction.
    var bytesPerSecond: Int?

    static let open = ProxyConduct()
    static let stalled = ProxyConduct(toServer: .stalled, toClient: .stalled)
    static let blackHole = ProxyConduct(toServer: .swallowed, toClient: .swallowed)
    /// The server does what it is asked, and its answers do not come.
    static let answersLost = ProxyConduct(toClient: .swallowed)

    static func slow(latency: Duration = .zero, bytesPerSecond: Int? = nil) -> ProxyConduct {
        ProxyConduct(latency: latency, bytesPerSecond: bytesPerSecond)
    }
}
#endif
