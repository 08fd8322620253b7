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
        /// Where nested settings begin, such as `over`, by their keys with dots.
        var groups: [String: SettingPlace] = [:]

        /// The settings that have none of some keys; of nested ones whose group has no part in them the group.
        func settingsAndGroups(unlike keys: [String]) -> [ProfileEntry] {
            let others = groups.filter { group, _ in
                !group.contains(".") && !keys.contains { $0 == group || $0.hasPrefix("\(group).") }
            }
            let unknown = settings.filter { setting in
                !keys.contains(setting.key) && !others.keys.contains { setting.key.hasPrefix("\($0).") }
            }
            return unknown
                + others.map { group, place in ProfileEntry(key: group, place: place, value: .mapping([], place)) }
        }

        /// What stands under a key, as an instance of its own: the handler that this instance's handler is made over.
        func inner(_ key: String) -> Instance? {
            guard let place = groups[key] else { return nil }
            var inner = Instance(name: "", place: place, handler: nil, settings: [])
            for setting in settings where setting.key.hasPrefix("\(key).") {
                let entry = ProfileEntry(
                    key: String(setting.key.dropFirst(key.count + 1)),
                    place: setting.place,
                    value: setting.value
                )
                if entry.key == "handler", case .text(let text, let place) = entry.value {
                    inner.handler = Text(text: text, place: place)
                } else {
                    inner.settings.append(entry)
                }
            }
            for (group, place) in groups where group.hasPrefix("\(key).") {
                inner.groups[String(group.dropFirst(key.count + 1))] = place
            }
            return inner
        }
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
    static let reservedKeys = ["profile", "extends", "environment", "waive"] + sectionKeys
    /// The keys of what surrounds every handler.
    static let sectionKeys = ["policy", "telemetry", "faults"]
    /// The families that every application knows.
    static let builtInEffects =
        [
            StorageEffect.name, JournalEffect.name, NetworkEffect.name, TimeEffect.name, RandomEffect.name,
            CryptoEffect.name, KeysEffect.name, HTTPEffect.name, SecretsEffect.name,
        ] + cloudEffects
    /// The families whose handlers stand below one key, each chosen on its own.
    static let cloudEffects = [
        ObjectsEffect.name, KeyValuesEffect.name, QueueEffect.name, TopicsEffect.name, FunctionsEffect.name,
    ]
    /// The key that the cloud's families stand below.
    static let cloudKey = "cloud"
    /// The name of the default instance where a family has several.
    static let defaultInstance = "default"

    var file: String
    var name: Text?
    var extends: Text?
    var environment: ProfileEntry?
    var waive: [Text]?
    /// What surrounds every handler, by its key.
    var sections: [String: ProfileEntry] = [:]
    var families: [Family] = []
    /// Keys that have no family's form.
    var others: [ProfileEntry] = []
    var problems: [ProfileError] = []
    /// The keys of what is reported already, so that it is not reported as missing too.
    var misread: Set<String> = []

    init(_ entries: [ProfileEntry], file: String) {
        self.file = file
        for entry in entries {
            switch entry.key {
            case "profile": name = text(of: entry, example: "profile: dev")
            case "extends": extends = text(of: entry, example: "extends: base")
            case "environment": environment = entry
            case "waive": waive = names(of: entry)
            case Self.cloudKey: addCloud(entry)
            case let key where Self.sectionKeys.contains(key): sections[key] = entry
            case let key where Self.cloudEffects.contains(key): refuseOutsideCloud(entry)
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

    mutating func addFamily(_ entry: ProfileEntry) {
        guard let entries = entry.value.entries, !entries.isEmpty else {
            others.append(entry)
            return
        }
        let hasNamedInstances = entries.allSatisfy { $0.key != "handler" && $0.value.entries != nil }
        guard hasNamedInstances else {
            let instance = instance("", key: Self.key(of: entry.key), at: entry.place, entries)
            families.append(Family(effect: entry.key, place: entry.place, instances: [instance]))
            return
        }
        let instances = entries.map { named in
            instance(
                named.key == Self.defaultInstance ? "" : named.key,
                key: "\(Self.key(of: entry.key)).\(named.key)",
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
        instance.add(entries.filter { $0.key != "handler" }, prefix: "")
        return instance
    }
}

extension ProfileDocument.Instance {
    /// Adds settings, nested ones by their keys with dots: `encryption: { key: … }` is `encryption.key`.
    fileprivate mutating func add(_ entries: [ProfileEntry], prefix: String) {
        for entry in entries {
            let key = prefix + entry.key
            if let nested = entry.value.entries {
                groups[key] = entry.place
                add(nested, prefix: "\(key).")
            } else {
                settings.append(ProfileEntry(key: key, place: entry.place, value: entry.value))
            }
        }
    }
}
