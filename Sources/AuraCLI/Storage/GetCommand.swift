internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct StorageGetCommand: OneStorageCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Write a value to the standard output stream, byte by byte as it is.",
        discussion: """
            With --json the value is 'text' where it is UTF-8, and 'hex' otherwise. Exit code 66: there is no value.

            Examples:
              aura storage get profile:embedded notes/1 > note.txt
              aura storage get sqlite:.aura/storage.db notes/1 --json
            """
    )

    @Argument(help: .storageLocation)
    var location: Location

    @Argument(help: "The key.")
    var key: String

    @OptionGroup var output: OutputOptions

    func run(_ storage: Opened<any StorageEffects>) async throws {
        guard let value = try await storage.handler.read(StorageKey(key)) else {
            throw EffectError(
                .notFound,
                "There is no value under '\(BytesText.printable(key))': 'aura storage ls' lists the keys.",
                effect: storage.resolved.key,
                operation: "read",
                handler: storage.resolved.technology
            )
        }
        guard output.json else {
            Terminal.output(value.bytes)
            return
        }
        let members = [
            JSONValue.Member(key: "key", value: .string(key)),
            JSONValue.Member(key: "revision", value: .integer(Int(clamping: value.revision.rawValue))),
            JSONValue.Member(key: "bytes", value: .integer(value.bytes.count)),
            BytesText.json(value.bytes),
        ]
        print(JSONValue.object(members))
    }
}
