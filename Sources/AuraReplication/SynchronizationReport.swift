public import AuraEffects

/// What an exchange with a peer did.
public struct SynchronizationReport: Sendable, Hashable {
    /// The peer.
    public var peer: PeerID
    /// How many entries came from the peer and were new here.
    public var received: Int
    /// How many entries went to the peer meanwhile that had not gone there before.
    public var sent: Int
    /// How many bytes of messages with entries, payloads and snapshots came from the peer.
    public var receivedBytes: Int
    /// How many bytes of them went to the peer meanwhile.
    public var sentBytes: Int
    /// How many batches were merged here.
    public var batches: Int
    /// How many entries the peer still lacks, apart from those of quarantined origins: zero unless it had no success with
    /// taking them.
    public var unsent: Int
    /// The origins that are not exchanged with this peer, in their order.
    public var quarantined: [QuarantinedOrigin]
}
