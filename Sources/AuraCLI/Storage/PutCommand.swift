internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct StoragePutCommand: OneStorageCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Store a value from the command line or the standard input stream.",
        discussion: """
            Examples:
              aura storage put profile:embedded greeting hello
              aura storage put sqlite:.aura/storage.db notes/1 < note.txt
              aura storage put profile:embedded greeting hi --if-revision 7
            """
    )

    static let use = Location.Use.orNew

    @Argument(help: .storageLocation)
    var location: Location

    @Argument(help: "The key.")
    var key: String

    @Argument(help: "The value; without it the standard input stream is read.")
    var value: String?

    @Flag(help: "Only where there is no value yet.")
    var ifAbsent = false

    @Option(help: ArgumentHelp("Only where the value has this revision.", valueName: "revision"))
    var ifRevision: UInt64?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if ifAbsent && ifRevision != nil { throw ValidationError("--if-absent and --if-revision exclude each other.") }
    }

    func run(_ storage: Opened<any StorageEffects>) async throws {
        let bytes = try bytes(limit: storage.handler.capabilities.limit(.valueBytes))
        let precondition = ifAbsent ? StoragePrecondition.absent : .matching(ifRevision)
        let revision = try await storage.handler.write(bytes, to: StorageKey(key), if: precondition)
        output.print(
            [
                "key": .string(key),
                "revision": .integer(Int(clamping: revision.rawValue)),
                "bytes": .integer(bytes.count),
            ],
            text: "\(BytesText.printable(key)): \(ByteCount(bytes: bytes.count)), revision \(revision)"
        )
    }

    private func bytes(limit: Int) throws(EffectError) -> [UInt8] {
        if let value { return Array(value.utf8) }
        guard let bytes = try Terminal.input(limit: limit) else {
            throw EffectError(
                .invalidArgument,
                "The value is larger than the \(ByteCount(bytes: limit)) that this storage takes. Nothing was written."
            )
        }
        return bytes
    }
}

extension StoragePrecondition {
    /// The condition that a value has a revision, where one is given.
    static func matching(_ revision: UInt64?) -> StoragePrecondition {
        revision.map { .matches(StorageRevision(rawValue: $0)) } ?? .none
    }
}
