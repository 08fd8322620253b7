#if OpenSSL
package import AuraEffects
internal import AuraRuntime

/// What people call a node: 1 to 64 letters, digits, `.`, `_` and `-`, and no fingerprint.
package enum PeerName {
    /// Whether a text is a name.
    package static func isValid(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(\.isInPeerName)
            && !text.hasPrefix("-") && KeyFingerprint(text) == nil
    }

    /// The error for a text that is none.
    package static func refusal(of text: String) -> EffectError {
        EffectError(
            .invalidArgument,
            "\(HandlerErrors.quote(text)) cannot be a node's name: use 1 to 64 letters, digits, '.', '_' and '-', "
                + "not '-' first, and not 64 hexadecimal digits, which are a fingerprint."
        )
    }
}

extension UInt8 {
    fileprivate var isInPeerName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
#endif
