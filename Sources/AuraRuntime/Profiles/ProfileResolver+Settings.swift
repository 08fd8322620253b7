internal import AuraEffects

extension ProfileResolver {
    /// Checks an instance's settings against what its handler declares.
    ///
    /// - Parameters:
    ///   - instance: The instance.
    ///   - path: The components of the instance's key.
    ///   - chosen: What the handler declares, and where its name comes from.
    ///   - ignoresProfile: Whether the file's settings belong to another handler, which a variable replaced.
    /// - Returns: The settings for display, and their values.
    mutating func settings(
        of instance: ProfileDocument.Instance,
        path: [String],
        _ chosen: (handler: HandlerDeclaration, place: SettingPlace),
        ignoresProfile: Bool
    ) -> (shown: [ResolvedHandler.Setting], values: [String: HandlerSettings.Value]) {
        let handler = chosen.handler
        let keys = handler.settings.map(\.key)
        let innerKeys = handler.settings.filter { $0.innerEffect != nil }.map { "\($0.key)." }
        let inFile = ignoresProfile ? [] : instance.settings
        let unknown = (ignoresProfile ? [] : instance.settingsAndGroups(unlike: keys))
            .filter { entry in !innerKeys.contains { entry.key.hasPrefix($0) } }
        for entry in unknown { rejectSetting(entry, path: path, handler) }
        // What was meant is not reported as missing too.
        let misspelt = unknown.compactMap { nearestName(to: $0.key, in: keys) }
        var shown: [ResolvedHandler.Setting] = []
        var values: [String: HandlerSettings.Value] = [:]
        for setting in handler.settings {
            if let effect = setting.innerEffect {
                let isMisspelt = misspelt.contains(setting.key)
                let outer = ignoresProfile ? chosen.place : nil
                if !isMisspelt { values[setting.key] = inner(setting, effect, instance, path, outer) }
                continue
            }
            let components = path + setting.key.split(separator: ".").map(String.init)
            usedVariables.insert(layers.variable(components))
            let key = components.joined(separator: ".")
            let given = layers.value(components, ignoresProfile: ignoresProfile)
            let entry = inFile.first { $0.key == setting.key }
            guard let given else {
                if let entry, setting.type == .list, case .list(let elements, _) = entry.value {
                    add(setting, key: key, elements, at: entry.value.place, &shown, &values)
                } else if let entry {
                    rejectValue(entry, key: key)
                } else if let text = setting.defaultValue {
                    add(setting, key: key, SettingLayers.Value(text: text, place: .standard), &shown, &values)
                } else if setting.isRequired && !misspelt.contains(setting.key) {
                    let next = ignoresProfile ? "set \(layers.variable(components))" : "add '\(setting.key): …'"
                    let message = "is missing, and '\(handler.technology)' needs it; \(next): \(setting.summary)"
                    let place = ignoresProfile ? chosen.place : instance.place
                    problems.append(ProfileError(.missingKey, at: place, key: key, message))
                } else if !setting.isRequired {
                    shown.append(ResolvedHandler.Setting(key: setting.key, value: nil, place: .handler))
                }
                continue
            }
            add(setting, key: key, given, &shown, &values)
        }
        return (shown, values)
    }

