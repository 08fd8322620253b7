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

    /// A private CA; valid for long, since `openssl` dates what it signs by this machine's clock.
    static func authority(_ name: String = "ca", until: Int64 = now + 20_000 * day) throws -> NodeIdentity {
        try identity(request(name, until: until, isAuthority: true), .ecdsaP256)
    }

    static func wallTime(_ seconds: Int64 = now) -> WallTime {
        WallTime(nanosecondsSinceEpoch: seconds * 1_000_000_000)
    }

    /// What pins keys under the names of their certificates.
    static func pinning(_ identities: NodeIdentity...) throws -> TrustFile {
        var file = TrustFile()
        for identity in identities { try file.pin(identity.fingerprint, as: identity.certificate.name) }
        return file
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
    var refusal: TrustRefusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }
}
#endif
