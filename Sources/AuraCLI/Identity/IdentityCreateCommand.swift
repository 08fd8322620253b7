#if OpenSSL
internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import OpenSSLSupport

struct IdentityCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key and its certificate, for a node or for a private CA.",
        discussion: """
            The certificate is signed by its own key, or by a CA that '--as-ca' made. '--renew' makes a new certificate for the \
            key that is there: peers go on trusting the node. '--force' replaces the key too: peers have to trust the new one.

            Examples:
              aura identity create .aura/laptop
              aura identity create --host a.example.org --host 192.0.2.7 --days 90 a
              aura identity create --as-ca --name office office-ca
              aura identity create --ca office-ca --host till.example.org till
              aura identity create --renew .aura/laptop
            """
    )

    @Argument(help: "The identity's folder; it is made where it is missing.", completion: .directory)
    var folder: String

    @Option(help: "What people call the node; by default the folder's name, or with --renew the name that it has.")
    var name: String?

    @Option(
        name: [.customLong("host")],
        help: ArgumentHelp(
            "A DNS name or IP address that the node is dialled by; may be repeated. With --renew by default those that it has.",
            valueName: "host"
        )
    )
    var hosts: [CertificateHost] = []

    @Option(help: ArgumentHelp("How the key signs; ed25519 by default.", valueName: "algorithm"))
    var algorithm: PrivateKey.Algorithm?

    @Option(help: "How many days the certificate is valid; by default 365, or 3650 for a CA.")
    var days: Int?

    @Option(
        help: ArgumentHelp("Let the private CA of this folder sign it.", valueName: "folder"),
        completion: .directory
    )
    var ca: String?

    @Flag(name: .customLong("as-ca"), help: "Make a private CA, which signs nodes' certificates and is no node itself.")
    var asCA = false

    @Flag(help: "Make a new certificate for the key that is there.")
    var renew = false

    @Flag(help: "Replace a key and certificate that are there.")
    var force = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let days, !(1...36_500).contains(days) { throw ValidationError("--days must be between 1 and 36500.") }
        if ca != nil && asCA { throw ValidationError("--ca and --as-ca exclude each other.") }
        if renew && force { throw ValidationError("--renew and --force exclude each other.") }
        if renew && asCA { throw ValidationError("--as-ca is for new keys: --renew leaves a CA what it is.") }
        if renew && algorithm != nil { throw ValidationError("--renew keeps the key, and with it the algorithm.") }
    }

    func run() throws {
        let present = renew ? try NodeIdentity(folder: folder) : nil
        let authority = try ca.map { folder throws(EffectError) in try NodeIdentity(folder: folder) }
        if let present, authority == nil, !present.certificate.isSelfSigned {
            throw EffectError(
                .invalidArgument,
                "A CA signed this certificate, and peers may trust it for that: name the CA's folder with --ca."
            )
        }
        let now = SystemTimeHandler().now
        let identity = try NodeIdentity.make(
            try request(present, at: now),
            key: present?.key ?? .generate(algorithm ?? .ed25519),
            signedBy: authority
        )
        try identity.write(to: folder, replacing: renew || force)
        let report = IdentityReport(identity, folder: folder, warnings: identity.warnings(at: now))
        print(json ? report.json.description : report.text)
    }

    private func request(_ present: NodeIdentity?, at now: WallTime) throws -> CertificateRequest {
        let isAuthority = present?.certificate.isAuthority ?? asCA
        let seconds = now.secondsSinceEpoch
        let name = name ?? present?.certificate.name ?? folder.split(separator: "/").last.map(String.init) ?? ""
        guard PeerName.isValid(name) else { throw PeerName.refusal(of: name) }
        return CertificateRequest(
            name: name,
            hosts: hosts.isEmpty ? present?.certificate.hosts ?? [] : hosts,
            validity: CertificateValidity(
                // A peer's clock may be behind this one.
                notBefore: seconds - 300,
                notAfter: seconds + Int64(days ?? (isAuthority ? 3650 : 365)) * 86_400
            ),
            isAuthority: isAuthority
        )
    }
}

extension CertificateHost: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}

extension PrivateKey.Algorithm: ExpressibleByArgument {}
#endif
