#if OpenSSL
package import AuraEffects
internal import COpenSSL

/// An X.509 certificate (RFC 5280), freed with its last reference.
///
/// Sendable: nothing changes it after it was made, and OpenSSL guards what it caches in it by a lock of its own.
@safe
package final class Certificate: @unchecked Sendable {
    /// OpenSSL's `X509`.
    package let pointer: OpaquePointer

    /// What tells the certificate's key from every other.
    package let fingerprint: KeyFingerprint

    /// From when and until when it is valid.
    package let validity: CertificateValidity

    /// Takes over a reference to an `X509`.
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
        // Parses the extensions now, so that no later reading changes the object.
        unsafe _ = X509_check_purpose(pointer, -1, 0)
        fingerprint = unsafe KeyFingerprint(
            subjectPublicKeyInfo: DER.bytes(of: X509_get_X509_PUBKEY(pointer)) { unsafe i2d_X509_PUBKEY($0, $1) }
        )
        // Where a moment cannot be read the certificate is valid never.
        validity = unsafe CertificateValidity(
            notBefore: ASN1Time.seconds(X509_get0_notBefore(pointer)) ?? .max,
            notAfter: ASN1Time.seconds(X509_get0_notAfter(pointer)) ?? .min
        )
    }

    /// Shares an `X509` that someone else owns.
    ///
    /// - Parameter pointer: OpenSSL's `X509`.
    package convenience init(sharing pointer: OpaquePointer) {
        unsafe X509_up_ref(pointer)
        unsafe self.init(owning: pointer)
    }

    deinit {
        unsafe X509_free(pointer)
    }

    /// The subject's common name; empty where it has none.
    package var name: String {
        unsafe CertificateName.common(X509_get_subject_name(pointer))
    }

    /// The common name of who signed it; empty where it has none.
    package var issuerName: String {
        unsafe CertificateName.common(X509_get_issuer_name(pointer))
    }

    /// Whether it says that it may sign other certificates (RFC 5280, section 4.2.1.9).
    package var isAuthority: Bool { unsafe X509_check_ca(pointer) == 1 }

    /// Whether it is the certificate of a key.
    func isFor(_ key: PrivateKey) -> Bool {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        return unsafe X509_check_private_key(pointer, key.pointer) == 1
    }

    /// Whether its own key signed it.
    package var isSelfSigned: Bool { unsafe X509_self_signed(pointer, 1) == 1 }
}

extension Certificate {
    /// Reads certificates in PEM, one after another.
    ///
    /// - Parameters:
    ///   - pem: The file's bytes.
    ///   - place: How messages name the file.
    /// - Returns: At least one certificate.
    /// - Throws: ``EffectError`` with `corrupted` where there is none, or one is damaged.
    package static func read(pem: [UInt8], from place: String) throws(EffectError) -> [Certificate] {
        OpenSSLError.clear()
        guard let bytes = MemoryBIO(pem) else { throw OpenSSLError.failure(making: "a buffer") }
        var certificates: [Certificate] = []
        while let pointer = unsafe PEM_read_bio_X509(bytes.pointer, nil, nil, nil) {
            unsafe certificates.append(Certificate(owning: pointer))
        }
        guard OpenSSLError.isEndOfPEM else {
            throw OpenSSLError.failure(
                .corrupted,
                "Certificate \(certificates.count + 1) of \(place) is damaged: restore the file or make it anew."
            )
        }
        OpenSSLError.clear()
        guard !certificates.isEmpty else {
            throw EffectError(.corrupted, "\(place) holds no certificate in PEM: restore the file or make it anew.")
        }
        return certificates
    }

    /// Reads certificates from a file that anybody may have written.
    ///
    /// - Parameter path: The file's path.
    /// - Returns: At least one certificate.
    /// - Throws: ``EffectError``: `notFound`, or `corrupted` where there is none, or one is damaged.
    package static func read(path: String) throws(EffectError) -> [Certificate] {
        try read(pem: CertificateFile.contents(of: path, .none), from: path)
    }

    /// The certificate in PEM.
    ///
    /// - Returns: The text's bytes.
    /// - Throws: ``EffectError`` with `internal` where OpenSSL fails.
    package func pem() throws(EffectError) -> [UInt8] {
        OpenSSLError.clear()
        guard let bytes = MemoryBIO(), unsafe PEM_write_bio_X509(bytes.pointer, pointer) == 1 else {
            throw OpenSSLError.failure(making: "the text of a certificate")
        }
        return bytes.bytes
    }
}

extension OpenSSLError {
    /// Whether the last failure only says that a text in PEM has ended.
    static var isEndOfPEM: Bool {
        let code = ERR_peek_last_error()
        return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE
    }
}
#endif
