#if OpenSSL
internal import AuraRuntime
internal import OpenSSLSupport

/// What `identity create` and `identity show` print.
struct IdentityReport {
    private let identity: NodeIdentity
    private let folder: String
    private let warnings: [String]

    init(_ identity: NodeIdentity, folder: String, warnings: [String]) {
        self.identity = identity
        self.folder = folder
        self.warnings = warnings
    }

    private var certificate: Certificate { identity.certificate }
    private var name: String { BytesText.printable(certificate.name) }
    private var hosts: [String] { certificate.hosts.map { BytesText.printable($0.description) } }

    private var signer: String {
        certificate.isSelfSigned ? "itself" : "the CA '\(BytesText.printable(certificate.issuerName))'"
    }

    var text: String {
        let kind = certificate.isAuthority ? "private CA" : "node"
        let rows = [
            ["name", name],
            ["fingerprint", identity.fingerprint.text],
            ["algorithm", identity.key.algorithm.rawValue],
            ["signed by", signer],
            ["valid from", CertificateValidity.text(certificate.validity.notBefore)],
            ["valid until", CertificateValidity.text(certificate.validity.notAfter)],
            ["hosts", hosts.isEmpty ? "none" : hosts.joined(separator: ", ")],
        ]
        let lines = ["\(kind): \(folder)"] + TextTable.rows(rows) + warnings.map { "warning: \($0)" }
        let isVouchedFor = !certificate.isAuthority && !certificate.isSelfSigned
        let peers = isVouchedFor ? "each peer that does not trust the CA" : "each peer"
        return (lines + ["", "To be trusted, have \(peers) run:", "  \(handout)"]).joined(separator: "\n")
    }

    /// What a peer runs to trust it.
    private var handout: String {
        certificate.isAuthority
            ? "aura identity trust FOLDER --ca certificate.pem    # a copy of \(folder)/certificate.pem"
            : "aura identity trust FOLDER \(name) \(identity.fingerprint)"
    }

    var json: JSONValue {
        [
            "folder": .string(folder),
            "name": .string(certificate.name),
            "fingerprint": .string(identity.fingerprint.text),
            "algorithm": .string(identity.key.algorithm.rawValue),
            "isAuthority": .boolean(certificate.isAuthority),
            "isSelfSigned": .boolean(certificate.isSelfSigned),
            "issuer": .string(certificate.issuerName),
            "validFrom": .string(CertificateValidity.text(certificate.validity.notBefore)),
            "validUntil": .string(CertificateValidity.text(certificate.validity.notAfter)),
            "hosts": .array(certificate.hosts.map { .string($0.description) }),
            "warnings": .array(warnings.map(JSONValue.string)),
            "handout": .string(handout),
        ]
    }
}
#endif
