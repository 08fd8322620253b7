#if OpenSSL
internal import AuraEffects
internal import Foundation
internal import OpenSSLSupport
internal import Testing

@Suite("Certificates and keys")
struct CertificateTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("the fingerprint is what openssl computes from the public key", arguments: PrivateKey.Algorithm.allCases)
    func fingerprint(algorithm: PrivateKey.Algorithm) throws {
        let node = try Sample.identity(Sample.request(), algorithm)
        try node.write(to: scratch.file("node"))
        let publicKey = try scratch.openssl("x509", "-in", "node/certificate.pem", "-noout", "-pubkey")
        try scratch.write(publicKey, to: "public.pem")
        try scratch.openssl("pkey", "-pubin", "-in", "public.pem", "-outform", "DER", "-out", "public.der")
        let digest = try scratch.openssl("dgst", "-sha256", "-r", "public.der")
        #expect(digest.hasPrefix("\(node.fingerprint.text) "))
        #expect(node.key.fingerprint == node.fingerprint)
        #expect(node.peer == PeerID(node.fingerprint.text))
        let loaded = try NodeIdentity(folder: scratch.file("node"))
        #expect(loaded.fingerprint == node.fingerprint)
    }

    @Test("a fingerprint is read from 64 hexadecimal digits and from nothing else")
    func reading() {
        let text = String(repeating: "0aF9", count: 16)
        #expect(KeyFingerprint(text)?.text == text.lowercased())
        for wrong in [
            "", String(text.dropLast()), text + "0", text.dropLast() + "g", text.dropLast() + "é",
            "0x" + text.dropLast(2),
        ] {
            #expect(KeyFingerprint(wrong) == nil, "\(wrong)")
        }
    }

    @Test("openssl finds in a node's certificate what was asked for", arguments: PrivateKey.Algorithm.allCases)
    func content(algorithm: PrivateKey.Algorithm) throws {
        let hosts = ["node.example.org", "*.example.org", "192.0.2.7", "2001:db8::7"]
        let node = try Sample.identity(Sample.request("till-3", hosts: hosts), algorithm)
        try scratch.write(try node.certificate.pem(), to: "node.pem")
        let text = try scratch.openssl("x509", "-in", "node.pem", "-noout", "-text")
        for expected in [
            "Subject: CN = till-3", "Issuer: CN = till-3", "CA:FALSE", "Digital Signature",
            "TLS Web Server Authentication, TLS Web Client Authentication",
            "DNS:node.example.org, DNS:*.example.org, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7",
            "Not Before: Jan 30 09:05:00 2026 GMT", "Not After : Mar  2 09:05:00 2026 GMT", "Version: 3",
            algorithm == .ed25519 ? "Signature Algorithm: ED25519" : "Signature Algorithm: ecdsa-with-SHA256",
        ] {
            #expect(text.contains(expected), "\(expected) is not in \(text)")
        }
        #expect(node.certificate.hosts.map(\.description) == hosts)
        #expect(node.certificate.name == "till-3")
        #expect(node.certificate.isSelfSigned && !node.certificate.isAuthority)
        #expect(
            try scratch.openssl("x509", "-in", "node.pem", "-noout", "-checkhost", "a.example.org")
                .contains("does match")
        )
    }

    @Test(
        "openssl verifies strictly what a private CA signed, for both sides",
        arguments: PrivateKey.Algorithm.allCases
    )
    func verify(algorithm: PrivateKey.Algorithm) throws {
        let ca = try Sample.identity(Sample.request("ca", isAuthority: true), algorithm)
        try scratch.write(try ca.certificate.pem(), to: "ca.pem")
        let node = try Sample.identity(Sample.request(hosts: ["node.example.org"]), signedBy: ca)
        try scratch.write(try node.certificate.pem(), to: "node.pem")
        let stranger = try Sample.identity(signedBy: Sample.authority())
        try scratch.write(try stranger.certificate.pem(), to: "stranger.pem")
        let strictly = ["verify", "-CAfile", "ca.pem", "-x509_strict", "-attime", "\(Sample.now)"]
        for purpose in ["sslserver", "sslclient"] {
            let answer = try scratch.openssl(strictly + ["-purpose", purpose, "node.pem"])
            #expect(answer == "node.pem: OK\n")
        }
        try scratch.openssl(strictly + ["stranger.pem"], fails: true)
        #expect(node.certificate.issuerName == "ca" && !node.certificate.isSelfSigned && ca.certificate.isAuthority)
    }

    @Test("no two certificates of a CA have the same number")
    func numbers() throws {
        let ca = try Sample.authority()
        var numbers: Set<String> = []
        for index in 0..<8 {
            try scratch.write(try Sample.identity(signedBy: ca).certificate.pem(), to: "\(index).pem")
            numbers.insert(try scratch.openssl("x509", "-in", "\(index).pem", "-noout", "-serial"))
        }
        #expect(numbers.count == 8)
    }

    @Test("a certificate that is no X.509 of version 3 with the CA's mark is no CA's")
    func oldAuthority() throws {
        try scratch.write("[req]\ndistinguished_name = name\n[name]\n", to: "config")
        try scratch.openssl(
            "req",
            "-x509",
            "-newkey",
            "ed25519",
            "-nodes",
            "-subj",
            "/CN=old",
            "-config",
            "config",
            "-keyout",
            "key",
            "-out",
            "old.pem"
        )
        #expect(try Certificate.read(path: scratch.file("old.pem"))[0].isAuthority == false)
    }

    @Test("a key does not show itself, however it is printed")
    func secrecy() throws {
        let key = try PrivateKey.generate(.ecdsaP256)
        let pem = try key.pem()
        let secret = pem.withExposedValue { String(decoding: $0, as: UTF8.self) }
        let body = try #require(secret.split(separator: "\n").dropFirst().first)
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped, "\(pem)", String(reflecting: pem)] {
            #expect(!text.contains(body))
        }
        #expect("\(key)" == "ecdsa-p256 key \(key.fingerprint)")
        try scratch.write(secret, to: "key.pem")
        #expect(try scratch.openssl("pkey", "-in", "key.pem", "-noout", "-text").contains("ASN1 OID: prime256v1"))
    }

    @Test("what cannot be a name or a host is refused")
    func names() throws {
        for name in [
            "", "a b", "ä", "-a", "a/b", "a,DNS:b", String(repeating: "a", count: 65),
            String(repeating: "a", count: 64),
        ] {
            let error = #expect(throws: EffectError.self) { try Sample.identity(Sample.request(name)) }
            #expect(error?.code == .invalidArgument, "\(name)")
        }
        for host in [
            "", "a..b", "-a.b", "a b", "a,b", "*", "*.b", "a.*.b", "1.2.3", "1.2.3.4.5", "a:b", "é.b", ".a", "a.",
            "[::1]",
        ] {
            #expect(CertificateHost(host) == nil, "\(host)")
        }
        #expect(CertificateHost("::ffff:0:0")?.description == "::ffff:0:0")
        #expect(CertificateHost("1:0:0:2:0:0:0:3")?.description == "1:0:0:2::3")
        #expect(CertificateHost("2001:DB8::")?.description == "2001:db8::")
        #expect(CertificateHost("::")?.description == "::")
        #expect(CertificateHost("1:0:2:3:4:5:6:7")?.description == "1:0:2:3:4:5:6:7")
    }
}
#endif
