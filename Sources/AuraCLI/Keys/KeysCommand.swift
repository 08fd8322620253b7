internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Create, list and rotate the keys that a profile keeps.",
        discussion: """
            LOCATION is profile:NAME, whose 'keys' say where they are and what opens them; 'aura --help' says more. Secret \
            keys are never printed.

            Examples:
              aura keys create profile:server notes
              aura keys list profile:server
              aura keys rotate profile:server notes
              aura keys export-public profile:server releases > releases.pem
            """,
        subcommands: [
            KeysCreateCommand.self, KeysListCommand.self, KeysRotateCommand.self, KeysExportPublicCommand.self,
        ]
    )
}

/// A command that works on the keys of one location.
protocol OneKeysCommand: OneLocationCommand where Key == KeysEffect {}

extension ArgumentHelp {
    static let keysLocation: ArgumentHelp = "The keys: profile:NAME."
    static let keyName: ArgumentHelp = "The key's name."
}

extension KeyName {
    /// A name from an argument.
    static func argument(_ text: String) throws -> KeyName {
        let name = KeyName(rawValue: text)
        guard name.isValid else {
            throw ValidationError(
                "A key's name has 1 to 64 letters, digits, '.', '_' and '-', and begins with no sign."
            )
        }
        return name
    }
}

/// What a key can be for, as commands spell it.
enum KeyPurpose: String, CaseIterable, ExpressibleByArgument {
    case hmacSHA256, aes256GCM, chaCha20Poly1305, ed25519, p256, x25519

    var algorithm: KeyAlgorithm { KeyAlgorithm(rawValue: rawValue) }
}

extension KeyVersion {
    /// The version as commands show it.
    func show(_ output: OutputOptions, _ verb: String) {
        if output.json {
            print(json.line)
        } else {
            print("\(verb) \(name), version \(version), for \(algorithm)")
        }
    }

    var createdText: String { UTCTime.iso(created.millisecondsSinceEpoch) }

    var json: JSONValue {
        [
            "name": .string(name.rawValue),
            "version": .integer(version),
            "algorithm": .string(algorithm.rawValue),
            "created": .string(createdText),
        ]
    }
}
