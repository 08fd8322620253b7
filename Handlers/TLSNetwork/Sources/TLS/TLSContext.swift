#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import COpenSSL
internal import OpenSSLSupport

/// What connections are secured with: a certificate with its key, whom to trust, and the sessions that can be resumed.
///
/// It does not change: where a file did, new connections get a new context, and its new ticket keys resume no old session.
/// Sendable: OpenSSL guards an `SSL_CTX` by locks of its own once it is set up.
@safe
final class TLSContext: @unchecked Sendable {
    /// OpenSSL's `SSL_CTX`.
    let pointer: OpaquePointer
    private let identity: NodeIdentity
    let trust: TrustStore
    private let time: any TimeEffects
    /// The sessions of servers that were dialled.
    let sessions = TLSSessionCache()

    /// Where a session keeps its ``TLSSession``.
    static let sessionIndex = aura_ssl_new_index()

    /// Makes a context for TLS 1.3 (RFC 8446) with certificates of both sides.
    ///
    /// - Parameters:
    ///   - identity: Who the node is.
    ///   - trust: Whom it trusts.
    ///   - time: The clock that certificates are judged by.
    /// - Throws: ``EffectError`` with `internal` where OpenSSL refuses the identity or has no TLS 1.3.
    init(_ identity: NodeIdentity, _ trust: TrustStore, time: any TimeEffects) throws(EffectError) {
        OpenSSLError.clear()
        guard let pointer = unsafe SSL_CTX_new(TLS_method()) else { throw Self.failure }
        unsafe self.pointer = pointer
        self.identity = identity
        self.trust = trust
        self.time = time
        guard unsafe aura_ssl_ctx_set_version(pointer, TLS1_3_VERSION) == 1 else { throw Self.failure }
        unsafe try identity.configure(pointer)
        requirePeerCertificate()
        try keepSessions()
        countKeyUpdates()
        // An idle connection then keeps no buffers for records: 32 KiB less for each.
        unsafe aura_ssl_ctx_set_mode(
            pointer,
            Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER)
        )
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    /// The node's address: its own key's fingerprint.
    var localPeer: PeerID { identity.peer }

    /// Decides whether a peer is trusted.
    ///
    /// - Parameters:
    ///   - peer: What it has shown.
    ///   - address: Where it was dialled; `nil` where it dialled.
    /// - Returns: The decision.
    func judge(_ peer: PeerCertificates?, dialledAt address: PeerAddress?) -> TrustDecision {
        trust.decide(peer, expecting: expectation(at: address), at: time.now)
    }

    private func expectation(at address: PeerAddress?) -> PeerExpectation {
        guard let address else { return .accepted }
        let keys = address.peer.map { name in
            KeyFingerprint(name).map { [$0] } ?? trust.keys(named: name)
        }
        return .dialled(address.host, keys: keys)
    }

    private static var failure: EffectError {
        let reasons = OpenSSLError.drain().joined(separator: "; ")
        return NetworkErrors.errors.error(
            .internal,
            in: "open",
            "OpenSSL cannot be set up for TLS 1.3 (\(reasons)): check that OpenSSL 3 and its 'default' provider are installed."
        )
    }

    private func requirePeerCertificate() {
        unsafe SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        unsafe SSL_CTX_set_cert_verify_callback(
            pointer,
            { store, _ in
                guard let store = unsafe store,
                    let ssl = unsafe X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
                    let session = unsafe TLSSession.of(OpaquePointer(ssl))
                else { return 0 }
                return unsafe session.verify(store)
            },
            nil
        )
    }

    private func keepSessions() throws(EffectError) {
        // Sessions with a client's certificate are resumed only within a named context (SSL_CTX_set_session_id_context).
        let name = Array("aura".utf8)
        guard unsafe SSL_CTX_set_session_id_context(pointer, name, UInt32(name.count)) == 1,
            unsafe SSL_CTX_set_num_tickets(pointer, 1) == 1
        else { throw Self.failure }
        unsafe aura_ssl_ctx_set_session_cache_mode(
            pointer,
            Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL)
        )
        unsafe SSL_CTX_sess_set_new_cb(pointer) { ssl, session in
            guard let ssl = unsafe ssl, let session = unsafe session, let owner = unsafe TLSSession.of(ssl) else {
                return 0
            }
            return unsafe owner.keep(session) ? 1 : 0
        }
    }

    private func countKeyUpdates() {
        unsafe SSL_CTX_set_msg_callback(pointer) { isWritten, _, kind, bytes, count, ssl, _ in
            guard isWritten == 0, kind == SSL3_RT_HANDSHAKE, count > 0,
                let bytes = unsafe bytes, unsafe bytes.load(as: UInt8.self) == SSL3_MT_KEY_UPDATE,
                let ssl = unsafe ssl
            else { return }
            unsafe TLSSession.of(ssl)?.keysChanged()
        }
    }
}
#endif
