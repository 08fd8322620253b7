internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct KeysCreateCommand: OneKeysCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a key, and the store of keys where this is its first.",
        discussion: """
            Examples:
              aura keys create profile:server notes
              aura keys create profile:server releases --algorithm ed25519
            """
    )

    static let use = Location.Use.orNew

    @Argument(help: .keysLocation)
    var location: Location

    @Argument(help: .keyName, transform: KeyName.argument)
    var name: KeyName

    @Option(help: "What it is for; encrypted storage and journals take hmacSHA256.")
    var algorithm: KeyPurpose = .hmacSHA256

    @OptionGroup var output: OutputOptions

    func run(_ keys: Opened<any KeyEffects>) async throws {
        try await keys.handler.createKey(name, algorithm.algorithm).show(output, "created")
    }
}
