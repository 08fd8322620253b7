internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct KeysExportPublicCommand: OneKeysCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-public",
        abstract: "Print the public half of a key, as other programs read it (PEM).",
        discussion: """
            Examples:
              aura keys export-public profile:server releases > releases.pem
              aura keys export-public profile:server releases --version 1 --json
              aura keys export-public profile:server device --hex
            """
    )

    @Argument(help: .keysLocation)
    var location: Location

    @Argument(help: .keyName, transform: KeyName.argument)
    var name: KeyName

    @Option(help: "Which version; by default the current one.")
    var version: Int?

    @Flag(help: "Print the raw key in hexadecimal alone, as a profile's 'trusted' takes it.")
    var hex = false

    @OptionGroup var output: OutputOptions

    func run(_ keys: Opened<any KeyEffects>) async throws {
        let key = try await keys.handler.key(name, version: version)
        guard let header = key.algorithm.publicKeyHeader else {
            throw EffectError(
                .invalidArgument,
                "The key '\(name)' is for \(key.algorithm) and has no public half: those for ed25519, p256 and x25519 do.",
                effect: KeysEffect.name,
                operation: "export-public"
            )
        }
        let publicKey = try await keys.effects.crypto.publicKey(of: key.id)
        let encoded = Base64.string(header + publicKey)
        if output.json {
            let json: JSONValue = [
                "name": .string(key.name.rawValue),
                "version": .integer(key.version),
                "algorithm": .string(key.algorithm.rawValue),
                "publicKey": .string(Hexadecimal.string(publicKey)),
                "subjectPublicKeyInfo": .string(encoded),
            ]
            print(json.line)
        } else if hex {
            print(Hexadecimal.string(publicKey))
        } else {
            print("-----BEGIN PUBLIC KEY-----")
            var rest = Substring(encoded)
            while !rest.isEmpty {
                print(rest.prefix(64))
                rest = rest.dropFirst(64)
            }
            print("-----END PUBLIC KEY-----")
        }
    }
}
