#if SQLite && OpenSSL
internal import Foundation
internal import Testing

/// `identity create`, `show`, `trust` and `revoke`.
struct IdentityTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private func openssl(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: place.path)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "openssl \(arguments)")
        return text
    }

    private func fingerprint(_ folder: String) throws -> String {
        try #require(try place.aura("identity", "show", folder, "--json").json["fingerprint"] as? String)
    }

    // MARK: Create and show

    @Test("create makes a key that its owner alone may read, and a certificate that openssl finds in order")
    func create() throws {
        let made = try place.aura(
            "identity",
            "create",
            "--host",
            "laptop.example.org",
            "--host",
            "192.0.2.7",
            "--days",
            "90",
            "nodes/laptop"
        )
        #expect(made.code == 0, "\(made.errors)")
        let attributes = try FileManager.default.attributesOfItem(atPath: place.file("nodes/laptop/key.pem"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let shown = try place.aura("identity", "show", "nodes/laptop")
        #expect(shown.output == made.output)
        let key = try fingerprint("nodes/laptop")
        #expect(shown.lines.contains("  name         laptop"))
        #expect(shown.lines.contains("  hosts        laptop.example.org, 192.0.2.7"))
        #expect(shown.lines.last == "  aura identity trust FOLDER laptop \(key)")
        #expect(
            try openssl("x509", "-in", "nodes/laptop/certificate.pem", "-noout", "-subject") == "subject=CN = laptop\n"
        )
        #expect(
            try openssl("verify", "-CAfile", "nodes/laptop/certificate.pem", "nodes/laptop/certificate.pem")
                .contains("OK")
        )
        _ = try openssl("x509", "-in", "nodes/laptop/certificate.pem", "-noout", "-checkend", "\(89 * 86_400)")
        let json = try place.aura("identity", "show", "nodes/laptop", "--json").json
        #expect(json["algorithm"] as? String == "ed25519" && json["isAuthority"] as? Bool == false)
        #expect(json["hosts"] as? [String] == ["laptop.example.org", "192.0.2.7"])
        #expect((json["warnings"] as? [String]) == [])
    }

    @Test("create replaces nothing unasked, renews a certificate for the same key, and replaces the key by force")
    func replacing() throws {
        #expect(try place.aura("identity", "create", "--host", "a.example.org", "--days", "10", "node").code == 0)
        let first = try fingerprint("node")
        let again = try place.aura("identity", "create", "node", "--json")
        #expect(again.code == 1)
        #expect(try again.jsonError["code"] as? String == "conflict")
        #expect(try fingerprint("node") == first)

        #expect(
            try place.aura("identity", "show", "node").output
                .contains("warning: The certificate of 'node' expires soon")
        )
        let renewed = try place.aura("identity", "create", "--renew", "node", "--json")
        #expect(renewed.code == 0, "\(renewed.output)")
        #expect(try renewed.json["fingerprint"] as? String == first)
        #expect(try renewed.json["hosts"] as? [String] == ["a.example.org"])
        #expect(try renewed.json["warnings"] as? [String] == [])

        #expect(try place.aura("identity", "create", "--force", "--algorithm", "ecdsa-p256", "node").code == 0)
        #expect(try fingerprint("node") != first)
        #expect(try place.aura("identity", "show", "node", "--json").json["algorithm"] as? String == "ecdsa-p256")
    }

    @Test("a private CA signs nodes, and its certificates lead to it for openssl too")
    func authority() throws {
        #expect(try place.aura("identity", "create", "--as-ca", "--name", "office", "ca").code == 0)
        let made = try place.aura("identity", "create", "--ca", "ca", "--host", "till.example.org", "till")
        #expect(made.code == 0, "\(made.errors)")
        #expect(made.output.contains("signed by    the CA 'office'"))
        let answer = try openssl(
            "verify",
            "-x509_strict",
            "-purpose",
            "sslserver",
            "-verify_hostname",
            "till.example.org",
            "-CAfile",
            "ca/certificate.pem",
            "till/certificate.pem"
        )
        #expect(answer == "till/certificate.pem: OK\n")

        let renewedAlone = try place.aura("identity", "create", "--renew", "till")
        #expect(renewedAlone.code == 1 && renewedAlone.errors.contains("name the CA's folder with --ca"))
        let before = try fingerprint("till")
        #expect(try place.aura("identity", "create", "--renew", "--ca", "ca", "till").code == 0)
        #expect(try fingerprint("till") == before)
        #expect(try place.aura("identity", "create", "--renew", "ca").code == 0)
        #expect(try place.aura("identity", "show", "ca", "--json").json["isAuthority"] as? Bool == true)
        #expect(try openssl("verify", "-CAfile", "ca/certificate.pem", "till/certificate.pem").contains("OK"))
        let tooLong = try place.aura("identity", "create", "--ca", "ca", "--days", "4000", "long")
        #expect(tooLong.code == 1 && tooLong.errors.contains("ask for fewer days") && !place.exists("long/key.pem"))
    }

    @Test("names in a certificate that are no hosts are passed over")
    func otherNames() throws {
        try place.write("", to: "node/.made")
        _ = try openssl(
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=node",
            "-addext",
            "subjectAltName=otherName:1.3.6.1.4.1.311.20.2.3;UTF8:user@example.org,DNS:node.example.org,"
                + "URI:https://example.org/,IP:192.0.2.7",
            "-keyout",
            "node/key.pem",
            "-out",
            "node/certificate.pem"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.file("node/key.pem"))
        let shown = try place.aura("identity", "show", "node")
        #expect(shown.code == 0, "\(shown.errors)")
        #expect(shown.lines.contains("  hosts        node.example.org, 192.0.2.7"))
        let json = try place.aura("identity", "show", "node", "--json").json
        #expect(json["hosts"] as? [String] == ["node.example.org", "192.0.2.7"])
    }

    @Test("what cannot be done is said with what to do next")
    func refusals() throws {
        let missing = try place.aura("identity", "show", "nowhere")
        #expect(missing.code == 66 && missing.errors.contains("'aura identity create nowhere' makes an identity"))
        #expect(try place.aura("identity", "create", "--host", "a..b", "node").code == 64)
        #expect(try place.aura("identity", "create", "--days", "0", "node").code == 64)
        #expect(try place.aura("identity", "create", "--renew", "--force", "node").code == 64)
        #expect(
            try place.aura("identity", "create", "--name", "a b", "node").errors.contains("cannot be a node's name")
        )
        #expect(!place.exists("node"))
        #expect(try place.aura("identity", "create", "node").code == 0)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: place.file("node/key.pem"))
        let open = try place.aura("identity", "show", "node")
        #expect(open.code == 1 && open.errors.contains("run 'chmod 600 node/key.pem'"))
    }

    // MARK: Trust and revoke

    @Test("a peer is trusted, listed and revoked by its name, and not trusted again")
    func trust() throws {
        #expect(try place.aura("identity", "create", "peer").code == 0)
        let key = try fingerprint("peer")
        let trusted = try place.aura("identity", "trust", "trust", "peer", key.uppercased())
        #expect(trusted.code == 0 && trusted.output == "'peer' is trusted with key \(key).\n", "\(trusted.errors)")
        let text = try String(contentsOfFile: place.file("trust/trust.txt"), encoding: .utf8)
        #expect(text == "aura-trust 1\npin peer \(key)\n")
        let other = String(repeating: "ab", count: 32)
        let second = try place.aura("identity", "trust", "trust", "peer", other)
        #expect(second.code == 1 && second.errors.contains("has the key \(key) already"))
        #expect(try place.aura("identity", "trust", "trust", "peer", other, "--also").code == 0)
        let list = try place.aura("identity", "trust", "trust", "--list", "--json").json
        let pins = try #require(list["pins"] as? [[String: String]])
        #expect(Set(pins.compactMap { $0["fingerprint"] }) == [key, other])

        let revoked = try place.aura("identity", "revoke", "trust", "peer", "--json")
        #expect(try Set(#require(revoked.json["revoked"] as? [String])) == [key, other])
        let listed = try place.aura("identity", "trust", "trust", "--list")
        #expect(listed.lines.first == "pinned keys: 0" && listed.output.contains("revoked keys: 2\n  "))
        let again = try place.aura("identity", "trust", "trust", "peer", key)
        #expect(again.code == 1 && again.errors.contains("is revoked since"))
        #expect(try place.aura("identity", "revoke", "trust", "peer").code == 66)
        #expect(try place.aura("identity", "revoke", "trust", key).code == 0)
    }

    @Test("a CA and its revocation list are taken in from files")
    func authorities() throws {
        #expect(try place.aura("identity", "create", "--as-ca", "--name", "office", "ca").code == 0)
        try place.write(
            "[ca]\ndefault_ca=o\n[o]\ndatabase=index\ndefault_md=default\ndefault_crl_days=7\n",
            to: "config"
        )
        try place.write("", to: "index")
        _ = try openssl(
            "ca",
            "-config",
            "config",
            "-gencrl",
            "-cert",
            "ca/certificate.pem",
            "-keyfile",
            "ca/key.pem",
            "-out",
            "crl.pem"
        )
        let early = try place.aura("identity", "trust", "trust", "--crl", "crl.pem")
        #expect(early.code == 66 && early.errors.contains("trust its CA first"))
        #expect(try place.aura("identity", "trust", "trust", "--ca", "ca/certificate.pem").code == 0)
        let added = try place.aura("identity", "trust", "trust", "--crl", "crl.pem")
        #expect(added.code == 0, "\(added.errors)")
        let list = try place.aura("identity", "trust", "trust", "--list")
        #expect(list.output.contains("private CAs: 1\n  office  \(try fingerprint("ca"))  valid until "))
        #expect(list.output.contains("revocation lists: 1\n  office  of "))
        #expect(try place.aura("identity", "create", "node").code == 0)
        let noCA = try place.aura("identity", "trust", "trust", "--ca", "node/certificate.pem")
        #expect(noCA.code == 1 && noCA.errors.contains("is no CA's"))
        #expect(try place.aura("identity", "trust", "trust", "--ca", "missing.pem").code == 66)
    }

    @Test("a trust file that cannot be read is an error with its line, and is left as it is")
    func damaged() throws {
        try FileManager.default.createDirectory(
            atPath: place.file("trust"),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try place.write("aura-trust 1\npin peer 12\n", to: "trust/trust.txt")
        let error = try place.aura("identity", "trust", "trust", "--list")
        #expect(error.code == 65 && error.errors.contains("trust/trust.txt, line 2: '12' is no fingerprint"))
        #expect(try place.aura("identity", "revoke", "trust", String(repeating: "ab", count: 32)).code == 65)
        #expect(
            try String(contentsOfFile: place.file("trust/trust.txt"), encoding: .utf8) == "aura-trust 1\npin peer 12\n"
        )
        #expect(try place.aura("identity", "trust", "nowhere", "--list").code == 66)
    }

    @Test("edits of many processes at once are all kept")
    func concurrentEdits() throws {
        let processes = try (10..<34)
            .map { number in
                let key = String(repeating: "\(number)", count: 32)
                let pins = ["identity", "trust", "trust", "node-\(number)", key]
                return try AuraProcess(
                    number.isMultiple(of: 3) ? ["identity", "revoke", "trust", key] : pins,
                    in: place
                )
            }
        for process in processes {
            let outcome = process.wait()
            #expect(outcome.code == 0, "\(outcome.errors)")
        }
        let list = try place.aura("identity", "trust", "trust", "--list", "--json").json
        #expect((list["pins"] as? [Any])?.count == 16 && (list["revoked"] as? [Any])?.count == 8)
    }
}
#endif
#if SQLite && !OpenSSL
internal import Testing

/// `identity` in a build without OpenSSL.
struct IdentityTests {
    @Test("where OpenSSL is not linked the commands say which trait brings it")
    func missingTrait() throws {
        let place = try Workplace()
        for arguments in [["identity"], ["identity", "create", "node"], ["identity", "trust", "f", "--list"]] {
            let outcome = try AuraProcess(arguments, in: place).wait()
            #expect(outcome.code == 78)
            #expect(outcome.errors.contains("it comes with the trait OpenSSL: build with --traits default,OpenSSL"))
        }
    }
}
#endif
