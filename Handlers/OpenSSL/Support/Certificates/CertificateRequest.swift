#if OpenSSL
package import AuraEffects
internal import COpenSSL

/// What a new certificate says.
package struct CertificateRequest: Sendable, Hashable {
    /// The common name: 1 to 64 letters, digits, `.`, `_` and `-`.
    package var name: String
    /// What the node is dialled by.
    package var hosts: [CertificateHost]
    /// From when and until when it is valid.
    package var validity: CertificateValidity
    /// Whether it may sign others; it is no node's certificate then.
    package var isAuthority: Bool

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - name: The common name.
    ///   - hosts: What the node is dialled by.
    ///   - validity: From when and until when it is valid.
    ///   - isAuthority: Whether it may sign others.
    package init(name: String, hosts: [CertificateHost], validity: CertificateValidity, isAuthority: Bool = false) {
        self.name = name
        self.hosts = hosts
        self.validity = validity
        self.isAuthority = isAuthority
    }
}

extension Certificate {
    /// Makes a certificate (RFC 5280).
    ///
    /// - Parameters:
    ///   - request: What it says.
    ///   - key: The key that it is for.
    ///   - authority: Who signs it; `nil` where the key itself does.
    /// - Returns: The certificate.
    /// - Throws: ``EffectError``: `invalidArgument` for a name that cannot be one, `internal` where OpenSSL fails.
    package static func make(
        _ request: CertificateRequest,
        for key: PrivateKey,
        signedBy authority: (certificate: Certificate, key: PrivateKey)? = nil
    ) throws(EffectError) -> Certificate {
        guard PeerName.isValid(request.name) else { throw PeerName.refusal(of: request.name) }
        OpenSSLError.clear()
        guard let pointer = unsafe X509_new() else { throw OpenSSLError.failure(making: "a certificate") }
        let issuer = unsafe authority?.certificate.pointer ?? pointer
        let signer = authority?.key ?? key
        guard unsafe fill(pointer, request, key, issuer: issuer),
            request.extensions.allSatisfy({ unsafe add($0, to: pointer, issuer: issuer) }),
            unsafe X509_sign(pointer, signer.pointer, signer.algorithm.digest) > 0
        else {
            unsafe X509_free(pointer)
            throw OpenSSLError.failure(making: "a certificate")
        }
        return unsafe Certificate(owning: pointer)
    }

    private static func fill(
        _ certificate: OpaquePointer,
        _ request: CertificateRequest,
        _ key: PrivateKey,
        issuer: OpaquePointer
    ) -> Bool {
        // 126 random bits: RFC 5280 wants a positive number of at most 20 bytes, and no two alike from one issuer.
        let number = unsafe BN_new()
        defer { unsafe BN_free(number) }
        let subject = unsafe X509_get_subject_name(certificate)
        let isFilled =
            unsafe X509_set_version(certificate, Int(X509_VERSION_3)) == 1
            && BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
            && ASN1_TIME_set(X509_getm_notBefore(certificate), time_t(request.validity.notBefore)) != nil
            && ASN1_TIME_set(X509_getm_notAfter(certificate), time_t(request.validity.notAfter)) != nil
            && X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, request.name, -1, -1, 0) == 1
            && X509_set_pubkey(certificate, key.pointer) == 1
        // Where it signs itself the issuer's name is the one just written.
        return unsafe isFilled && X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1
    }

    private static func add(
        _ entry: CertificateRequest.Extension,
        to certificate: OpaquePointer,
        issuer: OpaquePointer
    ) -> Bool {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
        guard let made = unsafe X509V3_EXT_nconf_nid(nil, &context, entry.kind, entry.value) else { return false }
        defer { unsafe X509_EXTENSION_free(made) }
        return unsafe X509_add_ext(certificate, made, -1) == 1
    }
}

extension CertificateRequest {
    /// An extension of X.509 in OpenSSL's notation of values.
    fileprivate struct Extension {
        var kind: Int32
        var value: String
    }

    fileprivate var extensions: [Extension] {
        var extensions = [
            Extension(
                kind: NID_basic_constraints,
                value: isAuthority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE"
            ),
            Extension(
                kind: NID_key_usage,
                value: isAuthority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature"
            ),
            Extension(kind: NID_subject_key_identifier, value: "hash"),
            Extension(kind: NID_authority_key_identifier, value: "keyid"),
        ]
        if !isAuthority { extensions.append(Extension(kind: NID_ext_key_usage, value: "serverAuth,clientAuth")) }
        // A host has no character that would end its value there: it is a checked name or an address.
        let names = hosts.map { host in
            switch host {
            case .name(let name): "DNS:\(name)"
            case .address: "IP:\(host)"
            }
        }
        if !names.isEmpty {
            extensions.append(Extension(kind: NID_subject_alt_name, value: names.joined(separator: ",")))
        }
        return extensions
    }
}
#endif
