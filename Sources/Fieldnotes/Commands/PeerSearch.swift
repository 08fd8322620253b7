internal import AuraEffects
internal import AuraRuntime

/// Finds the peer that a user means, and waits until it can be reached.
struct PeerSearch {
    let effects: EffectSystem
    /// How long to wait for it.
    var patience = Duration.seconds(10)

    private static let pause = Duration.milliseconds(10)

    /// Finds a peer.
    ///
    /// - Parameter text: Its identity, its name, or where it is: `PEER@HOST:PORT` or `HOST:PORT`.
    /// - Returns: The peer, which can be reached.
    /// - Throws: ``EffectError``: `unavailable` where nobody answers in time, `invalidArgument` where several are meant, and what
    ///   the network throws.
    func find(_ text: String) async throws(EffectError) -> PeerID {
        let network = effects.network
        let known = Set(try await network.peers())
        let addressed = network.addressed
        var wanted: Set<PeerID>? = addressed?.peers(named: text).union([PeerID(text)]) ?? [PeerID(text)]
        // An identity or a name that is known needs no address.
        if wanted?.isDisjoint(with: known) ?? true, text.contains(":"), let addressed {
            wanted = try addressed.dial(text)
        }
        let deadline = effects.time.monotonicNow.advanced(by: patience)
        while true {
            let peers = Set(try await network.peers())
            // Without a name in it, an address means who answers there, whoever else may connect meanwhile.
            let candidates = wanted ?? addressed?.peer(at: text).map { [$0] } ?? []
            let found = peers.intersection(candidates)
            if let peer = found.first, found.count == 1 { return peer }
            if found.count > 1 { throw ambiguous(text, found) }
            guard effects.time.monotonicNow < deadline else { throw unreachable(text, peers) }
            try await effects.time.sleep(for: Self.pause)
        }
    }

    private func ambiguous(_ text: String, _ found: Set<PeerID>) -> EffectError {
        let list = found.sorted().map(\.rawValue).joined(separator: ", ")
        return EffectError(.invalidArgument, "\(HandlerErrors.quote(text)) may be any of \(list): name one of them.")
    }

    private func unreachable(_ text: String, _ peers: Set<PeerID>) -> EffectError {
        let list = peers.isEmpty ? "nobody" : peers.sorted().map(\.rawValue).joined(separator: ", ")
        return EffectError(
            .unavailable,
            "\(HandlerErrors.quote(text)) did not answer within \(patience.components.seconds) s; reached: \(list). Look at its "
                + "address, and whether each side trusts the other one."
        )
    }
}
