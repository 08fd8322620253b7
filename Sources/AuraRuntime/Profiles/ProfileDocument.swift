internal import AuraEffects

/// What one file of a profile says, taken apart by its keys but not yet checked against an application's handlers.
struct ProfileDocument: Sendable {
    /// An instance of a family, such as the default `journal`.
    struct Instance: Sendable {
        /// Empty for the default instance.
        var name: String
        var place: SettingPlace
        /// The technology; `nil` where the file leaves it to the profile that it extends.
        var handler: Text?
        /// The settings by their keys with dots.
        var settings: [ProfileEntry]
    }

    /// A family with its instances.
    struct Family: Sendable {
        var effect: String
        var place: SettingPlace
        var instances: [Instance]
    }

    /// Text with its place.
    struct Text: Sendable, Hashable {
        var text: String
        var place: SettingPlace
    }

    /// The keys of a profile that are no effect families.
    static let reservedKeys = ["profile", "extends", "environment", "waive"]
    /// The families that every application knows.
    static let builtInEffects = [
        StorageEffect.name, JournalEffect.name, NetworkEffect.name, TimeEffect.name, RandomEffect.name,
        CryptoEffect.name,
    ]
    /// The name of the default instance where a family has several.
    static let defaultInstance = "default"

    var file: String
    var name: Text?
    var extends: Text?
    var environment: ProfileEntry?
    var waive: [Text]?
    var families: [Family] = []
    /// Keys that have no family's form.
    var others: [ProfileEntry] = []
    var problems: [ProfileError] = []

    init(_ entries: [ProfileEntry], file: String) {
        self.file = file
        for entry in entries {
            switch entry.key {
            case "profile": name = text(of: entry, example: "profile: dev")
            case "extends": extends = text(of: entry, example: "extends: base")
            case "environment": environment = entry
            case "waive": waive = names(of: entry)
            default: addFamily(entry)
            }
        }
    }

    private mutating func text(of entry: ProfileEntry, example: String) -> Text? {
        if case .text(let text, let place) = entry.value, !text.isEmpty { return Text(text: text, place: place) }
        problems.append(
            ProfileError(
                .invalidValue,
                at: entry.place,
                key: entry.key,
                "must be a name, not \(entry.value.kind); write '\(example)'"
            )
        )
        return nil
    }

    private mutating func names(of entry: ProfileEntry) -> [Text] {
        guard case .list(let values, _) = entry.value else {
            problems.append(
                ProfileError(
                    .invalidValue,
                    at: entry.place,
                    key: entry.key,
                    "must be a list, not \(entry.value.kind); write 'waive: [journal.durable]'"
                )
            )
            return []
        }
        return values.compactMap { value in
            if case .text(let text, let place) = value { return Text(text: text, place: place) }
            problems.append(
                ProfileError(
                    .invalidValue,
                    at: value.place,
                    key: entry.key,
                    "names a need as EFFECT.CAPABILITY, not \(value.kind); write 'waive: [journal.durable]'"
                )
            )
            return nil
        }
    }

    private mutating func addFamily(_ entry: ProfileEntry) {
        guard let entries = entry.value.entries, !entries.isEmpty else {
            others.append(entry)
            return
        }
        let hasNamedInstances = entries.allSatisfy { $0.key != "handler" && $0.value.entries != nil }
        guard hasNamedInstances else {
            let instance = instance("", key: entry.key, at: entry.place, entries)
            families.append(Family(effect: entry.key, place: entry.place, instances: [instance]))
            return
        }
        let instances = entries.map { named in
            instance(
                named.key == Self.defaultInstance ? "" : named.key,
                key: "\(entry.key).\(named.key)",
                at: named.place,
                named.value.entries ?? []
            )
        }
        families.append(Family(effect: entry.key, place: entry.place, instances: instances))
    }

    private mutating func instance(
        _ name: String,
        key: String,
        at place: SettingPlace,
        _ entries: [ProfileEntry]
    ) -> Instance {
        var instance = Instance(name: name, place: place, handler: nil, settings: [])
        for entry in entries where entry.key == "handler" {
            if case .text(let text, let place) = entry.value {
                instance.handler = Text(text: text, place: place)
            } else {
                problems.append(
                    ProfileError(
                        .invalidValue,
                        at: entry.place,
                        key: "\(key).handler",
                        "must be a handler's name, not \(entry.value.kind)"
                    )
                )
            }
        }
        instance.settings = Self.flatten(entries.filter { $0.key != "handler" }, prefix: "")
        return instance
    }

    /// Nested settings by their keys with dots: `encryption: { key: … }` is `encryption.key`.
    private static func flatten(_ entries: [ProfileEntry], prefix: String) -> [ProfileEntry] {
        entries.flatMap { entry in
            let key = prefix + entry.key
            if let nested = entry.value.entries { return flatten(nested, prefix: "\(key).") }
            return [ProfileEntry(key: key, place: entry.place, value: entry.value)]
        }
    }
}
