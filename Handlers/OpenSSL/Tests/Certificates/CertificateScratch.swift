#if OpenSSL
internal import AuraEffects
internal import OpenSSLSupport
internal import Testing

/// What the tests of certificates make them with.
enum Sample {
    /// 2026-01-31T09:05:00Z.
    static let now: Int64 = 1_769_850_300
    static let day: Int64 = 86_400

    static func request(
        _ name: String = "node",
        hosts: [String] = [],
        from: Int64 = now - day,
        until: Int64 = now + 30 * day,
        isAuthority: Bool = false
    ) -> CertificateRequest {
        CertificateRequest(
            name: name,
            hosts: hosts.compactMap { CertificateHost($0) },
            validity: CertificateValidity(notBefore: from, notAfter: until),
            isAuthority: isAuthority
        )
    }

    static func identity(
        _ request: CertificateRequest = request(),
        _ algorithm: PrivateKey.Algorithm = .ed25519,
        signedBy authority: NodeIdentity? = nil
    ) throws -> NodeIdentity {
        try NodeIdentity.make(request, key: .generate(algorithm), signedBy: authority)
    }

    static func wallTime(_ seconds: Int64 = now) -> WallTime {
        WallTime(nanosecondsSinceEpoch: seconds * 1_000_000_000)
    }
}

extension NodeIdentity {
    /// What the node's peers get to see.
    var shown: PeerCertificates {
        PeerCertificates(certificate, others: Array(chain.dropFirst()))
    }
}

extension TrustDecision {
    /// Why the peer is refused; `nil` where it is trusted.
    var reason: TrustRefusal.Reason? {
        if case .refused(let refusal) = self { refusal.reason } else { nil }
    }
}
#endif
