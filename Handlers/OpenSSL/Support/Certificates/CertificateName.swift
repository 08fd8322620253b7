#if OpenSSL
internal import COpenSSL

/// Names of certificates' owners (RFC 5280, section 4.1.2.6).
enum CertificateName {
    /// The common name in a distinguished name; empty where there is none.
    static func common(_ name: OpaquePointer?) -> String {
        let index = unsafe X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard index >= 0, let entry = unsafe X509_NAME_get_entry(name, index) else { return "" }
        var text: UnsafeMutablePointer<UInt8>?
        let count = unsafe ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
        guard count > 0, let text = unsafe text else { return "" }
        defer { unsafe CRYPTO_free(text, "", 0) }
        return unsafe String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
    }
}
#endif
