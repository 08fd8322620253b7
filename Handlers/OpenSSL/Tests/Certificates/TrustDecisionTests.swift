#if OpenSSL
internal import AuraEffects
internal import OpenSSLSupport
internal import Testing

@Suite("Whether a peer is trusted")
struct TrustDecisionTests {
    @Test("a pinned key is trusted though it signed its certificate itself", arguments: PrivateKey.Algorithm.allCases)
    func pinned(algorithm: PrivateKey.Algorithm) throws {
        let node = try Sample.identity(Sample.request(), algorithm)
        var file = TrustFile()
        try file.pin(node.fingerprint, as: "laptop")
        let decision = try TrustStore(file).decide(node.shown, expecting: .accepted, at: Sample.wallTime())
        #expect(decision == .trusted(TrustedPeer(fingerprint: node.fingerprint, name: "laptop")))
    }

    @Test("a key that a private CA vouches for is trusted at its host")
    func authority() throws {
        let ca = try Sample.identity(Sample.request("ca", isAuthority: true), .ecdsaP256)
        let node = try Sample.identity(Sample.request(hosts: ["node.example.org", "192.0.2.7"]), signedBy: ca)
        let store = try TrustStore(TrustFile(), authorities: [ca.certificate])
        for host in ["node.example.org", "192.0.2.7"] {
            let decision = store.decide(node.shown, expecting: .dialled(CertificateHost(host)), at: Sample.wallTime())
            #expect(decision == .trusted(TrustedPeer(fingerprint: node.fingerprint, name: nil)))
        }
    }
}
#endif
