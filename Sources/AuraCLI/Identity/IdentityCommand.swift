internal import ArgumentParser
internal import AuraEffects

#if OpenSSL
struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Make a node's key and certificate, and say whom it trusts.",
        discussion: """
            A node's identity is a folder with 'certificate.pem' and 'key.pem'. What it trusts is a folder with 'trust.txt', which \
            may be the same one. A node is known by its fingerprint: SHA-256 over its public key, 64 digits that stay the same \
            when its certificate is renewed. Run the commands as the user that the node runs as.

            Examples:
              aura identity create --host laptop.example.org .aura/laptop
              aura identity show .aura/laptop
              aura identity trust .aura/laptop office 3f0c…
              aura identity revoke .aura/laptop office
            """,
        subcommands: [
            IdentityCreateCommand.self, IdentityShowCommand.self, IdentityTrustCommand.self, IdentityRevokeCommand.self,
        ]
    )
}
#else
/// Stands for the commands that need OpenSSL, and says how to get them.
struct IdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract:
            "Make a node's key and certificate, and say whom it trusts. Not in this build: it needs the trait OpenSSL."
    )

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var arguments: [String] = []

    func run() throws {
        throw EffectError(
            .unimplemented,
            "'aura identity' needs OpenSSL, which is not linked; it comes with the trait OpenSSL: build with "
                + "--traits default,OpenSSL."
        )
    }
}
#endif
