#if TLSNetwork
internal import AuraEffects
internal import Foundation
internal import OpenSSLSupport

/// A private CA that lets another one sign for it, which `aura` does not make.
struct TestAuthority {
    /// The CA that peers trust.
    let root: NodeIdentity
    /// The CA below it, which signs the nodes' certificates.
    let middle: NodeIdentity

    init() throws {
        let folder = try TestFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=root", "-keyout", "identity/key.pem", "-out", "identity/certificate.pem",
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardError = FileHandle.nullDevice
        let identity = "\(folder.path)/identity"
        try FileManager.default.createDirectory(
            atPath: identity,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        try process.run()
        process.waitUntilExit()
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(identity)/key.pem")
        root = try NodeIdentity(folder: identity)

        let key = try PrivateKey.generate(.ecdsaP256)
        let validity = CertificateValidity(
            notBefore: root.certificate.validity.notBefore,
            notAfter: root.certificate.validity.notAfter
        )
        let request = CertificateRequest(name: "middle", hosts: [], validity: validity, isAuthority: true)
        let certificate = try Certificate.make(request, for: key, signedBy: (root.certificate, root.key))
        try Data(certificate.pem()).write(to: URL(fileURLWithPath: "\(identity)/certificate.pem"))
        try key.pem().withExposedValue { try Data($0).write(to: URL(fileURLWithPath: "\(identity)/key.pem")) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(identity)/key.pem")
        middle = try NodeIdentity(folder: identity)
    }
}
#endif
