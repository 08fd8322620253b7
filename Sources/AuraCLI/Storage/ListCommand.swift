internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct StorageListCommand: OneStorageCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List keys in the order of their bytes, with size and revision.",
        discussion: """
            Examples:
              aura storage ls profile:embedded
              aura storage ls sqlite:.aura/storage.db --prefix notes/ --limit 100 --json
            """
    )

    @Argument(help: .storageLocation)
    var location: Location

    @Option(help: "Only keys that begin with this.")
    var prefix = ""

    @Option(help: ArgumentHelp("Only keys that come after this one.", valueName: "key"))
    var after: String?

    @Option(help: "The most keys listed.")
    var limit: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func run(_ storage: Opened<any StorageEffects>) async throws {
        var rest = limit ?? .max
        var next = after.map { StorageKey($0) }
        repeat {
            let page = try await storage.handler.list(prefix: prefix, after: next, limit: min(rest, 1000))
            for item in page.items { show(item) }
            rest -= page.items.count
            next = page.next
        } while next != nil && rest > 0
    }

    private func show(_ item: StoragePage.Item) {
        if output.json {
            let json: JSONValue = [
                "key": .string(item.key.text),
                "bytes": .integer(item.byteCount),
                "revision": .integer(Int(clamping: item.revision.rawValue)),
            ]
            print(json.line)
        } else {
            let size = "\(item.byteCount)"
            let space = String(repeating: " ", count: max(0, 10 - size.count))
            print("\(space)\(size)  \(item.revision)  \(BytesText.printable(item.key.text))")
        }
    }
}
