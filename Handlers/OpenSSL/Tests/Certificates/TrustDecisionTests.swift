#if OpenSSL
internal import AuraEffects
internal import OpenSSLSupport
internal import Testing

@Suite("Whether a peer is trusted")
struct TrustDecisionTests {
    // MARK: Trusted

    @Test("a pinned key is trusted though it signed its certificate itself", arguments: PrivateKey.Algorithm.allCases)
    func pinned(algorithm: PrivateKey.Algorithm) throws {
        let node = try Sample.identity(Sample.request("laptop"), algorithm)
        let store = try TrustStore(Sample.pinning(node))
        let decision = store.decide(node.shown, expecting: .accepted, at: Sample.wallTime())
        #expect(decision == .trusted(TrustedPeer(fingerprint: node.fingerprint, name: "laptop")))
    }

    @Test("a pinned key is trusted in the first and in the last second of its certificate")
    func boundaries() throws {
        let node = try Sample.identity()
        let store = try TrustStore(Sample.pinning(node))
        let validity = node.certificate.validity
        #expect(
            validity == CertificateValidity(notBefore: Sample.now - Sample.day, notAfter: Sample.now + 30 * Sample.day)
        )
        for moment in [validity.notBefore, validity.notAfter] {
            #expect(store.decide(node.shown, expecting: .accepted, at: Sample.wallTime(moment)).refusal == nil)
        }
    }

    @Test("a new certificate for the same key needs no new pin, and a pinned key no host")
    func renewed() throws {
        let node = try Sample.identity(Sample.request(until: Sample.now - 1))
        let renewed = try NodeIdentity.make(Sample.request(hosts: ["elsewhere.example.org"]), key: node.key)
        #expect(renewed.fingerprint == node.fingerprint)
        let store = try TrustStore(Sample.pinning(node))
        #expect(store.decide(node.shown, expecting: .accepted, at: Sample.wallTime()).refusal?.reason == .expired)
        let expectation = PeerExpectation.dialled("node.example.org", keys: store.keys(named: "node"))
        let decision = store.decide(renewed.shown, expecting: expectation, at: Sample.wallTime())
        #expect(decision == .trusted(TrustedPeer(fingerprint: node.fingerprint, name: "node")))
    }

    @Test(
        "a key that a private CA vouches for is trusted at each of its hosts",
        arguments: [
            ("node.example.org", "node.example.org"), ("node.example.org", "NODE.example.ORG"),
            ("*.example.org", "other.example.org"), ("192.0.2.7", "192.0.2.7"), ("2001:db8::7", "2001:db8:0::0:7"),
        ]
    )
    func authority(host: String, dialled: String) throws {
        let ca = try Sample.authority()
        for algorithm in PrivateKey.Algorithm.allCases {
            let node = try Sample.identity(Sample.request(hosts: [host]), algorithm, signedBy: ca)
            let store = try TrustStore(TrustFile(), authorities: [Sample.authority().certificate, ca.certificate])
            for expectation in [.accepted, PeerExpectation.dialled(dialled)] {
                let decision = store.decide(node.shown, expecting: expectation, at: Sample.wallTime())
                #expect(decision == .trusted(TrustedPeer(fingerprint: node.fingerprint, name: nil)))
            }
        }
    }

    @Test("a CA below another one is trusted by itself")
    func partialChain() throws {
        let (root, scratch) = try (Sample.authority("root"), Scratch())
        let extensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign"
        let middle = try scratch.certificate("middle", extensions: extensions, signedBy: root)
        let key = try PrivateKey.read(pem: scratch.bytes("middle.key"), from: "middle.key")
        let request = Sample.request(from: middle.validity.notBefore, until: middle.validity.notAfter)
        let node = try Certificate.make(request, for: .generate(.ed25519), signedBy: (middle, key))
        let store = try TrustStore(TrustFile(), authorities: [middle])
        let now = Sample.wallTime(middle.validity.notBefore)
        #expect(store.decide(PeerCertificates(node), expecting: .accepted, at: now).refusal == nil)
    }

    @Test("the revocation list of one CA leaves the others of its certificates, and those of another CA, trusted")
    func otherLists() throws {
        let (first, second) = try (Sample.authority("first"), Sample.authority("second"))
        let (revoked, fine) = try (Sample.identity(signedBy: first), Sample.identity(signedBy: first))
        let list = try Scratch().revocationList(of: first, naming: [revoked.certificate])
        let store = try TrustStore(
            TrustFile(),
            authorities: [first.certificate, second.certificate],
            revocationLists: [list]
        )
        for node in [fine, try Sample.identity(signedBy: second)] {
            #expect(store.decide(node.shown, expecting: .accepted, at: Sample.wallTime()).refusal == nil)
        }
        #expect(store.decide(revoked.shown, expecting: .accepted, at: Sample.wallTime()).refusal?.reason == .revoked)
    }

    // MARK: Refused

    @Test("is refused", arguments: TrustScenario.all)
    func refused(scenario: TrustScenario) throws {
        let refusal = try #require(try scenario.decide().refusal)
        #expect(refusal.reason == scenario.reason, "\(refusal)")
        #expect(refusal.description.hasPrefix("\(scenario.reason.rawValue): "))
        #expect(refusal.verifyError != 0)
        #expect((refusal.fingerprint == nil) == (scenario.reason == .noCertificate))
    }

    @Test("each reason for a refusal is met")
    func everyReason() {
        #expect(Set(TrustScenario.all.map(\.reason)) == Set(TrustRefusal.Reason.allCases))
    }

    @Test("what a peer calls itself cannot write on a terminal")
    func claimedName() throws {
        let scratch = try Scratch()
        try scratch.openssl(
            "req",
            "-x509",
            "-newkey",
            "ed25519",
            "-nodes",
            "-subj",
            "/CN=a\u{1b}[2Jb",
            "-keyout",
            "key",
            "-out",
            "pem"
        )
        let peer = PeerCertificates(try Certificate.read(path: scratch.file("pem"))[0])
        let now = Sample.wallTime(peer.certificate.validity.notBefore)
        let refusal = try #require(try TrustStore(TrustFile()).decide(peer, expecting: .accepted, at: now).refusal)
        #expect(refusal.claimedName == "a\u{1b}[2Jb")
        #expect(
            refusal.description.hasPrefix("selfSignedUnpinned: 'a\\u{1B}[2Jb' with key \(peer.certificate.fingerprint)")
        )
    }
}
#endif
