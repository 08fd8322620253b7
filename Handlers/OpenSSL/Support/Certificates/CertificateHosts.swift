#if OpenSSL
internal import COpenSSL

extension Certificate {
    /// The names and addresses that the certificate is for (RFC 5280, section 4.2.1.6), in its order.
    package var hosts: [CertificateHost] {
        guard let names = unsafe X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else { return [] }
        let stack = OpaquePointer(names)
        defer { unsafe GENERAL_NAMES_free(stack) }
        return unsafe (0..<OPENSSL_sk_num(stack))
            .compactMap { index in
                unsafe Self.host(OPENSSL_sk_value(stack, index).assumingMemoryBound(to: GENERAL_NAME.self))
            }
    }

    private static func host(_ name: UnsafePointer<GENERAL_NAME>) -> CertificateHost? {
        // Names of other types hold no string.
        let type = unsafe name.pointee.type
        guard type == GEN_DNS || type == GEN_IPADD, let value = unsafe name.pointee.d.ia5 else { return nil }
        let bytes = unsafe Array(
            UnsafeBufferPointer(start: ASN1_STRING_get0_data(value), count: Int(ASN1_STRING_length(value)))
        )
        return switch type {
        case GEN_DNS: .name(String(decoding: bytes, as: UTF8.self).lowercased())
        case GEN_IPADD where bytes.count == 4 || bytes.count == 16: .address(bytes)
        default: nil
        }
    }

    /// Whether the certificate is for a host: by its subject alternative names alone (RFC 9525, section 6.3), never by its
    /// common name.
    ///
    /// - Parameter host: A DNS name or an IP address; the certificate is not for a text that is neither.
    /// - Returns: Whether it is.
    package func isFor(_ host: String) -> Bool {
        switch CertificateHost(host) {
        case nil: return false
        case .name(let name):
            let flags = UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
            return unsafe X509_check_host(pointer, name, name.utf8.count, flags, nil) == 1
        case .address(let bytes):
            return unsafe X509_check_ip(pointer, bytes, bytes.count, 0) == 1
        }
    }
}
#endif
