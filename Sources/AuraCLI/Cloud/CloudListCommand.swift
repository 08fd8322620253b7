internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct CloudListCommand: OneBucketCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List objects with size and time, in the order in which the service lists them.",
        discussion: """
            Examples:
              aura cloud ls --profile production
              aura cloud ls reports/ --profile production --limit 100 --json
            """
    )

    @Argument(help: "Only keys that begin with this.")
    var prefix = ""

    @Option(help: "The most objects listed.")
    var limit: Int?

    @OptionGroup var bucket: CloudOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func run(_ opened: Opened<any ObjectStorageEffects>) async throws {
        var rest = limit ?? .max
        var token: PageToken?
        repeat {
            let page = try await opened.handler.list(prefix: prefix, after: token, limit: min(rest, 1000))
            for item in page.items { show(item) }
            rest -= page.items.count
            token = page.next
        } while token != nil && rest > 0
    }

    private func show(_ item: ObjectPage.Item) {
        let modified = UTCTime.iso(UInt64(max(0, item.modified.nanosecondsSinceEpoch / 1_000_000)))
        if output.json {
            let json: JSONValue = [
                "key": .string(item.key.text),
                "bytes": .integer(item.byteCount),
                "modified": .string(modified),
                "revision": .string(item.revision.rawValue),
            ]
            print(json.line)
        } else {
            let size = "\(item.byteCount)"
            let space = String(repeating: " ", count: max(0, 14 - size.count))
            print("\(modified)\(space)\(size)  \(BytesText.printable(item.key.text))")
        }
    }
}
