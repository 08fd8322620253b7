internal import AuraEffects

extension PolicySettings {
    /// Reads the section `policy` of a profile.
    ///
    /// - Parameters:
    ///   - node: What stands under `policy`.
    ///   - operations: The operations of every effect that the application knows.
    ///   - layers: Where environment variables are looked up that override single values, such as `AURA_POLICY_DEADLINE`.
    ///   - variables: Takes the names of the variables that were looked up.
    ///   - problems: Takes what is wrong.
    init(
        parsing node: ProfileNode,
        operations: [EffectOperation],
        layers: SettingLayers,
        variables: inout Set<String>,
        problems: inout [ProfileError]
    ) {
        var parser = PolicyParser(operations: operations, layers: layers)
        self = parser.settings(node)
        variables.formUnion(parser.variables)
        problems += parser.problems
    }
}

/// Reads the section `policy` of a profile, and collects what is wrong with it.
struct PolicyParser {
    /// A mapping with the components of its key.
    struct Group {
        var entries: [ProfileEntry]
        var path: [String]
        var place: SettingPlace

        var key: String { path.joined(separator: ".") }

        func entry(_ key: String) -> ProfileEntry? { entries.first { $0.key == key } }
    }

    static let overridesKey = "overrides"
    static let off = "none"

    let operations: [EffectOperation]
    let layers: SettingLayers
    /// The names of the variables that were looked up.
    var variables: Set<String> = []
    var problems: [ProfileError] = []

    init(operations: [EffectOperation], layers: SettingLayers) {
        self.operations = operations
        self.layers = layers
    }

    mutating func settings(_ node: ProfileNode) -> PolicySettings {
        let path = ["policy"]
        guard let entries = node.entries else {
            let message = "must be a mapping, not \(node.kind); write 'policy: { deadline: 60s }'"
            report(.invalidValue, node.place, path, message)
            return PolicySettings()
        }
        let group = Group(entries: entries, path: path, place: node.place)
        let keys = PolicyPart.allCases.map(\.rawValue)
        checkKeys(of: group, among: keys + [Self.overridesKey], "key", "a policy takes")
        var settings = PolicySettings()
        settings.standard = layer(group)
        checkTimes(settings.standard, settings.standard.policy, group)
        addOverrides(of: group, to: &settings)
        return settings
    }

    // MARK: Overrides

    private mutating func addOverrides(of group: Group, to settings: inout PolicySettings) {
        guard let entry = group.entry(Self.overridesKey) else { return }
        guard let overrides = entry.value.entries else {
            let message =
                "must be a mapping of effects and operations, not \(entry.value.kind); "
                + "write 'overrides: { storage.read: { deadline: 5s } }'"
            report(.invalidValue, entry.value.place, group.path + [Self.overridesKey], message)
            return
        }
        var groups: [(name: String, group: Group)] = []
        for override in overrides {
            let path = group.path + [Self.overridesKey] + override.key.split(separator: ".").map(String.init)
            guard isKnown(override, path) else { continue }
            guard let entries = override.value.entries else {
                let message = "must be a policy, not \(override.value.kind); write '\(override.key): { deadline: 5s }'"
                report(.invalidValue, override.value.place, path, message)
                continue
            }
            let inner = Group(entries: entries, path: path, place: override.place)
            checkOverrideKeys(of: inner, override.key)
            groups.append((override.key, inner))
        }
        for (name, inner) in groups where !name.contains(".") {
            let layer = layer(inner)
            settings.effects[name] = layer
            checkTimes(layer, settings.shared(by: name), inner)
        }
        for (name, inner) in groups where name.contains(".") {
            let layer = layer(inner)
            settings.operations[name] = layer
            let effect = String(name.prefix { $0 != "." })
            checkTimes(layer, settings.shared(by: effect).refined(by: layer.policy), inner)
        }
    }

