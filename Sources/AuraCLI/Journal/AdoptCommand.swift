internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct JournalAdoptCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Let a copied journal write under an origin of its own.",
        discussion: """
            A journal that was copied or restored by hand goes on under the origin of its original, and what both write from \
            then on cannot be merged. Run this on one of them before it writes. Entries that are there keep their origin.

            Examples:
              aura journal adopt sqlite:copy.db
              aura journal adopt profile:embedded --json
            """
    )

    @Argument(help: .journalLocation)
    var location: Location

    @OptionGroup var output: OutputOptions

    func run(_ journal: Opened<any JournalEffects>) async throws {
        let maintained = try journal.maintained("adopt")
        let before = try await maintained.identity().origin
        let origin = try await maintained.adopt()
        output.print(
            ["origin": .string(origin.description), "before": .string(before.description)],
            text: "It writes under the new origin \(origin); before it was \(before)."
        )
    }
}
