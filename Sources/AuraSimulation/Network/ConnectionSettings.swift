/// How the connections of a ``SimulatedNetwork`` behave, whatever their links are like.
public struct ConnectionSettings: Sendable, Hashable {
    /// The most messages on their way to a channel of a peer or waiting on it, before senders wait too.
    public var mailboxCapacity: Int
    /// How soon a peer notices at the earliest that it hears nothing more; at the latest after half as much again.
    public var detectionDelay: Duration
    /// How soon a connection that ended begins again at the latest, where nobody sends anything before.
    public var reconnectDelay: Duration

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - mailboxCapacity: The most messages on their way to a channel of a peer or waiting on it; at least one.
    ///   - detectionDelay: How soon a peer notices at the earliest that it hears nothing more.
    ///   - reconnectDelay: How soon a connection that ended begins again at the latest.
    public init(
        mailboxCapacity: Int = 64,
        detectionDelay: Duration = .seconds(5),
        reconnectDelay: Duration = .seconds(1)
    ) {
        self.mailboxCapacity = max(1, mailboxCapacity)
        self.detectionDelay = detectionDelay
        self.reconnectDelay = reconnectDelay
    }
}
