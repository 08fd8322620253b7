internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct CloudRemoveCommand: OneBucketCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove objects.",
        discussion: """
            Exit code 66: one of the objects was not there; the others are removed all the same.

            Examples:
              aura cloud rm reports/2025.pdf reports/2024.pdf --profile production
              aura cloud rm reports/ --recursive --profile production --json
            """
    )

    @Argument(help: "The keys; with --recursive what the keys begin with.")
    var keys: [String]

    @Flag(help: "Remove every object whose key begins with one of these.")
    var recursive = false

    @OptionGroup var bucket: CloudOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if recursive, keys.contains("") { throw ValidationError("An empty beginning is that of every key: name some.") }
    }

    func run(_ opened: Opened<any ObjectStorageEffects>) async throws {
        var areAllRemoved = true
        for key in keys {
            if recursive {
                let found = try await removeAll(key, from: opened.handler)
                areAllRemoved = areAllRemoved && found
                continue
            }
            // A removal does not say whether there was anything.
            let isThere = try await opened.handler.info(ObjectKey(key)) != nil
            if isThere { try await opened.handler.remove(ObjectKey(key)) }
            show(key, isRemoved: isThere)
            areAllRemoved = areAllRemoved && isThere
        }
        if !areAllRemoved { throw ExitCode(ApplicationExit.missing) }
    }

    /// Removes what begins with a prefix; whether there was anything.
    private func removeAll(_ prefix: String, from objects: any ObjectStorageEffects) async throws -> Bool {
        var isAnyThere = false
        for try await item in objects.objects(prefix: prefix) {
            try await objects.remove(item.key)
            show(item.key.text, isRemoved: true)
            isAnyThere = true
        }
        if !isAnyThere { show(prefix, isRemoved: false) }
        return isAnyThere
    }

    private func show(_ key: String, isRemoved: Bool) {
        let json: JSONValue = ["key": .string(key), "removed": .boolean(isRemoved)]
        let shown = BytesText.printable(key)
        print(output.json ? json.line : isRemoved ? "removed \(shown)" : "there is no \(shown)")
    }
}
