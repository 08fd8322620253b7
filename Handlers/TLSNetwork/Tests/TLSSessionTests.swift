#if TLSNetwork
internal import AuraEffects
internal import AuraMemory
@testable internal import AuraTLSNetwork
internal import NIOCore
internal import OpenSSLSupport
internal import Testing

/// Both sides of TLS in one process, without a socket.
@Suite("TLS without a socket")
struct TLSSessionTests {
    private let time = ManualTimeHandler()
    private let serverTime = ManualTimeHandler()
    private let address = PeerAddress(host: "127.0.0.1", port: 1)
    private let client: TLSContext
    private let server: TLSContext
    init() throws {
        let now = time.now.nanosecondsSinceEpoch / 1_000_000_000
        let identities = try ["client", "server"].map { try TestIdentity.make($0, from: now - 10, until: now + 3600) }
        var file = TrustFile()
        for identity in identities { try file.pin(identity.fingerprint, as: identity.certificate.name) }
        let trust = try TrustStore(file)
        client = try TLSContext(identities[0], trust, time: time)
        server = try TLSContext(identities[1], trust, time: serverTime)
    }

    /// Shakes hands and lets the client read what the server says after it.
    private func connect() throws -> (client: TLSSession, server: TLSSession) {
        let dialled = try TLSSession(client, dialling: address)
        let accepted = try TLSSession(server, dialling: nil)
        var isDone = (false, false)
        for _ in 0..<10 where isDone != (true, true) {
            if !isDone.0 { isDone.0 = try dialled.handshake() }
            if let bytes = dialled.takeOutgoing() { accepted.receive(bytes) }
            if !isDone.1 { isDone.1 = try accepted.handshake() }
            if let bytes = accepted.takeOutgoing() { dialled.receive(bytes) }
        }
        #expect(isDone == (true, true))
        try accepted.write([1, 2, 3])
        if let bytes = accepted.takeOutgoing() { dialled.receive(bytes) }
        let scratch = PlaintextScratch()
        guard case .bytes(3) = try scratch.read(dialled) else { throw TestFailure("nothing came") }
        #expect(scratch.bytes.prefix(3) == [1, 2, 3])
        return (dialled, accepted)
    }

    @Test("both sides know the other's key, also where a session is resumed")
    func keys() throws {
        for isResumed in [false, true, true] {
            let (dialled, accepted) = try connect()
            #expect(dialled.isResumed == isResumed)
            #expect(accepted.isResumed == isResumed)
            #expect(dialled.peer?.certificate.fingerprint.peer == server.localPeer)
            #expect(accepted.peer?.certificate.fingerprint.peer == client.localPeer)
        }
    }

    @Test("a session is judged again when it is resumed: a certificate that has expired meanwhile is refused")
    func expiry() throws {
        _ = try connect()
        time.jumpWallClock(by: .seconds(3700))
        let error = #expect(throws: TLSFailure.self) { try connect() }
        #expect(error?.isRefusal == true)
        #expect(error?.description.contains("expired") == true)
    }

    @Test("a server that refuses to resume a session gives no ticket for the next time")
    func noTicketForRefused() throws {
        _ = try connect()
        serverTime.jumpWallClock(by: .seconds(3700))
        let dialled = try TLSSession(client, dialling: address)
        let accepted = try TLSSession(server, dialling: nil)
        #expect(try !dialled.handshake())
        accepted.receive(try #require(dialled.takeOutgoing()))
        #expect(try !accepted.handshake())
        dialled.receive(try #require(accepted.takeOutgoing()))
        #expect(try dialled.handshake() && dialled.isResumed)
        accepted.receive(try #require(dialled.takeOutgoing()))
        let error = #expect(throws: TLSFailure.self) { try accepted.handshake() }
        #expect(error?.isRefusal == true)
        #expect(accepted.takeOutgoing() == nil)
    }

    @Test("large plaintexts come out as they went in")
    func large() throws {
        let (dialled, accepted) = try connect()
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var packer = RecordPacker()
        let frames = try [100, 16_384, 16_380, 50_000, 0, 1]
            .map { count in
                try OutgoingFrame(.message(Envelope(channel: "c", payload: Array(bytes.prefix(count)))))
            }
        try packer.write(frames, to: dialled)
        while let ciphertext = dialled.takeOutgoing() { accepted.receive(ciphertext) }
        let scratch = PlaintextScratch()
        var received: [UInt8] = []
        reading: while true {
            switch try scratch.read(accepted) {
            case .bytes(let count): received += scratch.bytes.prefix(count)
            case .wantsMore, .closed: break reading
            }
        }
        #expect(received == frames.flatMap { $0.head + $0.payload })
    }
}
#endif
