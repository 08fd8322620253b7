#if OpenSSL
internal import Foundation
internal import OpenSSLSupport
internal import Testing

/// A folder of a test's own, gone with the value, and the real `openssl` in it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "aura-certificates-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        try setMode(0o644, of: name)
    }

    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: file(name))
        return try #require(attributes[.posixPermissions] as? Int)
    }

    func setMode(_ mode: Int, of name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file(name))
    }

    /// Runs `openssl` in the folder.
    ///
    /// - Returns: What it wrote to its output stream.
    @discardableResult
    func openssl(_ arguments: String..., fails: Bool = false) throws -> String {
        try openssl(arguments, fails: fails)
    }

    @discardableResult
    func openssl(_ arguments: [String], fails: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: path)
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect((process.terminationStatus != 0) == fails, "openssl \(arguments): \(complaint)")
        return text + (fails ? complaint : "")
    }
}

// MARK: What Aura does not make itself

extension Scratch {
    /// A certificate that `openssl` makes for a new key of its own and an authority signs.
    func certificate(
        _ name: String,
        key: [String] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
        extensions: String = "basicConstraints=critical,CA:FALSE",
        digest: String = "-sha256",
        signedBy authority: NodeIdentity
    ) throws -> Certificate {
        let issuer = "issuer-\(UUID().uuidString)"
        try authority.write(to: file(issuer))
        try write(extensions, to: "\(name).extensions")
        try openssl(
            ["req", "-new", "-nodes", "-subj", "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).csr"] + key
        )
        try openssl([
            "x509", "-req", "-in", "\(name).csr", "-CA", "\(issuer)/certificate.pem", "-CAkey", "\(issuer)/key.pem",
            "-extfile", "\(name).extensions", "-days", "3650", digest, "-out", "\(name).pem",
        ])
        return try Certificate.read(path: file("\(name).pem"))[0]
    }

    /// A revocation list of an authority, made by `openssl ca`.
    func revocationList(
        of authority: NodeIdentity,
        naming certificates: [Certificate],
        from: String = "20260130000000Z",
        until: String = "20260301000000Z"
    ) throws -> RevocationList {
        let folder = "ca-\(UUID().uuidString)"
        try authority.write(to: file(folder))
        try write("", to: "\(folder)/index.txt")
        try write("01\n", to: "\(folder)/number")
        try write(
            """
            [ca]
            default_ca = own
            [own]
            database = \(folder)/index.txt
            crlnumber = \(folder)/number
            certificate = \(folder)/certificate.pem
            private_key = \(folder)/key.pem
            default_md = sha256
            crl_extensions = list
            [list]
            authorityKeyIdentifier = keyid
            """,
            to: "\(folder)/config"
        )
        for (index, certificate) in certificates.enumerated() {
            try write(try certificate.pem(), to: "\(folder)/\(index).pem")
            try openssl("ca", "-config", "\(folder)/config", "-revoke", "\(folder)/\(index).pem")
        }
        try openssl(
            "ca",
            "-config",
            "\(folder)/config",
            "-gencrl",
            "-crl_lastupdate",
            from,
            "-crl_nextupdate",
            until,
            "-out",
            "\(folder)/list.pem"
        )
        return try RevocationList.read(path: file("\(folder)/list.pem"))[0]
    }
}
#endif
