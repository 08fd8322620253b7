public import AuraEffects

/// How the exchange with all peers stands.
public struct ReplicationStatus: Sendable {
    /// How the exchange with one peer stands.
    public struct Peer: Sendable {
        /// The peer.
        public var peer: PeerID
        /// When an exchange with it last came to its end; `nil` where none did.
        public var lastSuccess: WallTime?
        /// What the last exchange failed with; `nil` after a success.
        public var lastFailure: EffectError?
        /// How many entries the peer said it has and this journal still lacks.
        public var missing: Int
        /// How many entries this journal has and the peer lacked when it last said how far it is.
        public var unsent: Int
        /// How many entries came from it and were new here.
        public var received: Int
        /// How many entries went to it, each counted once however often it went.
        public var sent: Int
    }

    /// The peers that there was an exchange with, in the order of their names.
    public var peers: [Peer]
    /// The origins that are not exchanged with some peer, in the order of the peers and the origins.
    public var quarantined: [QuarantinedOrigin]
}
