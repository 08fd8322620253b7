#if OpenSSL
internal import AuraEffects
internal import AuraRuntime
internal import COpenSSL

/// Why a peer may not be talked to.
package struct TrustRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of refusals.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The peer sent no certificate.
        case noCertificate
        /// Its key, or that of a CA above it, is revoked, or its certificate is in a CA's revocation list.
        case revoked
        /// It has another key than the one expected.
        case wrongKey
        /// Its certificate is not valid yet.
        case notYetValid
        /// Its certificate is no longer valid.
        case expired
        /// It signed its certificate itself, and its key is not pinned.
        case selfSignedUnpinned
        /// Its key is not pinned, and its certificate leads to no trusted CA.
        case unpinned
        /// Its certificate is not for this side of a connection.
        case wrongPurpose
        /// Its certificate does not name the host that was dialled.
        case wrongHost
        /// A CA's revocation list is out of date or cannot be used.
        case staleRevocationList
        /// The way to a trusted CA is broken: a CA on it is expired, a signature is wrong or too weak.
        case badChain
    }

    /// The kind of refusal.
    package var reason: Reason
    /// The peer's key, or the revoked one; `nil` where there was no certificate.
    package var fingerprint: KeyFingerprint?
    /// What the certificate says its owner is called; unproven.
    package var claimedName: String
    /// A moment, a host or OpenSSL's words; may be empty.
    package var detail: String

    init(_ reason: Reason, of certificate: Certificate?, _ detail: String = "") {
        self.reason = reason
        fingerprint = certificate?.fingerprint
        claimedName = certificate?.name ?? ""
        self.detail = detail
    }

    init(_ failure: PathValidation.Failure, of certificate: Certificate) {
        let words = unsafe String(cString: X509_verify_cert_error_string(Int(failure.code)))
        let place = failure.depth == 0 ? "" : " (\(failure.depth) above the peer's certificate)"
        self.init(Reason(failure), of: certificate, words + place)
    }

    /// OpenSSL's `X509_V_ERR_…` of the same meaning, from which it picks the alert that the peer gets.
    package var verifyError: Int32 {
        switch reason {
        case .noCertificate, .badChain, .staleRevocationList: X509_V_ERR_CERT_UNTRUSTED
        case .revoked: X509_V_ERR_CERT_REVOKED
        case .wrongKey, .wrongHost: X509_V_ERR_APPLICATION_VERIFICATION
        case .notYetValid: X509_V_ERR_CERT_NOT_YET_VALID
        case .expired: X509_V_ERR_CERT_HAS_EXPIRED
        case .selfSignedUnpinned: X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT
        case .unpinned: X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY
        case .wrongPurpose: X509_V_ERR_INVALID_PURPOSE
        }
    }

    /// Who is refused, why, and what to do next.
    package var description: String {
        let peer = fingerprint.map { key in
            claimedName.isEmpty ? "the peer with key \(key)" : "\(HandlerErrors.quote(claimedName)) with key \(key)"
        }
        return "\(reason.rawValue): \(peer ?? "the peer") \(explanation)"
    }

    private var explanation: String {
        switch reason {
        case .noCertificate: "sent no certificate: give it an identity by 'aura identity create'."
        case .revoked: "is revoked (\(detail)): give the node a new key and pin that one."
        case .wrongKey: "is not the one expected: check who answers at this address, or pin the node's new key."
        case .notYetValid: "has a certificate that is valid \(detail) only: check both clocks."
        case .expired: "has a certificate that was valid \(detail): renew it there by 'aura identity create --renew'."
        case .selfSignedUnpinned, .unpinned:
            "is neither pinned nor vouched for by a trusted CA: compare the key with its owner's, then "
                + "'aura identity trust'."
        case .wrongPurpose:
            "has a certificate for something else (\(detail)): make it one for both sides of connections."
        case .wrongHost: "has a certificate that is not \(detail): add that host to it, or pin the key."
        case .staleRevocationList: "cannot be checked (\(detail)): put its CA's newest revocation list into 'crl'."
        case .badChain: "has a certificate that leads to no trusted CA in order (\(detail)): have it signed anew."
        }
    }
}

extension TrustRefusal.Reason {
    fileprivate init(_ failure: PathValidation.Failure) {
        self =
            switch failure.code {
            case X509_V_ERR_CERT_REVOKED: .revoked
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
                .unpinned
            case X509_V_ERR_INVALID_PURPOSE where failure.depth == 0: .wrongPurpose
            case X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_UNABLE_TO_GET_CRL,
                X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
                X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
                X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
                X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, X509_V_ERR_DIFFERENT_CRL_SCOPE:
                .staleRevocationList
            default: .badChain
            }
    }
}
#endif
