public import AuraEffects

/// An origin whose entries are not exchanged with a peer; all other origins' are.
public struct QuarantinedOrigin: Sendable, Hashable {
    /// Why an origin is left out.
    public enum Reason: String, Sendable, Hashable {
        /// The journals hold different entries of the origin: a copy of its journal went on writing, or was restored.
        case forked
        /// The peer sent an entry whose hash does not follow from its contents, or a signature that is not its origin's.
        case altered
        /// This journal cannot take an entry as the peer has it, such as a compacted one that no snapshot covers, or one whose
        /// origin it does not trust.
        case refused
    }

    /// The origin.
    public var origin: OriginID
    /// The peer with which it is not exchanged.
    public var peer: PeerID
    /// Why it is left out.
    public var reason: Reason
    /// What is wrong and what to do next.
    public var message: String
    /// When it was found.
    public var since: WallTime
}
