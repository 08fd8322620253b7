/// What a ``SimulatedNetwork`` has carried so far, for reports.
public struct NetworkCounters: Sendable, Hashable, Codable {
    /// Messages, requests and replies that a connection took.
    public var sent = 0
    /// Those that reached a consumer or a requester's peer.
    public var delivered = 0
    /// Those that were lost together with their connection.
    public var lost = 0
    /// Connections that began.
    public var connections = 0
    /// Connections that ended, by whatever cause.
    public var disconnections = 0

    /// Those that are under way or wait for a consumer.
    public var pending: Int { sent - delivered - lost }
}
