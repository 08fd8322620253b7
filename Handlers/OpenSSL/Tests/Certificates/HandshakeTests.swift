#if OpenSSL
internal import AuraEffects
internal import COpenSSL
internal import OpenSSLSupport
internal import Testing

@Suite("Identities and trust in a handshake of TLS 1.3")
struct HandshakeTests {
    @Test("both sides learn who the other one is", arguments: PrivateKey.Algorithm.allCases)
    func mutual(algorithm: PrivateKey.Algorithm) throws {
        let (office, laptop) = try (Sample.identity(Sample.request("office"), algorithm), Sample.identity())
        let server = try Endpoint(office, trusting: Sample.pinning(laptop), expecting: .accepted)
        let client = try Endpoint(laptop, trusting: Sample.pinning(office), expecting: .dialled(nil))
        #expect(handshake(client, server))
        #expect(client.peer == office.fingerprint && server.peer == laptop.fingerprint)
    }

    @Test("both sides trust what a private CA signed")
    func authority() throws {
        let root = try Sample.authority("root")
        let office = try Sample.identity(Sample.request("office", hosts: ["office.example.org"]), signedBy: root)
        let laptop = try Sample.identity(Sample.request("laptop"), signedBy: root)
        let trusted = [root.certificate]
        let expectation = PeerExpectation.dialled("office.example.org")
        let server = try Endpoint(office, trusting: TrustFile(), trusted, expecting: .accepted)
        let client = try Endpoint(laptop, trusting: TrustFile(), trusted, expecting: expectation)
        #expect(handshake(client, server))
        #expect(client.peer == office.fingerprint && server.peer == laptop.fingerprint)
    }

    @Test("a node shows the CAs between its certificate and the one that its peers trust")
    func chain() throws {
        let scratch = try Scratch()
        try scratch.openssl(
            "req",
            "-x509",
            "-newkey",
            "ed25519",
            "-nodes",
            "-days",
            "3650",
            "-subj",
            "/CN=root",
            "-keyout",
            "root.key",
            "-out",
            "root.pem"
        )
        let root = try NodeIdentity(pem: scratch.bytes("root.pem"), key: scratch.bytes("root.key"))
        let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign"
        let middle = try scratch.certificate("middle", extensions: extensions, signedBy: root)
        let validity = root.certificate.validity
        let request = Sample.request("office", from: validity.notBefore, until: validity.notAfter)
        let middleIdentity = try NodeIdentity(pem: middle.pem(), key: scratch.bytes("middle.key"))
        let office = try NodeIdentity.make(request, key: .generate(.ed25519), signedBy: middleIdentity)
        #expect(office.chain.map(\.fingerprint) == [office.fingerprint, middle.fingerprint])
        let laptop = try NodeIdentity.make(request, key: .generate(.ed25519))
        let now = Sample.wallTime(middle.validity.notBefore)
        let server = try Endpoint(office, trusting: Sample.pinning(laptop), expecting: .accepted, at: now)
        let client = try Endpoint(laptop, trusting: TrustFile(), [root.certificate], expecting: .dialled(nil), at: now)
        #expect(handshake(client, server))
        #expect(client.peer == office.fingerprint && server.peer == laptop.fingerprint)
    }

    @Test("a peer that is refused gets no connection, and is told why by an alert")
    func refused() throws {
        let (office, laptop) = try (Sample.identity(Sample.request("office")), Sample.identity())
        let server = try Endpoint(office, trusting: Sample.pinning(laptop), expecting: .accepted)
        var revoking = TrustFile()
        revoking.revoke(office.fingerprint, at: Sample.now)
        let client = try Endpoint(laptop, trusting: revoking, expecting: .dialled(nil))
        #expect(!handshake(client, server))
        #expect(client.decision?.refusal?.reason == .revoked)
        #expect(server.failure == ["sslv3 alert certificate revoked"])
    }
}

extension NodeIdentity {
    /// The identity of a key and a certificate, by way of a folder.
    fileprivate convenience init(pem: [UInt8], key: [UInt8]) throws {
        let scratch = try Scratch()
        try scratch.write(pem, to: "node/certificate.pem")
        try scratch.write(key, to: "node/key.pem")
        try scratch.setMode(0o600, of: "node/key.pem")
        try scratch.setMode(0o700, of: "node")
        try self.init(folder: scratch.file("node"))
    }
}

/// One end of a connection within the process.
@safe
private final class Endpoint {
    let context: OpaquePointer
    let connection: OpaquePointer
    private let store: TrustStore
    private let expectation: PeerExpectation
    private let now: WallTime
    private(set) var decision: TrustDecision?
    var failure: [String] = []

    init(
        _ identity: NodeIdentity,
        trusting file: TrustFile,
        _ authorities: [Certificate] = [],
        expecting expectation: PeerExpectation,
        at now: WallTime = Sample.wallTime()
    ) throws {
        unsafe context = try #require(unsafe SSL_CTX_new(TLS_method()))
        unsafe try identity.configure(context)
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        unsafe connection = try #require(unsafe SSL_new(context))
        store = try TrustStore(file, authorities: authorities)
        self.expectation = expectation
        self.now = now
        let own = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe SSL_CTX_set_cert_verify_callback(
            context,
            { handshake, own in
                guard let handshake = unsafe handshake, let own = unsafe own else { return 0 }
                return unsafe Unmanaged<Endpoint>.fromOpaque(own).takeUnretainedValue().verify(handshake)
            },
            own
        )
        if expectation.side == .server {
            unsafe SSL_set_connect_state(connection)
        } else {
            unsafe SSL_set_accept_state(connection)
        }
    }

    deinit {
        unsafe SSL_free(connection)
        unsafe SSL_CTX_free(context)
    }

    private func verify(_ handshake: OpaquePointer) -> Int32 {
        let shown = unsafe PeerCertificates(handshake: handshake)
        let decision = store.decide(shown, expecting: expectation, at: now)
        self.decision = decision
        guard let refusal = decision.refusal else { return 1 }
        unsafe X509_STORE_CTX_set_error(handshake, refusal.verifyError)
        return 0
    }

    /// Who the peer is, once the handshake is done.
    var peer: KeyFingerprint? {
        unsafe PeerCertificates(connection: connection)?.certificate.fingerprint
    }

    /// Goes on with the handshake as far as the bytes at hand allow.
    func advance() -> Bool {
        OpenSSLError.clear()
        let result = unsafe SSL_do_handshake(connection)
        if result == 1 {
            // In TLS 1.3 the server's refusal comes after the client's handshake is done.
            var byte: UInt8 = 0
            let count = unsafe SSL_read(connection, &byte, 1)
            if unsafe count <= 0 && SSL_get_error(connection, count) == SSL_ERROR_SSL {
                failure += OpenSSLError.drain()
            }
        } else if unsafe SSL_get_error(connection, result) == SSL_ERROR_SSL {
            failure += OpenSSLError.drain()
        }
        return result == 1
    }
}

/// Lets two ends shake hands through memory.
///
/// - Returns: Whether both are done, and neither complains.
private func handshake(_ client: Endpoint, _ server: Endpoint) -> Bool {
    var (own, other): (OpaquePointer?, OpaquePointer?)
    unsafe BIO_new_bio_pair(&own, 0, &other, 0)
    unsafe SSL_set_bio(client.connection, own, own)
    unsafe SSL_set_bio(server.connection, other, other)
    var isDone = false
    for _ in 0..<8 {
        let (first, second) = (client.advance(), server.advance())
        isDone = first && second
    }
    return isDone && client.failure.isEmpty && server.failure.isEmpty
}
#endif
