#if OpenSSL
internal import COpenSSL

/// What a peer shows in a handshake: its certificate, and those of CAs that lead to a trusted one.
package struct PeerCertificates: Sendable {
    /// The certificate of the peer's own key.
    package var certificate: Certificate

    /// The others that it sent, in no particular order.
    package var others: [Certificate]

    /// Creates the certificates of a peer.
    ///
    /// - Parameters:
    ///   - certificate: The certificate of the peer's own key.
    ///   - others: The others that it sent.
    package init(_ certificate: Certificate, others: [Certificate] = []) {
        self.certificate = certificate
        self.others = others
    }

    /// What a handshake has to verify; `nil` where the peer sent nothing.
    ///
    /// - Parameter context: The `X509_STORE_CTX` that `SSL_CTX_set_cert_verify_callback` hands over.
    package init?(handshake context: OpaquePointer) {
        guard let own = unsafe X509_STORE_CTX_get0_cert(context) else { return nil }
        certificate = unsafe Certificate(sharing: own)
        others = unsafe Self.certificates(X509_STORE_CTX_get0_untrusted(context), except: own)
    }

    /// What the peer of a connection sent; `nil` where that is nothing.
    ///
    /// A session that was resumed from a ticket has the peer's certificate without the others.
    ///
    /// - Parameter connection: An `SSL`.
    package init?(connection: OpaquePointer) {
        guard let own = unsafe SSL_get0_peer_certificate(connection) else { return nil }
        certificate = unsafe Certificate(sharing: own)
        others = unsafe Self.certificates(SSL_get_peer_cert_chain(connection), except: own)
    }

    private static func certificates(_ stack: OpaquePointer?, except own: OpaquePointer) -> [Certificate] {
        unsafe (0..<max(0, OPENSSL_sk_num(stack)))
            .compactMap { index in
                guard let value = unsafe OPENSSL_sk_value(stack, index), unsafe OpaquePointer(value) != own else {
                    return nil
                }
                return unsafe Certificate(sharing: OpaquePointer(value))
            }
    }
}

/// What a node demands of a peer beside trust.
package struct PeerExpectation: Sendable, Hashable {
    /// An end of a connection.
    package enum Side: Sendable, Hashable {
        /// The end that accepted the connection.
        case server
        /// The end that dialled.
        case client
    }

    /// Which end the peer is.
    package var side: Side
    /// The keys of which the peer has to have one; `nil` where any trusted key will do.
    package var keys: Set<KeyFingerprint>?
    /// The host that was dialled: demanded of a certificate that a CA signed, not of a pinned key.
    ///
    /// A text that is no host is in no certificate.
    package var host: String?

    /// What is demanded of a peer that dialled.
    package static let accepted = PeerExpectation(side: .client, keys: nil, host: nil)

    /// What is demanded of a peer that was dialled.
    ///
    /// - Parameters:
    ///   - host: Its DNS name or IP address; `nil` where the certificate need not name it.
    ///   - keys: The keys of which it has to have one; `nil` where any trusted key will do.
    /// - Returns: The demands.
    package static func dialled(
        _ host: String?,
        keys: Set<KeyFingerprint>? = nil
    ) -> PeerExpectation {
        PeerExpectation(side: .server, keys: keys, host: host)
    }
}
#endif
