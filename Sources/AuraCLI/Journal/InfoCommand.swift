internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct JournalInfoCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say what a journal is, how much it holds, and whose entries.",
        discussion: """
            Examples:
              aura journal info sqlite:.aura/journal.db
              aura journal info profile:embedded --json
            """
    )

    @Argument(help: "The journal: HANDLER:PATH or profile:NAME.")
    var location: Location

    @OptionGroup var output: OutputOptions

    func run(_ journal: Opened<any JournalEffects>) async throws {
        let frontier = try await journal.handler.frontier()
        let heads = frontier.heads.sorted { $0.key < $1.key }
        let entries = heads.reduce(0) { $0 + Int(clamping: $1.value.sequence) }
        output.print(
            [
                "handler": .string(journal.resolved.technology),
                "entries": .integer(entries),
                "rootHash": .string(frontier.rootHash.description),
                "origins": .array(
                    heads.map { origin, head in
                        [
                            "origin": .string(origin.description),
                            "sequence": .integer(Int(clamping: head.sequence)),
                            "hash": .string(head.hash.description),
                        ]
                    }
                ),
            ],
            text: "\(entries) entries"
        )
    }
}
