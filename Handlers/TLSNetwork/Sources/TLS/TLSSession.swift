#if TLSNetwork
internal import AuraEffects
internal import COpenSSL
internal import NIOCore
internal import OpenSSLSupport

/// One side of a TLS connection, without a socket: ciphertext goes through a ``CiphertextPipe``.
///
/// It belongs to its channel's event loop.
@safe
final class TLSSession {
    /// The most bytes of a record's plaintext (RFC 8446, section 5.1).
    static let recordBytes = 16_384
    /// So often a peer may change its keys in a row (RFC 8446, section 4.6.3).
    ///
    /// Each change costs this side far more than the peer's few bytes. BoringSSL takes as many.
    private static let idleKeyUpdateLimit = 32
    /// What a record adds to its plaintext: header, kind, authentication tag.
    static let recordOverhead = 22

    /// What it is secured with.
    let context: TLSContext
    private let address: PeerAddress?
    let ssl: OpaquePointer
    private let pipe = CiphertextPipe()
    private var refusal: TrustRefusal?
    /// How often the peer has changed its keys since it last sent anything.
    private var idleKeyUpdates = 0
    /// Whether the peer's own certificate is enough to trust it: a resumed session has kept no other.
    private var isResumable = true

    /// What the peer has shown, once the handshake is done.
    private(set) var peer: PeerCertificates?

    /// Begins a side.
    ///
    /// - Parameters:
    ///   - context: What it is secured with.
    ///   - address: Where the peer was dialled; `nil` where it dialled. Who dialled is TLS's client.
    /// - Throws: ``TLSFailure`` where OpenSSL has no memory.
    init(_ context: TLSContext, dialling address: PeerAddress?) throws(TLSFailure) {
        OpenSSLError.clear()
        guard let ssl = unsafe SSL_new(context.pointer), let bio = unsafe pipe.makeBIO() else {
            throw .drained("OpenSSL makes no TLS connection")
        }
        unsafe self.ssl = ssl
        self.context = context
        self.address = address
        unsafe SSL_set_bio(ssl, bio, bio)
        unsafe SSL_set_ex_data(ssl, TLSContext.sessionIndex, Unmanaged.passUnretained(self).toOpaque())
        guard let address else {
            unsafe SSL_set_accept_state(ssl)
            return
        }
        unsafe SSL_set_connect_state(ssl)
        if !address.isNumeric { unsafe _ = aura_ssl_set_server_name(ssl, address.host) }
        if let kept = context.sessions.session(for: address) { unsafe SSL_set_session(ssl, kept.pointer) }
    }

    deinit {
        // OpenSSL would not resume the session of a connection that broke, which is when resuming is of most use.
        unsafe SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        unsafe SSL_free(ssl)
    }

    /// The session of an `SSL`.
    static func of(_ ssl: OpaquePointer) -> TLSSession? {
        guard let data = unsafe SSL_get_ex_data(ssl, TLSContext.sessionIndex) else { return nil }
        return unsafe Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue()
    }

