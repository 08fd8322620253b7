#if OpenSSL
internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import OpenSSLSupport

struct IdentityTrustCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Trust a peer's key or a private CA, take in a CA's revocation list, or list what is trusted.",
        discussion: """
            Compare the fingerprint with its owner on a way that nobody else writes on: whoever has the key is the peer. Nodes \
            that are running see the change by themselves.

            Examples:
              aura identity trust .aura/laptop office 3f0c…64 digits…
              aura identity trust .aura/laptop office 77ab…64 digits… --also
              aura identity trust .aura/laptop --ca office-ca.pem
              aura identity trust .aura/laptop --crl office-crl.pem
              aura identity trust .aura/laptop --list
            """
    )

    @Argument(help: "The folder of what is trusted; it is made where it is missing.", completion: .directory)
    var folder: String

    @Argument(help: "What you call the peer.")
    var name: String?

    @Argument(help: "The peer's fingerprint.")
    var fingerprint: KeyFingerprint?

    @Flag(help: "Keep the keys that the name has, while its node moves to a new one.")
    var also = false

    @Option(
        help: ArgumentHelp("Trust the CA whose certificate this file holds.", valueName: "file"),
        completion: .file()
    )
    var ca: String?

    @Option(help: ArgumentHelp("Refuse what a CA's revocation list names.", valueName: "file"), completion: .file())
    var crl: String?

    @Flag(help: "List pins, revoked keys, CAs and revocation lists.")
    var list = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        let kinds = [name != nil, ca != nil, crl != nil, list].count { $0 }
        guard kinds == 1 else {
            throw ValidationError("Give a NAME with its FINGERPRINT, or --ca, or --crl, or --list.")
        }
        if name != nil && fingerprint == nil {
            throw ValidationError("Give the FINGERPRINT after the NAME: 64 digits.")
        }
        if also && name == nil { throw ValidationError("--also goes with a NAME and a FINGERPRINT.") }
    }

    func run() async throws {
        let editing = TrustEditing(folder: folder, time: SystemTimeHandler(), random: SystemRandomHandler())
        if let name, let fingerprint {
            try await editing.edit { file throws(EffectError) in
                try file.pin(fingerprint, as: name, alsoKeeping: also)
            }
            print(
                ["folder": .string(folder), "name": .string(name), "fingerprint": .string(fingerprint.text)],
                "'\(name)' is trusted with key \(fingerprint)."
            )
        } else if let ca {
            try await trust(authorities: ca, editing)
        } else if let crl {
            for list in try RevocationList.read(path: crl) {
                let file = try await editing.add(list)
                print(["folder": .string(folder), "file": .string(file)], "The list is in \(file).")
            }
        } else {
            let report = TrustReport(try TrustStore(folder: folder), folder: folder)
            print(report.json, report.text)
        }
    }

    private func trust(authorities path: String, _ editing: TrustEditing) async throws {
        for certificate in try Certificate.read(path: path) {
            let file = try await editing.add(certificate)
            let name = BytesText.printable(certificate.name)
            print(
                [
                    "folder": .string(folder), "authority": .string(certificate.name),
                    "fingerprint": .string(certificate.fingerprint.text), "file": .string(file),
                ],
                "The CA '\(name)' with key \(certificate.fingerprint) is trusted."
            )
        }
    }

    private func print(_ json: JSONValue, _ text: String) {
        Swift.print(self.json ? json.description : text)
    }
}

extension KeyFingerprint: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}
#endif