    /// Checks a handler that an instance's handler is made over.
    ///
    /// - Parameters:
    ///   - setting: The setting that names it.
    ///   - effect: Its family.
    ///   - outer: The instance.
    ///   - outerPath: The components of the instance's key.
    ///   - variable: Where the instance's handler comes from, if not from the file: what the file says then belongs to
    ///     another one.
    /// - Returns: The handler; `nil` where an optional one is left out, or there is no telling which one is meant, which is then
    ///   reported.
    private mutating func inner(
        _ setting: SettingDeclaration,
        _ effect: String,
        _ outer: ProfileDocument.Instance,
        _ outerPath: [String],
        _ variable: SettingPlace?
    ) -> HandlerSettings.Value? {
        let ignoresProfile = variable != nil
        let path = outerPath + [setting.key]
        let key = path.joined(separator: ".")
        if !ignoresProfile, let entry = outer.settings.first(where: { $0.key == setting.key }) {
            let message = "must be a mapping, not \(entry.value.kind); write '\(setting.key): { handler: NAME }'"
            problems.append(ProfileError(.invalidValue, at: entry.value.place, key: key, message))
            return nil
        }
        var inner = ProfileDocument.Instance(name: "", place: variable ?? outer.place, handler: nil, settings: [])
        if !ignoresProfile, let inFile = outer.inner(setting.key) {
            inner = inFile
        } else if !setting.isRequired, layers.value(path + ["handler"]) == nil {
            return nil
        } else if !ignoresProfile, layers.value(path + ["handler"]) == nil {
            let linked = registry.technologies(of: effect)
            let list = linked.isEmpty ? "none is linked" : "linked: \(linked.joined(separator: ", "))"
            let message = "is missing; add '\(setting.key): { handler: NAME }': \(setting.summary) \(list)"
            problems.append(ProfileError(.missingKey, at: outer.place, key: key, message))
            return nil
        }
        if let index = inner.settings.firstIndex(where: { $0.key == "handler" }) {
            let entry = inner.settings.remove(at: index)
            let message = "must be a handler's name, not \(entry.value.kind)"
            problems.append(ProfileError(.invalidValue, at: entry.place, key: "\(key).handler", message))
        }
        return resolved(inner, of: effect, path: path, ignoresProfile: ignoresProfile).map { .handler($0) }
    }

    private mutating func add(
        _ setting: SettingDeclaration,
        key: String,
        _ given: SettingLayers.Value,
        _ shown: inout [ResolvedHandler.Setting],
        _ values: inout [String: HandlerSettings.Value]
    ) {
        do {
            var text = given.text
            var isSecret = setting.type == .secret || given.replacesSecret
            if given.place.isWritten, text.contains("${") {
                guard setting.type == .secret || setting.type == .string else {
                    let message = "takes no secret; write the value itself"
                    problems.append(ProfileError(.invalidValue, at: given.place, key: key, message))
                    return
                }
                text = try resolved(text, key: key, at: given.place)
                isSecret = true
            } else if given.place.isWritten, isSecret {
                let place = given.place.file == nil ? "on the command line" : "in the file"
                let message = "is a secret that stands \(place); write '${secret:NAME}' instead"
                warnings.append(ProfileError(.secret, at: given.place, key: key, message))
            }
            // A single text of a file is one element; a variable and a default separate several by commas.
            let isElement = setting.type == .list && given.place.isWritten
            let value =
                isElement ? .list([try SettingParser.element(text)]) : try SettingParser.parse(text, as: setting.type)
            let spelled = isSecret ? Secret(text).description : value.spelled
            shown.append(ResolvedHandler.Setting(key: setting.key, value: spelled, place: given.place))
            values[setting.key] = value
        } catch let refusal as SecretStore.Refusal {
            problems.append(ProfileError(refusal.code, at: given.place, key: key, refusal.message))
        } catch let refusal as SettingParser.Refusal {
            problems.append(ProfileError(.invalidValue, at: given.place, key: key, refusal.message))
        } catch {
            problems.append(ProfileError(.invalidValue, at: given.place, key: key, "has no value that can be read"))
        }
    }

