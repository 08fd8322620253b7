internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct StorageRemoveCommand: OneStorageCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove values.",
        discussion: """
            Exit code 66: one of the keys had no value; the others are removed all the same.

            Examples:
              aura storage rm profile:embedded greeting
              aura storage rm sqlite:.aura/storage.db notes/1 --if-revision 7
            """
    )

    @Argument(help: .storageLocation)
    var location: Location

    @Argument(help: "The keys.")
    var keys: [String]

    @Option(help: ArgumentHelp("Only where the value has this revision; for one key.", valueName: "revision"))
    var ifRevision: UInt64?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if keys.count > 1 && ifRevision != nil { throw ValidationError("--if-revision takes one key.") }
    }

    func run(_ storage: Opened<any StorageEffects>) async throws {
        var areAllRemoved = true
        for key in keys {
            let isRemoved = try await storage.handler.remove(StorageKey(key), if: .matching(ifRevision))
            areAllRemoved = areAllRemoved && isRemoved
            let json: JSONValue = ["key": .string(key), "removed": .boolean(isRemoved)]
            let shown = BytesText.printable(key)
            print(output.json ? json.line : isRemoved ? "removed \(shown)" : "there is no \(shown)")
        }
        if !areAllRemoved { throw ExitCode(ApplicationExit.missing) }
    }
}
