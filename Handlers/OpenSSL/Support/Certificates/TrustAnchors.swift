#if OpenSSL
internal import AuraEffects
internal import COpenSSL

/// Private CAs and their revocation lists as OpenSSL searches them, freed with the last reference.
///
/// Sendable: nothing changes it after it was made, and OpenSSL searches it under a lock of its own.
@safe
final class TrustAnchors: @unchecked Sendable {
    let pointer: OpaquePointer
    let hasRevocationLists: Bool

    init(authorities: [Certificate], revocationLists: [RevocationList]) throws(EffectError) {
        OpenSSLError.clear()
        guard let pointer = unsafe X509_STORE_new() else { throw OpenSSLError.failure(making: "a store of CAs") }
        unsafe self.pointer = pointer
        hasRevocationLists = !revocationLists.isEmpty
        guard authorities.allSatisfy({ unsafe X509_STORE_add_cert(pointer, $0.pointer) == 1 }),
            revocationLists.allSatisfy({ unsafe X509_STORE_add_crl(pointer, $0.pointer) == 1 })
        else { throw OpenSSLError.failure(making: "a store of CAs") }
    }

    deinit {
        unsafe X509_STORE_free(pointer)
    }
}

/// The search for a path from a peer's certificate to a trusted CA (RFC 5280, section 6), by OpenSSL.
enum PathValidation {
    /// The most CAs between a peer's certificate and the trusted one.
    static let depthLimit: Int32 = 4

    /// 112 bits of security: no RSA key under 2048 bits, no signature with SHA-1 (NIST SP 800-57).
    static let securityLevel: Int32 = 2

    /// Why there is no path.
    struct Failure: Error {
        /// OpenSSL's `X509_V_ERR_…`.
        var code: Int32
        /// How many certificates above the peer's own the failure is.
        var depth: Int32
    }

    /// Searches a path.
    ///
    /// - Parameters:
    ///   - peer: The peer's certificates.
    ///   - side: Which end of the connection the peer is.
    ///   - anchors: The trusted CAs.
    ///   - seconds: Now, in seconds since 1970-01-01T00:00:00Z.
    /// - Throws: ``Failure`` where there is none.
    static func validate(
        _ peer: PeerCertificates,
        as side: PeerExpectation.Side,
        against anchors: TrustAnchors,
        at seconds: Int64
    ) throws(Failure) {
        OpenSSLError.clear()
        defer { OpenSSLError.clear() }
        let stack = unsafe OPENSSL_sk_new_null()
        defer { unsafe OPENSSL_sk_free(stack) }
        for certificate in peer.others {
            unsafe OPENSSL_sk_push(stack, UnsafeRawPointer(certificate.pointer))
        }
        guard let context = unsafe X509_STORE_CTX_new() else {
            throw Failure(code: X509_V_ERR_OUT_OF_MEM, depth: 0)
        }
        defer { unsafe X509_STORE_CTX_free(context) }
        guard unsafe X509_STORE_CTX_init(context, anchors.pointer, peer.certificate.pointer, stack) == 1,
            unsafe X509_STORE_CTX_set_default(context, side == .server ? "ssl_server" : "ssl_client") == 1
        else { throw Failure(code: X509_V_ERR_UNSPECIFIED, depth: 0) }
        unsafe configure(context, anchors, seconds)
        let isValid = unsafe X509_verify_cert(context) == 1
        let code = unsafe X509_STORE_CTX_get_error(context)
        // Kept alive until OpenSSL, which shares them without a reference, is done.
        withExtendedLifetime((peer, anchors)) {}
        guard isValid && code == X509_V_OK else {
            throw Failure(code: code, depth: unsafe X509_STORE_CTX_get_error_depth(context))
        }
    }

    private static func configure(_ context: OpaquePointer, _ anchors: TrustAnchors, _ seconds: Int64) {
        let parameters = unsafe X509_STORE_CTX_get0_param(context)
        unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(seconds))
        unsafe X509_VERIFY_PARAM_set_depth(parameters, depthLimit)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, securityLevel)
        // A CA in the store is trusted by itself, whoever signed it.
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        guard anchors.hasRevocationLists else { return }
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
        unsafe X509_STORE_CTX_set_verify_cb(context) { isFine, context in
            unsafe isFine == 1 || PathValidation.isWithoutList(context) ? 1 : 0
        }
    }

    /// Whether all that is missing is the list of a CA that has none; forgets that it is missing.
    private static func isWithoutList(_ context: OpaquePointer?) -> Bool {
        guard unsafe X509_STORE_CTX_get_error(context) == X509_V_ERR_UNABLE_TO_GET_CRL,
            let certificate = unsafe X509_STORE_CTX_get_current_cert(context)
        else { return false }
        let lists = unsafe X509_STORE_CTX_get1_crls(context, X509_get_issuer_name(certificate))
        let count = unsafe OPENSSL_sk_num(lists)
        unsafe OPENSSL_sk_pop_free(lists) { unsafe X509_CRL_free(OpaquePointer($0)) }
        guard count <= 0 else { return false }
        unsafe X509_STORE_CTX_set_error(context, X509_V_OK)
        return true
    }
}
#endif
