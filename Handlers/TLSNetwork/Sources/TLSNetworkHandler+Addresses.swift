#if TLSNetwork
public import AuraEffects
public import AuraRuntime
internal import OpenSSLSupport

extension TLSNetworkHandler: AddressedNetwork {
    /// The peers whose keys the trust folder pins under a name.
    public func peers(named name: String) -> Set<PeerID> {
        Set(core.currentContext.trust.keys(named: name).map(\.peer))
    }

    /// Dials `PEER@HOST:PORT` or `HOST:PORT` from now on; see ``connect(to:)``.
    ///
    /// - Parameter address: The address.
    /// - Returns: Who may be there: the keys of the name, or the one key that is spelled out.
    /// - Throws: ``EffectError`` with `invalidArgument` for a text that is no address.
    public func dial(_ address: String) throws(EffectError) -> Set<PeerID>? {
        guard let found = PeerAddress(address) else {
            throw NetworkErrors.refusal(
                "\(HandlerErrors.quote(address)) is no address: write PEER@HOST:PORT or HOST:PORT.",
                in: "dial"
            )
        }
        connect(to: found)
        return found.peer.map { peers(named: $0).union([KeyFingerprint($0)?.peer ?? PeerID($0)]) }
    }

    /// The peer that has answered at an address that is dialled, when it was last dialled.
    ///
    /// - Parameter address: The address, as ``dial(_:)`` was given it.
    /// - Returns: The peer; `nil` where nobody has answered, or it is not trusted.
    public func peer(at address: String) -> PeerID? {
        guard let address = PeerAddress(address) else { return nil }
        return core.withState { $0.answering[address] }
    }
}
#endif
