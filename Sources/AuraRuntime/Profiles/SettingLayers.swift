internal import Configuration
internal import Synchronization

/// A profile's values with the environment variables above them.
struct SettingLayers {
    /// A value with its place.
    struct Value {
        var text: String
        var place: SettingPlace
        /// Whether a variable stands for what is secret in the profile.
        var replacesSecret = false
    }

    private let profile: [[String]: ProfileDocument.Text]
    private let reader: ConfigReader
    private let variablesOnly: ConfigReader
    private let lastAnswer = LastAnswer()

    /// Layers `variables` over the values of a profile.
    ///
    /// - Parameters:
    ///   - profile: The profile's values by the components of their keys.
    ///   - variables: The environment variables.
    init(_ profile: [[String]: ProfileDocument.Text], variables: [String: String]) {
        self.profile = profile
        let values = profile.map { key, value in
            (AbsoluteConfigKey(Self.prefix + key), ConfigValue(.string(value.text), isSecret: true))
        }
        let environment = EnvironmentVariablesProvider(environmentVariables: variables, secretsSpecifier: .all)
        let file = InMemoryProvider(name: "profile", values: Dictionary(uniqueKeysWithValues: values))
        reader = ConfigReader(providers: [environment, file], accessReporter: lastAnswer)
        variablesOnly = ConfigReader(provider: environment, accessReporter: lastAnswer)
    }

    /// The value under a key: the environment variable's where there is one, otherwise the profile's.
    ///
    /// - Parameters:
    ///   - key: The key's components.
    ///   - ignoresProfile: Whether only an environment variable counts.
    /// - Returns: The value with its place; `nil` where neither has one.
    func value(_ key: [String], ignoresProfile: Bool = false) -> Value? {
        let reader = ignoresProfile ? variablesOnly : reader
        guard let text = reader.string(forKey: ConfigKey(Self.prefix + key), isSecret: true) else { return nil }
        guard lastAnswer.isFromFirstProvider else {
            return profile[key].map { Value(text: $0.text, place: $0.place) }
        }
        let replacesSecret = profile[key]?.text.contains("${") ?? false
        return Value(text: text, place: .variable(lastAnswer.name), replacesSecret: replacesSecret)
    }

    /// The name of the environment variable that overrides a key.
    func variable(_ key: [String]) -> String {
        _ = variablesOnly.string(forKey: ConfigKey(Self.prefix + key), isSecret: true)
        return lastAnswer.name
    }

    /// Environment variables begin with `AURA_`.
    private static let prefix = ["aura"]
}

/// Remembers which provider answered the last question.
private final class LastAnswer: AccessReporter {
    private let results = Mutex<[AccessEvent.ProviderResult]>([])

    func report(_ event: AccessEvent) {
        results.withLock { $0 = event.providerResults }
    }

    /// Whether the first provider, the environment variables, had the value.
    var isFromFirstProvider: Bool {
        results.withLock { $0.count == 1 }
    }

    /// What the first provider calls the key.
    var name: String {
        results.withLock { results in
            guard case .success(let answer)? = results.first?.result else { return "" }
            return answer.encodedKey
        }
    }
}
