public import AuraEffects

/// A network whose peers have names and addresses for people beside their identities, such as one over TCP.
public protocol AddressedNetwork: NetworkEffects {
    /// The peers that people call by a name.
    func peers(named name: String) -> Set<PeerID>

    /// Dials an address from now on, and again whenever the connection ends.
    ///
    /// - Parameter address: The address, in the network's own spelling, such as `PEER@HOST:PORT`.
    /// - Returns: Who may be there; `nil` for whoever the network trusts.
    /// - Throws: ``EffectError`` with `invalidArgument` for a text that is no address.
    func dial(_ address: String) throws(EffectError) -> Set<PeerID>?

    /// The peer that has answered at an address that is dialled, when it was last dialled.
    ///
    /// - Parameter address: The address, as ``dial(_:)`` was given it.
    /// - Returns: The peer; `nil` where nobody has answered, or it is not trusted.
    func peer(at address: String) -> PeerID?
}

extension NetworkEffects {
    /// This network, or the one that interceptors surround, where its peers have addresses.
    public var addressed: (any AddressedNetwork)? {
        var network: any NetworkEffects = self
        while !(network is any AddressedNetwork) {
            guard let intercepted = network as? any InterceptedHandler,
                let base = intercepted.base as? any NetworkEffects
            else { return nil }
            network = base
        }
        return network as? any AddressedNetwork
    }
}
