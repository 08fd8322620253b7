internal import ArgumentParser

/// What every application tells about its profiles.
struct ProfileCommand<Application: AuraApplication>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "profile",
            abstract: "Check and explain the profiles that \(Application.name) runs on.",
            discussion: """
                Examples:
                  \(Application.name) profile check Profiles/dev.yaml Profiles/embedded.yaml
                  \(Application.name) profile explain --profile embedded
                  \(Application.name) profile needs --profile dev --json
                """,
            subcommands: [
                ProfileCheckCommand<Application>.self, ProfileExplainCommand<Application>.self,
                ProfileNeedsCommand<Application>.self,
            ]
        )
    }
}

/// Says everything that is wrong with profiles.
struct ProfileCheckCommand<Application: AuraApplication>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check",
            abstract: "Say everything that is wrong with profiles, without running anything.",
            discussion: """
                With --live each handler of a profile is made, and asked for something that changes nothing: whether the file, the                 server or the service is there and answers. A handler that keeps files makes those that are missing.

                Exit codes: 0 all are right, 1 a handler does not answer, 78 one of the profiles is wrong.
                """
        )
    }

    @Argument(help: "Names or paths; without one the profile that would be run on.")
    var profiles: [String] = []

    @Flag(help: "Make the handlers, and ask each of them whether it is there.")
    var live = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let selected = profiles.isEmpty ? [Application.selectedProfile(nil)] : profiles
        try await ProfileCheck.report(selected.map { Application.check($0) }, live: live, asJSON: json)
    }
}

/// Says what a profile gives to the application, and where each value comes from.
struct ProfileExplainCommand<Application: AuraApplication>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "explain",
            abstract: "Say where each setting comes from, what the budget is, and what handlers make of it.",
            discussion: "Secrets print as <redacted>."
        )
    }

    @Option(
        help: ArgumentHelp(
            "The profile: a name or a path (default: $APP_PROFILE, or else '\(Application.defaultProfile)').",
            valueName: "name|path"
        )
    )
    var profile: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let assembly = try Application.assembly(Application.selectedProfile(profile), reportsJSON: json)
        let explanation = ProfileExplanation(assembly)
        print(json ? explanation.json.description : explanation.text)
    }
}

/// Says what the application needs and how a profile meets it.
struct ProfileNeedsCommand<Application: AuraApplication>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "needs",
            abstract: "Say what \(Application.name) needs, and how a profile meets it.",
            discussion: "Exit codes: 0 all are met or waived, 78 the profile is wrong or does not meet them."
        )
    }

    @Option(
        help: ArgumentHelp(
            "The profile: a name or a path (default: $APP_PROFILE, or else '\(Application.defaultProfile)').",
            valueName: "name|path"
        )
    )
    var profile: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let assembly = try Application.assembly(Application.selectedProfile(profile), reportsJSON: json)
        let needs = NeedsExplanation(assembly)
        print(json ? needs.json.description : needs.text)
    }
}

extension AuraApplication {
    fileprivate static func check(_ nameOrPath: String) -> ProfileCheck {
        ProfileCheck(of: nameOrPath, handlers, needs: needs, interception: interception, policy: policy)
    }

    /// A profile, checked against the application; what is wrong with it goes where the command's output goes.
    ///
    /// - Parameters:
    ///   - nameOrPath: The profile.
    ///   - reportsJSON: Whether mistakes are printed as `profile check --json` has them, and not as lines of errors.
    /// - Returns: The checked profile.
    /// - Throws: The mistakes, or the exit code where they are printed.
    fileprivate static func assembly(_ nameOrPath: String, reportsJSON: Bool) throws -> Assembly {
        let check = check(nameOrPath)
        if let assembly = check.assembly { return assembly }
        guard reportsJSON else { throw ProfileErrors(check.errors) }
        print(check.json)
        throw ExitCode(ApplicationExit.badProfile)
    }
}
