public import AuraEffects

/// How a journal exchanges entries with its peers.
public struct ReplicationConfiguration: Sendable, Hashable {
    /// With whom a journal exchanges entries.
    public enum Peers: Sendable, Hashable {
        /// Every peer that the network reaches: each contact is one of them, chosen at random.
        case reachable
        /// These peers alone, such as a device's server; requests of others are refused.
        case only([PeerID])
    }

    /// With whom to exchange.
    public var peers = Peers.reachable

    /// How long from one exchange to the next while nothing happens; each time it is varied by up to a quarter.
    ///
    /// Journals that missed one another's news converge after some intervals.
    public var interval = Duration.seconds(30)

    /// How many peers are contacted at once when the journal has new entries.
    ///
    /// Those pass the entries on. A server in the middle of a star gives the largest number, since its devices do not know
    /// one another.
    public var fanout = 2

    /// How long to wait for each reply.
    public var requestTimeout = Duration.seconds(10)

    /// How long an origin stays out of the exchange with a peer before it is looked at again: one whose chain forks, or
    /// whose entries this journal cannot take from that peer.
    public var quarantine = Duration.seconds(600)

    /// The channel of the network; journals that converge share it.
    public var channel: ChannelName = "aura.replication"

    /// Creates the usual configuration.
    public init() {}
}
