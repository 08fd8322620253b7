#if OpenSSL
internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import OpenSSLSupport

struct IdentityShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Say who a node is, and what its peers need to trust it.",
        discussion: """
            Nothing of the key but its fingerprint is shown.

            Examples:
              aura identity show .aura/laptop
              aura identity show .aura/laptop --json
            """
    )

    @Argument(help: "The identity's folder.", completion: .directory)
    var folder: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let identity = try NodeIdentity(folder: folder)
        let warnings = identity.warnings(at: SystemTimeHandler().now)
        let report = IdentityReport(identity, folder: folder, warnings: warnings)
        print(json ? report.json.description : report.text)
    }
}
#endif
