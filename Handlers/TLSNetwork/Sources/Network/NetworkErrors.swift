#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime

/// The errors of the network over TLS.
enum NetworkErrors {
    static let errors = HandlerErrors(NetworkEffect.self, handler: TLSNetworkHandler.technology)

    /// The error of what waited on a connection that ended.
    static let ended = errors.error(
        .unavailable,
        in: "send",
        "The connection ended: try again once the peer is connected."
    )

    static func unreachable(_ peer: PeerID, in operation: String) -> EffectError {
        let name = HandlerErrors.quote(peer.rawValue)
        return errors.error(
            .unavailable,
            in: operation,
            "The peer \(name) cannot be reached: try again once it is connected."
        )
    }

    static func toOneself(in operation: String) -> EffectError {
        errors.error(.invalidArgument, in: operation, "The receiver is this peer itself: send to another.")
    }

    static func late() -> EffectError {
        errors.error(
            .deadlineExceeded,
            in: "request",
            "No reply came in time: ask again if the request may be repeated."
        )
    }

    static func refusal(_ message: String, in operation: String) -> EffectError {
        errors.error(.invalidArgument, in: operation, message)
    }
}

extension EffectError {
    /// The error, of a call whose effect nobody knows.
    var withOutcomeUnknown: EffectError {
        var copy = self
        copy.outcome = .unknown
        return copy
    }

    /// The error, of another operation.
    func of(_ operation: String) -> EffectError {
        var copy = self
        copy.operation = operation
        return copy
    }
}
#endif
