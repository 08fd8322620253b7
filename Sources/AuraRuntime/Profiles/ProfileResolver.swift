internal import AuraEffects

/// Checks a profile against the handlers that an application links, and collects everything that is wrong with it.
struct ProfileResolver {
    let registry: HandlerRegistry
    let needs: EffectNeeds
    let variables: [String: String]
    let layers: SettingLayers
    let secrets: SecretStore
    let document: ProfileDocument

    /// What the profile says that works.
    private(set) var handlers: [ResolvedHandler] = []
    /// Families of other applications.
    private(set) var skipped: [ProfileDocument.Family] = []
    var problems: [ProfileError]
    var warnings: [ProfileError] = []
    /// Instances that are wrong themselves, so that their needs are not looked at.
    private(set) var broken: Set<String> = []
    var usedVariables: Set<String> = []
    /// The secrets of services that settings name and that were not fetched yet.
    var pendingSecrets: [PendingSecret] = []

    init(
        _ profile: Profile,
        registry: HandlerRegistry,
        needs: EffectNeeds,
        variables: [String: String],
        secrets fetched: [SecretReference: Secret<String>] = [:]
    ) {
        self.registry = registry
        self.needs = needs
        self.variables = variables
        document = profile.document
        problems = profile.document.problems
        layers = SettingLayers(profile.document.texts, variables: variables)
        secrets = SecretStore(variables: variables, fetched: fetched)
        broken = document.misread
        for entry in document.others { reject(entry) }
        for family in document.families { resolve(family) }
        addFamiliesOfVariables()
        warnOfUnusedVariables()
    }

    // MARK: Names

    /// The families that mean something to the application.
    private var knownEffects: [String] {
        let builtIn = ProfileDocument.builtInEffects
        return builtIn + effectsOfApplication.filter { !builtIn.contains($0) }
    }