    /// Whether the handshake resumed an earlier session.
    var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }

    /// Whether a record has begun and not ended.
    var isAmidRecord: Bool { unsafe SSL_has_pending(ssl) == 1 }

    /// Adds what came from the peer.
    func receive(_ bytes: ByteBuffer) {
        pipe.receive(bytes)
    }

    /// Takes out what is to be sent to the peer.
    func takeOutgoing() -> ByteBuffer? {
        pipe.takeOutgoing()
    }

    /// Goes on with the handshake.
    ///
    /// - Returns: Whether it is done; the peer is known and trusted then.
    /// - Throws: ``TLSFailure``.
    func handshake() throws(TLSFailure) -> Bool {
        OpenSSLError.clear()
        let result = unsafe SSL_do_handshake(ssl)
        guard result == 1 else {
            if unsafe SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ { return false }
            forgetTicket()
            throw failure("the handshake failed")
        }
        // Its ticket is used up.
        forgetTicket()
        if peer == nil {
            // A resumed session shows no certificates: it has kept the peer's own, and is judged by it again.
            peer = unsafe PeerCertificates(connection: ssl)
            if case .refused(let refusal) = context.judge(peer, dialledAt: address) {
                // The next ticket is in it, by which the peer would only be refused again.
                _ = pipe.takeOutgoing()
                throw TLSFailure(refusal)
            }
        }
        return true
    }

    /// Forgets the session that the server has offered, so that the next handshake is a full one.
    func forgetTicket() {
        if let address { context.sessions.forget(address) }
    }

    /// What a reading gave.
    enum Reading {
        /// So many bytes.
        case bytes(Int)
        /// Nothing until more comes from the peer.
        case wantsMore
        /// The peer has closed its side properly.
        case closed
    }

    /// Decrypts what came.
    ///
    /// - Parameter buffer: Where the plaintext goes; not empty.
    /// - Returns: How much it is.
    /// - Throws: ``TLSFailure``.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSFailure) -> Reading {
        OpenSSLError.clear()
        let count = unsafe SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
        guard idleKeyUpdates <= Self.idleKeyUpdateLimit else {
            throw TLSFailure("the peer changes its keys without end")
        }
        if count > 0 {
            idleKeyUpdates = 0
            return .bytes(Int(count))
        }
        switch unsafe SSL_get_error(ssl, count) {
        case SSL_ERROR_WANT_READ: return .wantsMore
        case SSL_ERROR_ZERO_RETURN: return .closed
        default: throw failure("the connection failed")
        }
    }

    /// Decrypts what came behind what is in `output` already; there must be room in it.
    ///
    /// - Throws: ``TLSFailure``.
    func read(into output: inout OutputSpan<UInt8>) throws(TLSFailure) -> Reading {
        unsafe try output.withUnsafeMutableBufferPointer { buffer, count throws(TLSFailure) in
            let reading = unsafe try read(
                into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[count...]))
            )
            if case .bytes(let size) = reading { count += size }
            return reading
        }
    }

    /// Makes room for plaintext that is about to be encrypted.
    func reserve(_ count: Int) {
        pipe.reserve(count + (count / Self.recordBytes + 1) * Self.recordOverhead)
    }

    /// Encrypts.
    ///
    /// - Parameter bytes: The plaintext, of any length.
    /// - Throws: ``TLSFailure``.
    func write(_ bytes: ArraySlice<UInt8>) throws(TLSFailure) {
        guard !bytes.isEmpty else { return }
        OpenSSLError.clear()
        let count = unsafe bytes.withUnsafeBytes { unsafe SSL_write(ssl, $0.baseAddress, Int32($0.count)) }
        guard count == bytes.count else { throw failure("the connection cannot be written to") }
    }

    /// Closes this side properly: the peer knows then that it has everything.
    func close() {
        OpenSSLError.clear()
        unsafe _ = SSL_shutdown(ssl)
        OpenSSLError.clear()
    }

    private func failure(_ what: String) -> TLSFailure {
        if let refusal {
            OpenSSLError.clear()
            return TLSFailure(refusal)
        }
        return .drained(what)
    }
}

// What OpenSSL calls.
extension TLSSession {
    /// Judges the peer in the place of OpenSSL's own verification.
    func verify(_ store: OpaquePointer) -> Int32 {
        peer = unsafe PeerCertificates(handshake: store)
        if case .refused(let refusal) = context.judge(peer, dialledAt: address) {
            self.refusal = refusal
            unsafe X509_STORE_CTX_set_error(store, refusal.verifyError)
            return 0
        }
        if let peer, case .refused = context.judge(PeerCertificates(peer.certificate), dialledAt: address) {
            isResumable = false
            unsafe _ = SSL_set_num_tickets(ssl, 0)
        }
        unsafe X509_STORE_CTX_set_error(store, X509_V_OK)
        return 1
    }

    /// Counts a change of the peer's keys.
    func keysChanged() {
        idleKeyUpdates += 1
    }

    /// Keeps a session that the server offers; takes over the reference where it says so.
    func keep(_ session: OpaquePointer) -> Bool {
        guard let address, isResumable else { return false }
        unsafe context.sessions.keep(KeptSession(owning: session), for: address)
        return true
    }
}
#endif
