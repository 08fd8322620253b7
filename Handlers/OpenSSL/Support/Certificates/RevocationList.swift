#if OpenSSL
package import AuraEffects
internal import COpenSSL

/// A list of certificates that their CA took back (RFC 5280, section 5), freed with its last reference.
///
/// Sendable: nothing changes it after it was made, and OpenSSL guards what it caches in it by a lock of its own.
@safe
package final class RevocationList: @unchecked Sendable {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe X509_CRL_free(pointer)
    }

    /// Reads lists in PEM, one after another.
    ///
    /// - Parameters:
    ///   - pem: The file's bytes.
    ///   - place: How messages name the file.
    /// - Returns: At least one list.
    /// - Throws: ``EffectError`` with `corrupted` where there is none, or one is damaged.
    package static func read(pem: [UInt8], from place: String) throws(EffectError) -> [RevocationList] {
        OpenSSLError.clear()
        guard let bytes = MemoryBIO(pem) else { throw OpenSSLError.failure(making: "a buffer") }
        var lists: [RevocationList] = []
        while let pointer = unsafe PEM_read_bio_X509_CRL(bytes.pointer, nil, nil, nil) {
            unsafe lists.append(RevocationList(owning: pointer))
        }
        guard OpenSSLError.isEndOfPEM else {
            throw OpenSSLError.failure(
                .corrupted,
                "Revocation list \(lists.count + 1) of \(place) is damaged: get it from its CA again."
            )
        }
        OpenSSLError.clear()
        guard !lists.isEmpty else {
            throw EffectError(.corrupted, "\(place) holds no revocation list in PEM: get it from its CA again.")
        }
        return lists
    }

    /// Reads lists from a file that anybody may have written.
    ///
    /// - Parameter path: The file's path.
    /// - Returns: At least one list.
    /// - Throws: ``EffectError``: `notFound`, or `corrupted` where there is none, or one is damaged.
    package static func read(path: String) throws(EffectError) -> [RevocationList] {
        try read(pem: CertificateFile.contents(of: path, .none), from: path)
    }

    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    package var issued: Int64 { unsafe ASN1Time.seconds(X509_CRL_get0_lastUpdate(pointer)) ?? 0 }

    /// The common name of the CA that made it; empty where it has none.
    package var issuerName: String { unsafe CertificateName.common(X509_CRL_get_issuer(pointer)) }

    /// The list in PEM.
    ///
    /// - Returns: The text's bytes.
    /// - Throws: ``EffectError`` with `internal` where OpenSSL fails.
    package func pem() throws(EffectError) -> [UInt8] {
        OpenSSLError.clear()
        guard let bytes = MemoryBIO(), unsafe PEM_write_bio_X509_CRL(bytes.pointer, pointer) == 1 else {
            throw OpenSSLError.failure(making: "the text of a revocation list")
        }
        return bytes.bytes
    }

    /// Whether a CA signed the list.
    package func isSigned(by authority: Certificate) -> Bool {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        return unsafe X509_NAME_cmp(X509_CRL_get_issuer(pointer), X509_get_subject_name(authority.pointer)) == 0
            && X509_CRL_verify(pointer, X509_get0_pubkey(authority.pointer)) == 1
    }
}
#endif
