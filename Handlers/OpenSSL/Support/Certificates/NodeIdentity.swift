#if OpenSSL
package import AuraEffects
internal import AuraRuntime
internal import COpenSSL

/// Who a node, or a private CA, is: a key and the certificates that show it.
package final class NodeIdentity: Sendable {
    /// The certificate of the key, and after it those of CAs that lead to the one that peers trust.
    package let chain: [Certificate]
    /// The key.
    package let key: PrivateKey

    private let files: WatchedFiles

    /// Creates an identity.
    ///
    /// - Parameters:
    ///   - chain: The certificate of the key, and after it those of CAs.
    ///   - key: The key.
    ///   - place: How messages name where they are from.
    ///   - files: The files that they were read from.
    /// - Throws: ``EffectError`` with `corrupted` where the key is not the certificate's.
    init(
        chain: [Certificate],
        key: PrivateKey,
        from place: String,
        files: WatchedFiles = WatchedFiles([])
    ) throws(EffectError) {
        guard let first = chain.first, first.isFor(key) else {
            throw EffectError(
                .corrupted,
                "The key of \(place) is not the one of its certificate: restore both files from one backup."
            )
        }
        self.chain = chain
        self.key = key
        self.files = files
    }

    /// The certificate of the key.
    package var certificate: Certificate { chain[0] }

    /// What tells the key from every other.
    package var fingerprint: KeyFingerprint { certificate.fingerprint }

    /// The node's address in the network.
    package var peer: PeerID { fingerprint.peer }

    /// Whether the files are no longer as they were read; none is read for that.
    package var hasChanged: Bool { files.haveChanged }

    /// Sentences on what is wrong with the certificates' dates, or will be within a month: for a log.
    ///
    /// - Parameter now: The wall time.
    /// - Returns: Such as that the certificate has expired; none where all is well.
    package func warnings(at now: WallTime) -> [String] {
        chain.compactMap { certificate in
            let name = HandlerErrors.quote(certificate.name)
            let (validity, seconds) = (certificate.validity, now.secondsSinceEpoch)
            if seconds > validity.notAfter {
                return "The certificate of \(name) has expired (\(CertificateValidity.text(validity.notAfter))): "
                    + "peers refuse it until it is renewed."
            }
            if seconds < validity.notBefore {
                return
                    "The certificate of \(name) is not valid before \(CertificateValidity.text(validity.notBefore)): "
                    + "check this machine's clock."
            }
            if validity.notAfter - seconds < 30 * 86_400 {
                return
                    "The certificate of \(name) expires soon (\(CertificateValidity.text(validity.notAfter))): renew it."
            }
            return nil
        }
    }

    // MARK: TLS

    /// Lets connections show this identity.
    ///
    /// - Parameter context: An `SSL_CTX`.
    /// - Throws: ``EffectError`` with `internal` where OpenSSL refuses the certificate or the key.
    package func configure(_ context: OpaquePointer) throws(EffectError) {
        OpenSSLError.clear()
        let isDone =
            unsafe SSL_CTX_use_certificate(context, certificate.pointer) == 1
            && SSL_CTX_use_PrivateKey(context, key.pointer) == 1
            && SSL_CTX_check_private_key(context) == 1
            && SSL_CTX_ctrl(context, SSL_CTRL_CHAIN, 0, nil) == 1
            && chain.dropFirst()
                .allSatisfy {
                    unsafe SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, UnsafeMutableRawPointer($0.pointer)) == 1
                }
        guard isDone else { throw OpenSSLError.failure(making: "TLS connections with the certificate of this node") }
    }
}
#endif
