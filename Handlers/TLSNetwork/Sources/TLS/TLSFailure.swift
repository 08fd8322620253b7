#if TLSNetwork
internal import OpenSSLSupport

/// Why a TLS connection failed, in words that name no secret.
struct TLSFailure: Error, CustomStringConvertible {
    /// What is wrong.
    let description: String
    /// Whether the peer could not prove who it is, or is not trusted.
    let isRefusal: Bool

    init(_ description: String, isRefusal: Bool = false) {
        self.description = description
        self.isRefusal = isRefusal
    }

    /// The failure of a peer that is not trusted.
    init(_ refusal: TrustRefusal) {
        self.init(refusal.description, isRefusal: true)
    }

    /// What OpenSSL's queue of errors says; empties it.
    static func drained(_ what: String) -> TLSFailure {
        let reasons = OpenSSLError.drain()
        return TLSFailure(reasons.isEmpty ? what : "\(what): \(reasons.joined(separator: "; "))")
    }
}
#endif