    /// Whether an override names something that a policy applies to; reports where it should and does not.
    private mutating func isKnown(_ override: ProfileEntry, _ path: [String]) -> Bool {
        let parts = override.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, !parts.contains("") else {
            let message = "names no operation; write EFFECT or EFFECT.OPERATION, such as 'storage.read'"
            report(.invalidValue, override.place, path, message)
            return false
        }
        let own = operations.filter { $0.effect == parts[0] }
        guard parts[0] != TimeEffect.name else {
            report(.invalidValue, override.place, path, "takes no policy: a sleep ends when its caller says; remove it")
            return false
        }
        guard !own.isEmpty else {
            let known = Set(operations.map(\.effect)).subtracting([TimeEffect.name])
            // One profile serves several applications: another's effect is skipped, a misspelt one is not.
            let isBuiltIn = ProfileDocument.builtInEffects.contains(parts[0])
            guard !isBuiltIn, let near = nearestName(to: parts[0], in: known.union(ProfileDocument.builtInEffects))
            else { return false }
            let message =
                "unknown effect; did you mean '\(near)'? the application's effects are: "
                + known.sorted().joined(separator: ", ")
            report(.unknownKey, override.place, path, message)
            return false
        }
        guard parts.count == 2 else { return true }
        let names = own.filter { $0.kind == .call }.map(\.name)
        if names.contains(parts[1]) { return true }
        if own.contains(where: { $0.name == parts[1] }) {
            let message = "takes no policy: the operation answers at once; remove it"
            report(.invalidValue, override.place, path, message)
        } else {
            let near = suggestion(for: parts[1], in: names)
            let message = "unknown operation\(near)'\(parts[0])' has: \(names.joined(separator: ", "))"
            report(.unknownKey, override.place, path, message)
        }
        return false
    }

    private mutating func checkOverrideKeys(of group: Group, _ name: String) {
        let names = name.contains(".") ? [] : operations.filter { $0.effect == name }.map(\.name)
        var others = group
        others.entries.removeAll { names.contains($0.key) }
        checkKeys(of: others, among: PolicyPart.allCases.map(\.rawValue), "key", "an override takes")
        for entry in group.entries where names.contains(entry.key) {
            let message =
                "is an operation, not a part of a policy; write '\(name).\(entry.key): { … }' beside '\(name)'"
            report(.unknownKey, entry.place, group.path + [entry.key], message)
        }
    }

    // MARK: Reporting

    mutating func report(_ code: ProfileError.Code, _ place: SettingPlace, _ path: [String], _ message: String) {
        problems.append(ProfileError(code, at: place, key: path.joined(separator: "."), message))
    }

    /// Reports the keys of a mapping that nothing takes.
    mutating func checkKeys(of group: Group, among keys: [String], _ word: String, _ lead: String) {
        for entry in group.entries where !keys.contains(entry.key) {
            let near = suggestion(for: entry.key, in: keys)
            let message = "unknown \(word)\(near)\(lead): \(keys.joined(separator: ", "))"
            report(.unknownKey, entry.place, group.path + [entry.key], message)
        }
    }

    /// Reports an attempt timeout that no attempt can reach.
    private mutating func checkTimes(_ layer: PolicySettings.Layer, _ policy: EffectPolicy, _ group: Group) {
        guard let deadline = policy.deadline, let timeout = policy.attemptTimeout, timeout > deadline else { return }
        let part = layer.policy.sets(.attemptTimeout) ? PolicyPart.attemptTimeout : .deadline
        guard layer.policy.sets(part) else { return }
        let message =
            part == .attemptTimeout
            ? "is longer than the deadline of \(deadline.spelled), which ends every attempt; shorten it, or write 'none'"
            : "is shorter than the attempt timeout of \(timeout.spelled); raise it, or set 'attemptTimeout' here too"
        report(.invalidValue, layer.places[part] ?? group.place, group.path + [part.rawValue], message)
    }
}
