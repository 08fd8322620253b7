internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct KeyValueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kv",
        abstract: "Read and change the items of a profile's key-values.",
        discussion: """
            An item is a JSON object; bytes are written {"$bytes": "BASE64"}.

            Examples:
              aura cloud kv put albums 1 '{"title": "Cats", "stars": 5}' --profile production
              aura cloud kv get albums 1 --profile production
              aura cloud kv query albums --prefix 2026/ --profile production --json
            """,
        subcommands: [
            KeyValueGetCommand.self, KeyValuePutCommand.self, KeyValueDeleteCommand.self, KeyValueQueryCommand.self,
        ]
    )
}

/// Which item a command is about.
struct ItemKeyOptions: ParsableArguments {
    @Argument(help: "The partition key.")
    var partition: String

    @Argument(help: "The sort key.")
    var sort: String

    var key: ItemKey { ItemKey(partition, sort) }

    /// The key on a line for people.
    var printable: String { "\(BytesText.printable(partition)) \(BytesText.printable(sort))" }
}

struct KeyValueGetCommand: CloudServiceCommand {
    typealias Key = KeyValuesEffect

    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print an item.",
        discussion: """
            Exit code 66: there is no such item.

            Examples:
              aura cloud kv get albums 1 --profile production
              aura cloud kv get albums 1 --profile production --json
            """
    )

    @OptionGroup var item: ItemKeyOptions
    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any KeyValueEffects>) async throws {
        guard let found = try await opened.handler.get(item.key) else {
            throw EffectError(
                .notFound,
                "There is no item '\(item.printable)': 'aura cloud kv query \(BytesText.printable(item.partition))' "
                    + "lists those of its partition.",
                effect: opened.resolved.key,
                operation: "get",
                handler: opened.resolved.technology
            )
        }
        output.print(found.json, text: KeyValueText.json(found.item.attributes).line)
    }
}

struct KeyValuePutCommand: CloudServiceCommand {
    typealias Key = KeyValuesEffect

    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Store an item, in place of the one of its key.",
        discussion: """
            Examples:
              aura cloud kv put albums 1 '{"title": "Cats"}' --profile production --if-absent
              aura cloud kv put sessions 7 '{"user": "a"}' --expires-in 30m --profile production
              aura cloud kv put albums 1 --profile production < item.json
            """
    )

    static let use = Location.Use.orNew

    @OptionGroup var item: ItemKeyOptions

    @Argument(help: "The item as a JSON object; without it the standard input stream is read.")
    var json: String?

    @Flag(help: "Only where there is no such item yet.")
    var ifAbsent = false

    @Option(help: ArgumentHelp("Only where the item has this revision.", valueName: "revision"))
    var ifRevision: String?

    @Option(help: ArgumentHelp("After what time the item is gone, such as 30m.", valueName: "time"))
    var expiresIn: SpelledDuration?

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if ifAbsent && ifRevision != nil { throw ValidationError("--if-absent and --if-revision exclude each other.") }
        if let expiresIn, expiresIn.duration <= .zero {
            throw ValidationError("--expires-in must be more than nothing.")
        }
    }

    func run(_ opened: Opened<any KeyValueEffects>) async throws {
        let expires = expiresIn.map { later in
            WallTime(
                nanosecondsSinceEpoch: opened.effects.time.now.nanosecondsSinceEpoch + later.duration.nanoseconds
            )
        }
        let stored = Item(try KeyValueText.attributes(try bytes(opened.capabilities)), expires: expires)
        let precondition: CloudPrecondition = ifAbsent ? .absent : .matching(ifRevision)
        let revision = try await opened.handler.put(stored, to: item.key, if: precondition)
        let json: JSONValue = [
            "partition": .string(item.partition), "sort": .string(item.sort), "revision": .string(revision.rawValue),
        ]
        output.print(json, text: "\(item.printable): revision \(revision)")
    }

    private func bytes(_ capabilities: Capabilities) throws(EffectError) -> [UInt8] {
        if let json { return Array(json.utf8) }
        // JSON takes more than what it says: six bytes for one that it escapes.
        let limit = min(capabilities.limit(.itemBytes), 1 << 26) * 6
        if let bytes = try Terminal.input(limit: limit) { return bytes }
        throw EffectError(.invalidArgument, "The item is larger than the service takes. Nothing was stored.")
    }
}

struct KeyValueDeleteCommand: CloudServiceCommand {
    typealias Key = KeyValuesEffect

    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove an item; one that is not there stays away.",
        discussion: """
            Examples:
              aura cloud kv delete albums 1 --profile production
              aura cloud kv delete albums 1 --if-revision 7 --profile production --json
            """
    )

    @OptionGroup var item: ItemKeyOptions

    @Option(help: ArgumentHelp("Only where the item has this revision.", valueName: "revision"))
    var ifRevision: String?

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any KeyValueEffects>) async throws {
        try await opened.handler.remove(item.key, if: .matching(ifRevision))
        output.print(
            ["partition": .string(item.partition), "sort": .string(item.sort)],
            text: "removed \(item.printable)"
        )
    }
}

struct KeyValueQueryCommand: CloudServiceCommand {
    typealias Key = KeyValuesEffect

    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Print the items of a partition in the order of their sort keys.",
        discussion: """
            Examples:
              aura cloud kv query albums --profile production
              aura cloud kv query log --from 2026-01 --before 2026-02 --backwards --limit 10 --profile production --json
            """
    )

    @Argument(help: "The partition key.")
    var partition: String

    @Option(help: "Only sort keys that begin with this.")
    var prefix: String?

    @Option(help: "The first sort key.")
    var from: String?

    @Option(help: "Only sort keys before this one.")
    var before: String?

    @Flag(help: "From the last one to the first.")
    var backwards = false

    @Option(help: "The most items printed.")
    var limit: Int?

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        if prefix != nil, from != nil || before != nil {
            throw ValidationError("--prefix excludes --from and --before.")
        }
    }

    func run(_ opened: Opened<any KeyValueEffects>) async throws {
        let range: ItemQuery.SortKeys = from == nil && before == nil ? .all : .range(from: from, before: before)
        let sortKeys = prefix.map { ItemQuery.SortKeys.prefix($0) } ?? range
        var rest = limit ?? .max
        for try await found in opened.handler.items(ItemQuery(partition, sortKeys, backwards: backwards)) {
            let text = "\(BytesText.printable(found.key.sort))  \(KeyValueText.json(found.item.attributes).line)"
            print(output.json ? found.json.line : text)
            rest -= 1
            if rest == 0 { return }
        }
    }
}

extension CloudPrecondition {
    /// The condition that something has a revision, where one is given.
    static func matching(_ revision: String?) -> CloudPrecondition {
        revision.map { .matches(CloudRevision(rawValue: $0)) } ?? .none
    }
}
