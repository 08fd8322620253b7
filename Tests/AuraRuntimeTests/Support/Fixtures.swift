internal import AuraEffects
internal import AuraRuntime
internal import RuntimeFixture

/// A machine that sets no limits, so that budgets are the same wherever the tests run.
let unlimitedMachine = MachineLimits()

extension Assembly {
    /// Checks a profile's text for the fixture's application.
    init(
        yaml: String,
        file: String = "test.yaml",
        needs: EffectNeeds = Notebook.needs,
        variables: [String: String] = [:],
        events: Events = Events()
    ) throws(ProfileErrors) {
        let profile = try Profile(yaml: yaml, file: file, variables: variables)
        let registry = HandlerRegistry { FixtureHandlers(events: events) }
        try self.init(profile, registry, needs: needs, variables: variables, machine: unlimitedMachine)
    }
}

/// What is wrong with a profile's text, a line each; nothing where it is right.
func problems(in yaml: String, variables: [String: String] = [:]) -> [String] {
    do {
        _ = try Assembly(yaml: yaml, file: "bad.yaml", variables: variables)
        return []
    } catch {
        return error.errors.map(\.description)
    }
}

/// A profile on which the fixture's application runs, with `settings` for its notes.
func profile(_ settings: String = "handler: file, path: n", environment: String = "mobile") -> String {
    """
    profile: good
    environment: \(environment)
    notes: { \(settings) }
    time: { handler: system }
    random: { handler: system }
    """
}
