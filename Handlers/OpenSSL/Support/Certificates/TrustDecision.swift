#if OpenSSL
package import AuraEffects
internal import AuraRuntime
internal import COpenSSL

/// Whether a peer may be talked to.
package enum TrustDecision: Sendable, Hashable {
    /// It is who it has to be.
    case trusted(TrustedPeer)
    /// It is not, or nobody says that it is.
    case refused(TrustRefusal)
}

/// A peer that is trusted.
package struct TrustedPeer: Sendable, Hashable {
    /// Its key.
    package var fingerprint: KeyFingerprint
    /// The name of its pin; `nil` for one that a CA vouches for.
    package var name: String?

    /// Creates a trusted peer.
    package init(fingerprint: KeyFingerprint, name: String?) {
        self.fingerprint = fingerprint
        self.name = name
    }

    /// Its address in the network.
    package var peer: PeerID { fingerprint.peer }
}

extension TrustStore {
    /// Decides whether a peer may be talked to, from nothing but its arguments.
    ///
    /// A revoked key is refused in every case, also that of a CA that the peer sent. A pinned key is trusted by its pin
    /// while its certificate is valid. Any other needs a certificate that leads to a trusted CA, is for its side of a
    /// connection, is in no revocation list and, where a host is expected, names it.
    ///
    /// - Parameters:
    ///   - peer: What the peer sent; its handshake proves that it has the key. `nil` where it sent nothing.
    ///   - expectation: What is demanded beside trust.
    ///   - now: The wall time.
    /// - Returns: The decision.
    package func decide(
        _ peer: PeerCertificates?,
        expecting expectation: PeerExpectation,
        at now: WallTime
    ) -> TrustDecision {
        guard let peer else { return .refused(TrustRefusal(.noCertificate, of: nil)) }
        do throws(TrustRefusal) {
            return .trusted(try check(peer, expectation, now.secondsSinceEpoch))
        } catch {
            return .refused(error)
        }
    }

    private func check(
        _ peer: PeerCertificates,
        _ expectation: PeerExpectation,
        _ seconds: Int64
    ) throws(TrustRefusal) -> TrustedPeer {
        let certificate = peer.certificate
        let key = certificate.fingerprint
        for shown in [certificate] + peer.others {
            if let moment = revoked[shown.fingerprint] {
                throw TrustRefusal(.revoked, of: shown, "since \(CertificateValidity.text(moment))")
            }
        }
        if let keys = expectation.keys, !keys.contains(key) {
            throw TrustRefusal(.wrongKey, of: certificate)
        }
        try checkDates(certificate, seconds)
        if let name = pins[key] { return TrustedPeer(fingerprint: key, name: name) }
        try checkAuthority(peer, expectation.side, seconds)
        if let host = expectation.host, !certificate.isFor(host) {
            throw TrustRefusal(.wrongHost, of: certificate, "for \(HandlerErrors.quote(host))")
        }
        return TrustedPeer(fingerprint: key, name: nil)
    }

    private func checkDates(_ certificate: Certificate, _ seconds: Int64) throws(TrustRefusal) {
        let validity = certificate.validity
        if seconds < validity.notBefore {
            throw TrustRefusal(.notYetValid, of: certificate, "from \(CertificateValidity.text(validity.notBefore))")
        }
        if seconds > validity.notAfter {
            throw TrustRefusal(.expired, of: certificate, "until \(CertificateValidity.text(validity.notAfter))")
        }
    }

    private func checkAuthority(
        _ peer: PeerCertificates,
        _ side: PeerExpectation.Side,
        _ seconds: Int64
    ) throws(TrustRefusal) {
        let certificate = peer.certificate
        if certificate.isSelfSigned { throw TrustRefusal(.selfSignedUnpinned, of: certificate) }
        if authorities.isEmpty { throw TrustRefusal(.unpinned, of: certificate) }
        do throws(PathValidation.Failure) {
            try PathValidation.validate(peer, as: side, against: anchors, at: seconds)
        } catch {
            throw TrustRefusal(error, of: certificate)
        }
    }
}
#endif
