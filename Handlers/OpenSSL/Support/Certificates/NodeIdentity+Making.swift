#if OpenSSL
package import AuraEffects

extension NodeIdentity {
    /// Makes a certificate for a key.
    ///
    /// - Parameters:
    ///   - request: What the certificate says.
    ///   - key: The key; a new one, or one that a node goes on using.
    ///   - authority: The private CA that signs it; `nil` where the key itself does.
    /// - Returns: The identity, in memory alone.
    /// - Throws: ``EffectError``: `invalidArgument` where the authority may not sign it, `internal` where OpenSSL fails.
    package static func make(
        _ request: CertificateRequest,
        key: PrivateKey,
        signedBy authority: NodeIdentity? = nil
    ) throws(EffectError) -> NodeIdentity {
        guard let authority else {
            return try NodeIdentity(chain: [.make(request, for: key)], key: key, from: "the new identity")
        }
        let signer = authority.certificate
        guard signer.isAuthority, !request.isAuthority else {
            throw EffectError(
                .invalidArgument,
                request.isAuthority
                    ? "A CA signs itself: make it without another CA."
                    : "'\(signer.name)' is no CA: make one by 'aura identity create --as-ca'."
            )
        }
        guard request.validity.notAfter <= signer.validity.notAfter else {
            throw EffectError(
                .invalidArgument,
                "The CA '\(signer.name)' is valid until \(CertificateValidity.text(signer.validity.notAfter)) only: ask for "
                    + "fewer days, or renew the CA."
            )
        }
        let certificate = try Certificate.make(request, for: key, signedBy: (signer, authority.key))
        // A peer has the CA itself, and a self-signed certificate would prove nothing to it.
        let others = authority.chain.filter { !$0.isSelfSigned }
        return try NodeIdentity(chain: [certificate] + others, key: key, from: "the new identity")
    }
}
#endif
