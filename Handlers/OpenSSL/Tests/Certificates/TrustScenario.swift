#if OpenSSL
internal import AuraEffects
internal import OpenSSLSupport
internal import Testing

/// A peer that has to be refused, and why.
struct TrustScenario: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let reason: TrustRefusal.Reason
    let decide: @Sendable () throws -> TrustDecision

    init(
        _ reason: TrustRefusal.Reason,
        _ description: String,
        _ decide: @escaping @Sendable () throws -> TrustDecision
    ) {
        testDescription = description
        self.reason = reason
        self.decide = decide
    }

    static let all: [TrustScenario] = pins + authorities + chains + lists
}

// MARK: Pins

extension TrustScenario {
    private static let pins = [
        TrustScenario(.noCertificate, "no certificate at all") {
            try TrustStore(TrustFile()).decide(nil, expecting: .accepted, at: Sample.wallTime())
        },
        TrustScenario(.revoked, "a key that is pinned and revoked") {
            let node = try Sample.identity()
            var file = TrustFile()
            file.revoke(node.fingerprint, at: Sample.now)
            let pinned = "aura-trust 1\npin node \(node.fingerprint)\n" + file.text.split(separator: "\n")[1]
            let store = try TrustStore(TrustFile(parsing: Array(pinned.utf8), from: "trust.txt"))
            #expect(store.pins[node.fingerprint] == "node")
            return store.decide(node.shown, expecting: .accepted, at: Sample.wallTime())
        },
        TrustScenario(.revoked, "a revoked key whose certificate has expired as well") {
            let node = try Sample.identity()
            var file = TrustFile()
            file.revoke(node.fingerprint, at: Sample.now)
            let later = Sample.wallTime(Sample.now + 90 * Sample.day)
            return try TrustStore(file).decide(node.shown, expecting: .accepted, at: later)
        },
        TrustScenario(.wrongKey, "another pinned key than the one that was dialled") {
            let (office, laptop) = try (Sample.identity(Sample.request("office")), Sample.identity())
            let store = try TrustStore(Sample.pinning(office, laptop))
            let expectation = PeerExpectation.dialled(nil, keys: store.keys(named: "office"))
            return store.decide(laptop.shown, expecting: expectation, at: Sample.wallTime())
        },
        TrustScenario(.wrongKey, "a pinned key where a name without a key was dialled") {
            let laptop = try Sample.identity()
            let store = try TrustStore(Sample.pinning(laptop))
            let expectation = PeerExpectation.dialled(nil, keys: store.keys(named: "nobody"))
            return store.decide(laptop.shown, expecting: expectation, at: Sample.wallTime())
        },
        TrustScenario(.notYetValid, "a pinned key a second before its certificate") {
            let node = try Sample.identity()
            let early = Sample.wallTime(node.certificate.validity.notBefore - 1)
            return try TrustStore(Sample.pinning(node)).decide(node.shown, expecting: .accepted, at: early)
        },
        TrustScenario(.expired, "a pinned key a second after its certificate") {
            let node = try Sample.identity()
            let late = Sample.wallTime(node.certificate.validity.notAfter + 1)
            return try TrustStore(Sample.pinning(node)).decide(node.shown, expecting: .accepted, at: late)
        },
        TrustScenario(.selfSignedUnpinned, "a self-signed certificate whose key is not pinned") {
            let (known, stranger) = try (Sample.identity(), Sample.identity())
            let store = try TrustStore(Sample.pinning(known), authorities: [Sample.authority().certificate])
            return store.decide(stranger.shown, expecting: .accepted, at: Sample.wallTime())
        },
    ]
}

// MARK: Private CAs

extension TrustScenario {
    private static let authorities = [
        TrustScenario(.unpinned, "a certificate of a CA where none is trusted") {
            let node = try Sample.identity(signedBy: Sample.authority())
            return try TrustStore(TrustFile()).decide(node.shown, expecting: .accepted, at: Sample.wallTime())
        },
        TrustScenario(.unpinned, "a certificate of another CA of the same name, sent along") {
            let (trusted, other) = try (Sample.authority(), Sample.authority())
            let node = try Sample.identity(signedBy: other)
            let shown = PeerCertificates(node.certificate, others: [other.certificate])
            let store = try TrustStore(TrustFile(), authorities: [trusted.certificate])
            return store.decide(shown, expecting: .accepted, at: Sample.wallTime())
        },
        TrustScenario(.unpinned, "a certificate of a CA whose key is revoked, which the peer does not send") {
            let ca = try Sample.authority()
            var file = TrustFile()
            file.revoke(ca.fingerprint, at: Sample.now)
            let node = try Sample.identity(signedBy: ca)
            let store = try TrustStore(file, authorities: [ca.certificate])
            return store.decide(node.shown, expecting: .accepted, at: Sample.wallTime())
        },
        TrustScenario(.revoked, "a certificate of a CA whose key is revoked, which the peer sends") {
            let ca = try Sample.authority()
            var file = TrustFile()
            file.revoke(ca.fingerprint, at: Sample.now)
            let node = try Sample.identity(signedBy: ca)
            let shown = PeerCertificates(node.certificate, others: [ca.certificate])
            let store = try TrustStore(file, authorities: [ca.certificate])
            return store.decide(shown, expecting: .accepted, at: Sample.wallTime())
        },
        TrustScenario(.expired, "a certificate of a CA, a second too late") {
            let ca = try Sample.authority()
            let node = try Sample.identity(signedBy: ca)
            let store = try TrustStore(TrustFile(), authorities: [ca.certificate])
            let late = Sample.wallTime(node.certificate.validity.notAfter + 1)
            return store.decide(node.shown, expecting: .accepted, at: late)
        },
        TrustScenario(.wrongHost, "a certificate that names other hosts") {
            let ca = try Sample.authority()
            let node = try Sample.identity(Sample.request(hosts: ["a.example.org", "192.0.2.7"]), signedBy: ca)
            let store = try TrustStore(TrustFile(), authorities: [ca.certificate])
            let expectation = PeerExpectation.dialled("b.example.org")
            return store.decide(node.shown, expecting: expectation, at: Sample.wallTime())
        },
        TrustScenario(.wrongHost, "a certificate whose common name alone is the host") {
            let ca = try Sample.authority()
            let node = try Sample.identity(Sample.request("a.example.org"), signedBy: ca)
            let store = try TrustStore(TrustFile(), authorities: [ca.certificate])
            let expectation = PeerExpectation.dialled("a.example.org")
            return store.decide(node.shown, expecting: expectation, at: Sample.wallTime())
        },
        TrustScenario(.wrongHost, "a certificate where no host but some other text was dialled") {
            let ca = try Sample.authority()
            let node = try Sample.identity(Sample.request(hosts: ["a.example.org"]), signedBy: ca)
            let store = try TrustStore(TrustFile(), authorities: [ca.certificate])
            return store.decide(node.shown, expecting: .dialled("a.example.org\0b"), at: Sample.wallTime())
        },
        TrustScenario(.wrongHost, "a certificate for another address") {
            let ca = try Sample.authority()
            let node = try Sample.identity(Sample.request(hosts: ["2001:db8::7"]), signedBy: ca)
            let store = try TrustStore(TrustFile(), authorities: [ca.certificate])
            let expectation = PeerExpectation.dialled("2001:db8::8")
            return store.decide(node.shown, expecting: expectation, at: Sample.wallTime())
        },
    ]
}
#endif
