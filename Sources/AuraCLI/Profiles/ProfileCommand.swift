internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Say which profiles and handlers there are, and what a profile gives.",
        discussion: """
            Profiles are looked for in the folder that AURA_PROFILES names, in Profiles of the working directory, and beside or \
            above the executable. Effects of an application's own are left out here: its 'profile' command knows them.

            Examples:
              aura profile list
              aura profile show embedded --need journal.durable
              aura profile check production --live
            """,
        subcommands: [ProfileListCommand.self, ProfileShowCommand.self, ProfileCheckCommand.self]
    )
}

struct ProfileListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the profiles that are found, and the linked handlers with their settings.",
        discussion: """
            Examples:
              aura profile list
              aura profile list --json
            """
    )

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let profiles = try ProfileCheck.found(LinkedHandlers.registry)
        let handlers = HandlerCatalogue(LinkedHandlers.registry)
        if json {
            print(
                JSONValue.object([
                    JSONValue.Member(key: "profiles", value: .array(profiles.map(\.json))),
                    JSONValue.Member(key: "handlers", value: handlers.json),
                ])
            )
        } else {
            print("profiles")
            let rows = profiles.map { profile in
                let state = profile.errors.first.map { "wrong: \($0)" } ?? "right"
                return [profile.name, profile.file ?? "", state]
            }
            for row in TextTable.rows(rows) { print(row) }
            if profiles.isEmpty { print("  none found: set AURA_PROFILES to the folder of your profiles") }
            print("\nhandlers")
            print(handlers.text)
        }
    }
}

struct ProfileShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Check a profile, and say where each setting comes from and what its handlers give.",
        discussion: """
            Secrets print as <redacted>. Exit code 78: the profile is wrong, or does not meet a need.

            Examples:
              aura profile show embedded
              aura profile show Profiles/server.yaml --need journal.durable --need storage.transactions --json
            """
    )

    @Argument(help: "The profile: a name or a path.")
    var profile: String

    @Option(
        name: .customLong("need"),
        help: ArgumentHelp(
            "What the profile must give, as an application would need it; may be repeated.",
            valueName: "effect[.capability]"
        )
    )
    var needs: [Need] = []

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let check = ProfileCheck(of: profile, LinkedHandlers.registry, needs: EffectNeeds(needs.map(\.need)))
        guard let assembly = check.assembly else {
            guard json else { throw ProfileErrors(check.errors) }
            print(check.json)
            throw ExitCode(ApplicationExit.badProfile)
        }
        let explanation = ProfileExplanation(assembly)
        let met = NeedsExplanation(assembly)
        if json {
            let needs = needs.isEmpty ? [] : [JSONValue.Member(key: "needs", value: met.linesJSON)]
            print(JSONValue.object(explanation.members + needs))
        } else {
            print(explanation.text)
            if !needs.isEmpty { print("\nneeds\n" + met.rows.joined(separator: "\n")) }
        }
    }
}

struct ProfileCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what is wrong with profiles, and whether their files, servers and services answer.",
        discussion: """
            With --live each handler is made, and asked for something that changes nothing. A handler that keeps files makes \
            those that are missing. Exit codes: 0 all are right, 1 a handler does not answer, 78 one of the profiles is wrong.

            Examples:
              aura profile check embedded production
              aura profile check production --live --json
            """
    )

    @Argument(help: "The profiles: names or paths.")
    var profiles: [String]

    @Flag(help: "Make the handlers, and ask each of them whether it is there.")
    var live = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let checks = profiles.map { ProfileCheck(of: $0, LinkedHandlers.registry, needs: []) }
        try await ProfileCheck.report(checks, live: live, asJSON: json)
    }
}

/// A need as the command line spells it.
struct Need: ExpressibleByArgument, Sendable {
    let need: EffectNeed

    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), let bare = Self.families[parts[0]] else {
            return nil
        }
        var need = bare
        need.capabilities = Set(parts.dropFirst().map(Capability.init))
        self.need = need
    }

    static var allValueStrings: [String] { families.keys.sorted() }

    private static let families: [String: EffectNeed] = [
        StorageEffect.name: .storage, JournalEffect.name: .journal, NetworkEffect.name: .network,
        TimeEffect.name: .time,
        RandomEffect.name: .random, CryptoEffect.name: .crypto, KeysEffect.name: .keys, ObjectsEffect.name: .objects,
        KeyValuesEffect.name: .keyValues, QueueEffect.name: .queue, TopicsEffect.name: .topics,
        FunctionsEffect.name: .functions, HTTPEffect.name: .http,
    ]
}
