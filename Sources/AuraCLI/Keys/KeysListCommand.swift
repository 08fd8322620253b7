internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct KeysListCommand: OneKeysCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List every version of every key, without the keys themselves.",
        discussion: """
            Examples:
              aura keys list profile:server
              aura keys list profile:server --json
            """
    )

    @Argument(help: .keysLocation)
    var location: Location

    @OptionGroup var output: OutputOptions

    func run(_ keys: Opened<any KeyEffects>) async throws {
        let versions = try await keys.handler.keys()
        if output.json {
            for version in versions { print(version.json.line) }
            return
        }
        guard !versions.isEmpty else {
            Terminal.message("There are no keys yet: 'aura keys create' makes one.")
            return
        }
        let rows = versions.map { [$0.name.rawValue, "\($0.version)", $0.algorithm.rawValue, $0.createdText] }
        for row in TextTable.rows([["NAME", "VERSION", "ALGORITHM", "CREATED"]] + rows) { print(row) }
    }
}
