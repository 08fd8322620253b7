internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct KeysRotateCommand: OneKeysCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Create a key's next version, which is used from now on; older ones stay to read by.",
        discussion: """
            Examples:
              aura keys rotate profile:server notes
            """
    )

    @Argument(help: .keysLocation)
    var location: Location

    @Argument(help: .keyName, transform: KeyName.argument)
    var name: KeyName

    @OptionGroup var output: OutputOptions

    func run(_ keys: Opened<any KeyEffects>) async throws {
        try await keys.handler.rotateKey(name).show(output, "rotated")
    }
}
