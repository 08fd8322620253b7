internal import AuraEffects

extension HandlerLocation {
    /// The profile that the location stands for.
    func document(
        of effect: String,
        in registry: HandlerRegistry
    ) throws(ProfileErrors) -> ProfileDocument {
        var entries = [entry("handler", technology)]
        if let declaration = registry.declaration(effect: effect, technology: technology) {
            let mainKey = declaration.settings.first { $0.isRequired && $0.innerEffect == nil }?.key
            if let mainKey, main.isEmpty, !settings.contains(where: { $0.key == mainKey }) {
                let message = "says no \(mainKey); write '\(technology):\(mainKey.uppercased())'"
                throw ProfileErrors(.missingKey, at: place, message)
            }
            if !main.isEmpty {
                guard let mainKey else {
                    let message = "'\(technology)' takes nothing behind the colon; write '\(technology):'"
                    throw ProfileErrors(.invalidValue, at: place, message)
                }
                if settings.contains(where: { $0.key == mainKey }) {
                    throw ProfileErrors(.malformed, at: place, key: mainKey, "stands behind the colon already")
                }
                entries.append(entry(mainKey, main))
            }
        }
        entries += nested(settings)
        let family = mapping(effect, entries)
        let isOfCloud = ProfileDocument.cloudEffects.contains(effect)
        let section = isOfCloud ? mapping(ProfileDocument.cloudKey, [family]) : family
        return document(entry("environment", "mobile"), [section], of: effect)
    }

    /// The part of a profile that a family's handler needs.
    ///
    /// - Parameters:
    ///   - effect: The family.
    ///   - used: The families that the handler takes from its context.
    ///   - variables: The environment variables.
    /// - Returns: The part.
    /// - Throws: ``ProfileErrors`` where there is no such profile, family or instance.
    func document(
        ofProfileFor effect: String,
        using used: Set<String> = [],
        variables: [String: String]
    ) throws(ProfileErrors) -> ProfileDocument {
        var instance = ""
        for setting in settings {
            guard setting.key == "instance" else {
                throw ProfileErrors(.unknownKey, at: place, key: setting.key, "a profile takes 'instance' alone")
            }
            instance = setting.value == ProfileDocument.defaultInstance ? "" : setting.value
        }
        let profile = try Profile.find(main, variables: variables)
        guard var family = profile.document.families.first(where: { $0.effect == effect }) else {
            let message = "the profile '\(profile.name)' has no \(effect); name another one, or the handler itself"
            throw ProfileErrors(.missingKey, at: .file(profile.file), key: effect, message)
        }
        let names = family.instances.map { $0.name.isEmpty ? ProfileDocument.defaultInstance : $0.name }
        family.instances.removeAll { $0.name != instance }
        if family.instances.isEmpty {
            let message = "the profile '\(profile.name)' has no such instance; it has: \(names.joined(separator: ", "))"
            throw ProfileErrors(.missingKey, at: family.place, key: "\(effect).\(instance)", message)
        }
        var document = document(nil, [], of: effect)
        document.name = ProfileDocument.Text(text: profile.name, place: .file(profile.file))
        document.file = profile.file
        document.environment = profile.document.environment
        document.families.insert(family, at: 0)
        document.families += profile.document.families.filter { used.contains($0.effect) && $0.effect != effect }
        document.problems = profile.document.problems
        return document
    }

    private func document(
        _ environment: ProfileEntry?,
        _ families: [ProfileEntry],
        of effect: String
    ) -> ProfileDocument {
        let platform = [TimeEffect.name, RandomEffect.name].filter { $0 != effect }
            .map { mapping($0, [entry("handler", "system")]) }
        return ProfileDocument([environment].compactMap(\.self) + families + platform, file: name)
    }

    /// The settings as a profile has them: what stands below a dot is a mapping, such as the settings of a handler that
    /// the handler is made over.
    private func nested(_ settings: [Setting]) -> [ProfileEntry] {
        var entries: [ProfileEntry] = []
        for setting in settings {
            let key = String(setting.key.prefix { $0 != "." })
            guard key != setting.key else {
                entries.append(entry(key, setting.value))
                continue
            }
            guard !entries.contains(where: { $0.key == key && $0.value.entries != nil }) else { continue }
            let within = settings.filter { $0.key.hasPrefix("\(key).") }
                .map { Setting(key: String($0.key.dropFirst(key.count + 1)), value: $0.value) }
            entries.append(mapping(key, nested(within)))
        }
        return entries
    }

    private func entry(_ key: String, _ text: String) -> ProfileEntry {
        ProfileEntry(key: key, place: place, value: .text(text, place))
    }

    private func mapping(_ key: String, _ entries: [ProfileEntry]) -> ProfileEntry {
        ProfileEntry(key: key, place: place, value: .mapping(entries, place))
    }
}
