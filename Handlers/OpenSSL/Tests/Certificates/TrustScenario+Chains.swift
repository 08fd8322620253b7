#if OpenSSL
internal import Foundation
internal import OpenSSLSupport
internal import Testing

// MARK: Ways to a CA, with certificates that `openssl` makes

extension TrustScenario {
    static let chains = [
        TrustScenario(.wrongPurpose, "a certificate for clients, of a server") {
            let ca = try Sample.authority()
            let client = try Scratch().certificate("client", extensions: "extendedKeyUsage=clientAuth", signedBy: ca)
            #expect(try decide(client, of: ca, expecting: .accepted).refusal == nil)
            return try decide(client, of: ca, expecting: .dialled(nil))
        },
        TrustScenario(.badChain, "a certificate that a node signed") {
            let ca = try Sample.authority()
            let node = try Sample.identity(Sample.request(until: Sample.now + 10_000 * Sample.day), signedBy: ca)
            let forged = try Scratch().certificate("forged", signedBy: node)
            return try decide(forged, of: ca, others: [node.certificate])
        },
        TrustScenario(.badChain, "a certificate of a CA that the trusted one did not allow") {
            let (ca, scratch) = try (Sample.authority(), Scratch())
            let middle = try scratch.certificate(
                "middle",
                extensions: "basicConstraints=critical,CA:TRUE",
                signedBy: ca
            )
            let middleKey = try PrivateKey.read(pem: scratch.bytes("middle.key"), from: "middle.key")
            let request = Sample.request(from: middle.validity.notBefore, until: middle.validity.notAfter)
            let node = try Certificate.make(request, for: .generate(.ed25519), signedBy: (middle, middleKey))
            return try decide(node, of: ca, others: [middle])
        },
        TrustScenario(.badChain, "a certificate whose CA has expired") {
            let ca = try Sample.authority(until: Sample.now + Sample.day)
            return try decide(Scratch().certificate("late", signedBy: ca), of: ca)
        },
        TrustScenario(.badChain, "a certificate whose signature is another one's") {
            let ca = try Sample.authority()
            let node = try Sample.identity(signedBy: ca)
            let altered = try alterLastByte(of: node.certificate)
            let store = try TrustStore(TrustFile(), authorities: [ca.certificate])
            return store.decide(PeerCertificates(altered), expecting: .accepted, at: Sample.wallTime())
        },
        TrustScenario(.badChain, "a key of 1024 bits") {
            let ca = try Sample.authority()
            return try decide(Scratch().certificate("weak", key: ["-newkey", "rsa:1024"], signedBy: ca), of: ca)
        },
        TrustScenario(.badChain, "a signature with SHA-1") {
            let ca = try Sample.authority()
            return try decide(Scratch().certificate("old", digest: "-sha1", signedBy: ca), of: ca)
        },
    ]

    /// Decides at the moment from which the certificate is valid.
    private static func decide(
        _ certificate: Certificate,
        of authority: NodeIdentity,
        others: [Certificate] = [],
        expecting expectation: PeerExpectation = .accepted
    ) throws -> TrustDecision {
        let store = try TrustStore(TrustFile(), authorities: [authority.certificate])
        let peer = PeerCertificates(certificate, others: others)
        return store.decide(peer, expecting: expectation, at: Sample.wallTime(certificate.validity.notBefore))
    }

    /// The certificate with another signature.
    private static func alterLastByte(of certificate: Certificate) throws -> Certificate {
        let lines = String(decoding: try certificate.pem(), as: UTF8.self).split(separator: "\n")
        var bytes = try #require(Data(base64Encoded: lines.dropFirst().dropLast().joined()))
        bytes[bytes.count - 1] ^= 1
        let text =
            "\(lines[0])\n\(bytes.base64EncodedString(options: .lineLength64Characters))\n\(lines[lines.count - 1])\n"
        return try Certificate.read(pem: Array(text.utf8), from: "altered")[0]
    }
}

// MARK: Revocation lists, made by `openssl ca`

extension TrustScenario {
    static let lists = [
        TrustScenario(.revoked, "a certificate in its CA's revocation list") {
            let ca = try Sample.authority()
            let node = try Sample.identity(signedBy: ca)
            return try decide(node, of: ca, Scratch().revocationList(of: ca, naming: [node.certificate]))
        },
        TrustScenario(.staleRevocationList, "a CA whose revocation list is out of date") {
            let ca = try Sample.authority()
            let list = try Scratch()
                .revocationList(
                    of: ca,
                    naming: [],
                    from: "20260101000000Z",
                    until: "20260131000000Z"
                )
            return try decide(Sample.identity(signedBy: ca), of: ca, list)
        },
        TrustScenario(.staleRevocationList, "a CA whose revocation list is of tomorrow") {
            let ca = try Sample.authority()
            let list = try Scratch()
                .revocationList(
                    of: ca,
                    naming: [],
                    from: "20260201120000Z",
                    until: "20260301000000Z"
                )
            return try decide(Sample.identity(signedBy: ca), of: ca, list)
        },
    ]

    private static func decide(
        _ node: NodeIdentity,
        of authority: NodeIdentity,
        _ list: RevocationList
    ) throws -> TrustDecision {
        let store = try TrustStore(TrustFile(), authorities: [authority.certificate], revocationLists: [list])
        return store.decide(node.shown, expecting: .accepted, at: Sample.wallTime())
    }
}
#endif