    /// A text with its secrets; those that services keep are noted where they were not fetched yet.
    private mutating func resolved(
        _ text: String,
        key: String,
        at place: SettingPlace
    ) throws(SecretStore.Refusal) -> String {
        let (text, pending) = try secrets.resolve(text)
        guard let first = pending.first else { return text }
        pendingSecrets += pending.map { PendingSecret(reference: $0, key: key, place: place) }
        let effect = key.prefix { $0 != "." }
        guard !Assembly.effectsOfFetching.contains(String(effect)) else {
            let message =
                "names the secret '\(first)' of a service, which is fetched with '\(effect)' itself; take this one from a "
                + "variable or a file, by '${secret:NAME}'"
            throw SecretStore.Refusal(code: .secret, message: message)
        }
        guard document.families.contains(where: { $0.effect == SecretsEffect.name }) else {
            let linked = registry.technologies(of: SecretsEffect.name)
            let list = linked.isEmpty ? "no handler is linked for it" : "linked: \(linked.joined(separator: ", "))"
            let message =
                "names the secret '\(first)' of a service, and the profile has no '\(SecretsEffect.name)'; add it; \(list)"
            throw SecretStore.Refusal(code: .secret, message: message)
        }
        return text
    }

    /// Takes a list of the file; each element that is no text is a problem of its own.
    private mutating func add(
        _ setting: SettingDeclaration,
        key: String,
        _ elements: [ProfileNode],
        at place: SettingPlace,
        _ shown: inout [ResolvedHandler.Setting],
        _ values: inout [String: HandlerSettings.Value]
    ) {
        let texts = elements.compactMap { text(ofElement: $0, key: key) }
        guard texts.count == elements.count else { return }
        let value = HandlerSettings.Value.list(texts)
        shown.append(ResolvedHandler.Setting(key: setting.key, value: value.spelled, place: place))
        values[setting.key] = value
    }

    /// One text of a list of the file; `nil` where it is wrong, which is then reported.
    private mutating func text(ofElement node: ProfileNode, key: String) -> String? {
        do throws(SettingParser.Refusal) {
            guard case .text(let text, _) = node else {
                throw SettingParser.Refusal(message: "is a list of texts, this one is \(node.kind); write '[a, b]'")
            }
            guard !text.contains("${") else {
                throw SettingParser.Refusal(message: "takes no secret; write the value itself")
            }
            return try SettingParser.element(text)
        } catch {
            problems.append(ProfileError(.invalidValue, at: node.place, key: key, error.message))
            return nil
        }
    }

    private mutating func rejectSetting(_ entry: ProfileEntry, path: [String], _ handler: HandlerDeclaration) {
        let keys = handler.settings.map(\.key)
        let near = suggestion(for: entry.key, in: keys)
        let list = keys.isEmpty ? "takes no settings; remove it" : "takes: \(keys.joined(separator: ", "))"
        let message = "unknown setting\(near)'\(handler.technology)' \(list)"
        let key = (path + [entry.key]).joined(separator: ".")
        problems.append(ProfileError(.unknownKey, at: entry.place, key: key, message))
    }

    private mutating func rejectValue(_ entry: ProfileEntry, key: String) {
        let message =
            switch entry.value {
            case .nothing: "has no value; give it one, or remove the key"
            default: "must be a single value, not \(entry.value.kind)"
            }
        problems.append(ProfileError(.invalidValue, at: entry.value.place, key: key, message))
    }

    /// Warns of variables that look like settings of a family and name none.
    mutating func warnOfUnusedVariables() {
        warnOfUnusedVariables(underAnyOf: Set(handlers.map(\.effect)).map { ProfileDocument.path(of: $0) })
    }

    /// Warns of variables that look like settings of a section and name none, once all that are used were looked up.
    mutating func warnOfUnusedVariables(under sections: [String]) {
        warnOfUnusedVariables(underAnyOf: sections.map { [$0] })
    }

    private mutating func warnOfUnusedVariables(underAnyOf paths: [[String]]) {
        let prefixes = paths.map { "\(layers.variable($0))_" }
        for name in variables.keys.sorted() where prefixes.contains(where: name.hasPrefix) {
            if usedVariables.contains(name) { continue }
            let near = suggestion(for: name, in: usedVariables)
            let message = "names no setting of this profile\(near)it has no effect"
            warnings.append(ProfileError(.unknownKey, at: .variable(name), message))
        }
    }
}