    private var effectsOfApplication: [String] {
        var names: [String] = []
        for name in registry.declarations.map(\.effect) + needs.needs.map(\.effect) where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    private mutating func reject(_ entry: ProfileEntry) {
        if knownEffects.contains(entry.key) {
            let message = "must be a mapping, not \(entry.value.kind); write '\(entry.key): { handler: NAME }'"
            let key = ProfileDocument.key(of: entry.key)
            broken.insert(key)
            problems.append(ProfileError(.invalidValue, at: entry.place, key: key, message))
        } else {
            rejectKey(entry.key, at: entry.place)
        }
    }

    private mutating func rejectKey(_ key: String, at place: SettingPlace) {
        let keys = ProfileDocument.reservedKeys
        let topEffects = knownEffects.filter { !ProfileDocument.cloudEffects.contains($0) } + [ProfileDocument.cloudKey]
        let near = suggestion(for: key, in: keys + topEffects)
        // What was meant is not reported as missing too.
        if let meant = nearestName(to: key, in: keys + topEffects) { breakKey(meant) }
        let list = keys.joined(separator: ", ")
        let effects = topEffects.joined(separator: ", ")
        let message = "unknown key\(near)a profile takes: \(list), and the effects \(effects)"
        problems.append(ProfileError(.unknownKey, at: place, key: key, message))
    }

    /// Notes what a misspelt key stands for.
    private mutating func breakKey(_ key: String) {
        let isCloud = key == ProfileDocument.cloudKey
        broken.formUnion(isCloud ? ProfileDocument.cloudEffects.map { ProfileDocument.key(of: $0) } : [key])
    }

    // MARK: Families

    private mutating func resolve(_ family: ProfileDocument.Family) {
        let effect = family.effect
        if !effectsOfApplication.contains(effect) {
            // One profile serves several applications: another's effect is skipped, a misspelt one is not.
            let isOfAnother = family.instances.allSatisfy { $0.handler != nil }
            let isMisspelt =
                !knownEffects.contains(effect)
                && nearestName(
                    to: effect,
                    in: knownEffects + ProfileDocument.reservedKeys + [ProfileDocument.cloudKey]
                ) != nil
            if isOfAnother && !isMisspelt {
                skipped.append(family)
                return
            } else if !knownEffects.contains(effect) {
                rejectKey(effect, at: family.place)
                return
            }
        }
        for instance in family.instances { resolve(instance, of: effect) }
    }

    private mutating func addFamiliesOfVariables() {
        for effect in effectsOfApplication where !document.families.contains(where: { $0.effect == effect }) {
            guard let handler = layers.value(ProfileDocument.path(of: effect) + ["handler"]) else { continue }
            let instance = ProfileDocument.Instance(name: "", place: handler.place, handler: nil, settings: [])
            resolve(instance, of: effect)
        }
    }

    private mutating func resolve(_ instance: ProfileDocument.Instance, of effect: String) {
        let path = ProfileDocument.path(of: effect, instance: instance.name)
        let problemCount = problems.count
        let handler = resolved(instance, of: effect, path: path, ignoresProfile: false)
        if handler == nil || problems.count > problemCount { broken.insert(path.joined(separator: ".")) }
        if let handler { handlers.append(handler) }
    }

    /// Checks one handler: an instance's, or one that another handler is made over.
    ///
    /// - Parameters:
    ///   - instance: What the profile says of it.
    ///   - effect: The family.
    ///   - path: The components of its key.
    ///   - ignoresProfile: Whether what the file says belongs to another handler, which a variable replaced.
    /// - Returns: The handler; `nil` where there is no telling which one is meant.
    mutating func resolved(
        _ instance: ProfileDocument.Instance,
        of effect: String,
        path: [String],
        ignoresProfile: Bool
    ) -> ResolvedHandler? {
        usedVariables.insert(layers.variable(path + ["handler"]))
        guard
            let declaration = declaration(for: instance, of: effect, path: path, ignoresProfile: ignoresProfile)
        else { return nil }
        let isReplaced = instance.handler.map { $0.text != declaration.handler.technology } ?? false
        let settings = settings(of: instance, path: path, declaration, ignoresProfile: ignoresProfile || isReplaced)
        return ResolvedHandler(
            effect: effect,
            instance: instance.name,
            key: path.joined(separator: "."),
            place: instance.place,
            technologyPlace: declaration.place,
            declaration: declaration.handler,
            settings: settings.shown,
            values: HandlerSettings(settings.values)
        )
    }

    private mutating func declaration(
        for instance: ProfileDocument.Instance,
        of effect: String,
        path: [String],
        ignoresProfile: Bool
    ) -> (handler: HandlerDeclaration, place: SettingPlace)? {
        let key = path.joined(separator: ".")
        let linked = registry.technologies(of: effect)
        let list = linked.isEmpty ? "none is linked" : "linked: \(linked.joined(separator: ", "))"
        guard let name = layers.value(path + ["handler"], ignoresProfile: ignoresProfile) else {
            // A handler that is no text was reported when the file was taken apart.
            if !problems.contains(where: { $0.key == "\(key).handler" }) {
                let next = ignoresProfile ? "set \(layers.variable(path + ["handler"]))" : "add 'handler: NAME'"
                let message = "names no handler; \(next); \(list)"
                problems.append(ProfileError(.missingKey, at: instance.place, key: key, message))
            }
            return nil
        }
        if let declaration = registry.declaration(effect: effect, technology: name.text) {
            return (declaration, name.place)
        }
        let message = unlinkedMessage(name.text, for: effect, linked: linked, list: list)
        problems.append(ProfileError(.unknownHandler, at: name.place, key: "\(key).handler", message))
        return nil
    }

    private func unlinkedMessage(_ technology: String, for effect: String, linked: [String], list: String) -> String {
        if let trait = BackendTrait.bringing(technology, for: effect) {
            return "the handler '\(technology)' is not linked; it comes with the trait \(trait.name): build with "
                + "--traits default,\(trait.name); \(list)"
        }
        let near = suggestion(for: technology, in: linked)
        let next = linked.isEmpty ? "; add its handlers to the application" : ""
        return "the application links no handler '\(technology)' for '\(effect)'\(near)\(list)\(next)"
    }
}

extension ProfileDocument {
    /// The values that are text, by the components of their keys.
    var texts: [[String]: Text] {
        var texts: [[String]: Text] = [:]
        if let environment {
            if case .text(let text, let place) = environment.value {
                texts[["environment"]] = Text(text: text, place: place)
            }
            for entry in environment.value.entries ?? [] {
                guard case .text(let text, let place) = entry.value else { continue }
                texts[["environment", entry.key]] = Text(text: text, place: place)
            }
        }
        for family in families {
            for instance in family.instances {
                let path = Self.path(of: family.effect, instance: instance.name)
                texts[path + ["handler"]] = instance.handler
                for setting in instance.settings {
                    guard case .text(let text, let place) = setting.value else { continue }
                    texts[path + setting.key.split(separator: ".").map(String.init)] = Text(text: text, place: place)
                }
            }
        }
        return texts
    }
}
