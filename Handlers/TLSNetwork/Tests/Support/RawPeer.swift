#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
@testable internal import AuraTLSNetwork
internal import COpenSSL
internal import Glibc
internal import OpenSSLSupport

/// A peer that keeps no rule unless a test says so: a socket with OpenSSL on it.
///
/// Its writes may block for as long as the other side does not read, on a thread of its own: the node's tasks need the pool's.
@safe
actor RawPeer {
    /// What a reading came to.
    enum Arrival: Equatable {
        /// Another frame.
        case frame(Frame)
        /// The other side has closed, properly or not.
        case closed
        /// Nothing for as long as was waited.
        case nothing
    }

    private nonisolated let executor = ThreadExecutor(label: "raw peer")
    private let socket: Int32
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private var decoder = FrameDecoder(payloadLimit: 1 << 20)
    private var unread: ArraySlice<UInt8> = []

    /// Dials a node.
    ///
    /// - Parameters:
    ///   - port: The node's port.
    ///   - identity: Who it says that it is; `nil` shows no certificate.
    ///   - version: The one version of TLS that it offers.
    /// - Throws: Any error of the socket or of OpenSSL.
    init(port: Int, as identity: NodeIdentity?, version: Int32 = TLS1_3_VERSION) throws {
        socket = try Self.connect(to: port)
        guard let context = unsafe SSL_CTX_new(TLS_method()) else { throw TestFailure("no context") }
        unsafe self.context = context
        unsafe _ = aura_ssl_ctx_set_version(context, version)
        if let identity { unsafe try identity.configure(context) }
        guard let ssl = unsafe SSL_new(context) else { throw TestFailure("no connection") }
        unsafe self.ssl = ssl
        unsafe SSL_set_fd(ssl, socket)
    }

    isolated deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
        Glibc.close(socket)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// A socket that is connected to a port of this machine and waits at most a millisecond for bytes.
    static func connect(to port: Int) throws -> Int32 {
        var found: OpaquePointer?
        let kind = Int32(SOCK_STREAM.rawValue)
        guard unsafe BIO_lookup("127.0.0.1", "\(port)", BIO_LOOKUP_CLIENT, AF_INET, kind, &found) == 1 else {
            throw TestFailure("no address of port \(port)")
        }
        defer { unsafe BIO_ADDRINFO_free(found) }
        let socket = BIO_socket(AF_INET, kind, 0, 0)
        guard unsafe BIO_connect(socket, BIO_ADDRINFO_address(found), 0) == 1 else {
            Glibc.close(socket)
            throw TestFailure("cannot connect: \(OpenSSLError.drain())")
        }
        var limit = timeval(tv_sec: 0, tv_usec: 1000)
        unsafe _ = setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return socket
    }

    /// Shakes hands.
    ///
    /// - Returns: Whether that came to an end on this side; the other may refuse yet.
    func handshake() async throws -> Bool {
        for _ in 0..<Self.steps {
            OpenSSLError.clear()
            let result = unsafe SSL_connect(ssl)
            if result == 1 { return true }
            guard unsafe SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ else { return false }
            try await Task.sleep(for: Self.step)
        }
        return false
    }

    /// Shakes hands and says hello, and waits for the node's.
    func join(window: UInt32 = 1 << 20) async throws {
        guard try await handshake() else { throw TestFailure("no handshake: \(OpenSSLError.drain())") }
        try send(.hello(Self.hello(window: window)))
        guard case .frame(.hello) = try await receive() else { throw TestFailure("no hello") }
    }

    static func hello(window: UInt32 = 1 << 20) -> Hello {
        Hello(instance: 1, serial: 1, payloadLimit: 1 << 20, window: window, channelLimit: 100)
    }

    /// Sends a frame.
    func send(_ frame: Frame) throws {
        let outgoing = try OutgoingFrame(frame)
        send(outgoing.head + outgoing.payload)
    }

    /// Sends bytes, whatever they are.
    ///
    /// - Returns: Whether they could be sent.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        OpenSSLError.clear()
        return unsafe SSL_write(ssl, bytes, Int32(bytes.count)) == Int32(bytes.count)
    }

    /// Changes its keys and demands that the other side does as well (RFC 8446, section 4.6.3).
    ///
    /// - Parameter times: How often in a row.
    /// - Returns: Whether that could be sent.
    func demandNewKeys(times: Int) -> Bool {
        OpenSSLError.clear()
        for _ in 0..<times {
            guard unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) == 1, unsafe SSL_do_handshake(ssl) == 1 else {
                return false
            }
        }
        return true
    }

    /// Waits for the next frame.
    func receive() async throws -> Arrival {
        for _ in 0..<Self.steps {
            do {
                if let frame = try decoder.next(&unread) { return .frame(frame) }
            } catch {
                return .closed
            }
            var buffer = [UInt8](repeating: 0, count: 16_384)
            OpenSSLError.clear()
            let count = unsafe SSL_read(ssl, &buffer, Int32(buffer.count))
            if count > 0 {
                unread = buffer[..<Int(count)]
            } else if unsafe SSL_get_error(ssl, count) == SSL_ERROR_WANT_READ {
                try await Task.sleep(for: Self.step)
            } else {
                return .closed
            }
        }
        return .nothing
    }

    /// Passes over what comes until the other side closes; `false` where it does not.
    func waitUntilClosed() async throws -> Bool {
        while true {
            switch try await receive() {
            case .closed: return true
            case .nothing: return false
            case .frame: continue
            }
        }
    }

    /// Waits until the other side closes a socket without TLS; `false` where it does not.
    static func waitUntilClosed(_ socket: Int32) async throws -> Bool {
        var answer = [UInt8](repeating: 0, count: 100)
        for _ in 0..<steps {
            let count = unsafe recv(socket, &answer, answer.count, 0)
            if count == 0 || (count < 0 && errno != EAGAIN) { return true }
            try await Task.sleep(for: step)
        }
        return false
    }

    /// So often does it look whether something has come: for 60 seconds.
    private static let steps = 12_000
    private static let step = Duration.milliseconds(5)

    /// What the certificate of the node at a port is made out to.
    static func certificate(at port: Int, as identity: NodeIdentity) async throws -> String {
        let peer = try RawPeer(port: port, as: identity)
        guard try await peer.handshake(), let name = await peer.certificate else {
            throw TestFailure("no certificate")
        }
        return name
    }

    private var certificate: String? { unsafe PeerCertificates(connection: ssl)?.certificate.name }

    /// Closes the socket without a word of TLS's.
    func vanish() {
        _ = shutdown(socket, Int32(SHUT_RDWR))
    }
}
#endif
