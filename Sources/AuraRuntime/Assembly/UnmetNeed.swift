internal import AuraEffects

/// A need that a profile's handler does not meet, with what would meet it.
struct UnmetNeed {
    let line: NeedsReport.Line
    let handler: ResolvedHandler
    let needs: EffectNeeds
    let registry: HandlerRegistry
    let budget: ResourceBudget

    /// What is wrong, at the setting that takes the capability away, or else at the handler's name.
    ///
    /// - Parameter mayWaive: Whether the environment allows a profile to do without.
    /// - Returns: The error.
    func error(mayWaive: Bool) -> ProfileError {
        let waiver = mayWaive ? ", or for development add 'waive: [\(line.name)]'" : ""
        let others = technologiesThatDeclareIt
        let need = "the application needs '\(line.requirement)', which '\(handler.technology)'"
        let culprits = settingsThatTakeItAway
        guard let first = culprits.first else {
            if let inner = handlerWithinThatLacksIt {
                let message =
                    "\(need) over '\(inner.handler.technology)' does not declare; choose another handler for "
                    + "'\(inner.handler.key)' that does (linked: \(inner.others.joined(separator: ", ")))\(waiver)"
                return ProfileError(.needNotMet, at: inner.handler.technologyPlace, key: inner.handler.key, message)
            }
            let next =
                others.isEmpty
                ? "; no linked handler does, so link one that does"
                : "; choose another handler that does (linked: \(others.joined(separator: ", ")))"
            let message = "\(need) does not declare\(next)\(waiver)"
            return ProfileError(.needNotMet, at: handler.technologyPlace, key: handler.key, message)
        }
        let names = culprits.map { setting in
            let place = setting.key == first.key ? "" : " (\(setting.shown.place))"
            return "'\(setting.key): \(setting.shown.value ?? "")'\(place)"
        }
        let defaults = culprits.map { setting in
            setting.declaration.defaultValue.map { "'\(setting.key): \($0)'" } ?? "no '\(setting.key)'"
        }
        let choice =
            others.isEmpty ? "" : ", choose another handler that does (linked: \(others.joined(separator: ", ")))"
        let message =
            "\(need) declares with its default settings but not with \(names.joined(separator: ", ")); "
            + "go back to \(defaults.joined(separator: ", "))\(choice)\(waiver)"
        return ProfileError(.needNotMet, at: first.shown.place, key: "\(handler.key).\(first.key)", message)
    }

    /// The other linked handlers that meet the need with their default settings.
    private var technologiesThatDeclareIt: [String] {
        others(than: handler) { isMet(by: $0) }
    }

    /// The technologies of a handler's family, its own apart, that `satisfies` with their default settings.
    private func others(than handler: ResolvedHandler, _ satisfies: (ResolvedHandler) -> Bool) -> [String] {
        registry.technologies(of: handler.effect)
            .filter { technology in
                guard technology != handler.technology else { return false }
                guard let other = registry.declaration(effect: handler.effect, technology: technology) else {
                    return false
                }
                return satisfies(ResolvedHandler(sampleOf: other, inPlaceOf: handler))
            }
    }

    /// The handler underneath that would have to be another one, with those that would do.
    private var handlerWithinThatLacksIt: (handler: ResolvedHandler, others: [String])? {
        handler.places
            .map { place in
                (place.handler, others(than: place.handler) { isMet(by: replacing(place.path, $0)) })
            }
            .last { !$0.1.isEmpty }
    }

    private func replacing(_ path: [String], _ other: ResolvedHandler) -> ResolvedHandler {
        handler.changing(path[...]) { _ in other }
    }

    /// A setting that a profile gave and that has a default, of the handler or of one underneath.
    private struct Changed {
        /// The key with dots, from the handler on.
        var key: String
        /// The keys of the handlers that lead to its handler.
        var path: [String]
        var shown: ResolvedHandler.Setting
        var declaration: SettingDeclaration
    }

    /// The settings without which the handler would meet the need; empty where default settings do not meet it.
    private var settingsThatTakeItAway: [Changed] {
        let changed = ([(path: [], handler: handler)] + handler.places)
            .flatMap { place in
                place.handler.settings.compactMap { shown -> Changed? in
                    guard shown.place != .standard, shown.place != .handler else { return nil }
                    let declaration = place.handler.declaration.settings.first { $0.key == shown.key }
                    guard let declaration, !declaration.isRequired else { return nil }
                    let key = (place.path + [shown.key]).joined(separator: ".")
                    return Changed(key: key, path: place.path, shown: shown, declaration: declaration)
                }
            }
        guard isMet(by: handlerWithout(changed)) else { return [] }
        let alone = changed.filter { isMet(by: handlerWithout([$0])) }
        return alone.isEmpty ? changed : alone
    }

    /// The handler with some settings back at their defaults.
    private func handlerWithout(_ settings: [Changed]) -> ResolvedHandler {
        settings.reduce(handler) { handler, changed in
            handler.changing(changed.path[...]) {
                $0.setting(changed.declaration.key, to: changed.declaration.standardValue)
            }
        }
    }

    private func isMet(by handler: ResolvedHandler) -> Bool {
        let offer = NeedsReport.Offer(
            effect: line.effect,
            instance: line.instance,
            handler: handler.technology,
            capabilities: handler.capabilities(under: budget)
        )
        return NeedsReport(needs, offers: [offer], waived: []).lines
            .contains { $0.name == line.name && $0.requirement == line.requirement && $0.status == .satisfied }
    }
}

extension ResolvedHandler {
    /// The handlers underneath, at any depth, each with the settings' keys that lead to it.
    fileprivate var places: [(path: [String], handler: ResolvedHandler)] {
        declaration.settings.filter { $0.innerEffect != nil }
            .flatMap { setting -> [(path: [String], handler: ResolvedHandler)] in
                guard let inner = values.handler(setting.key) else { return [] }
                return [([setting.key], inner)] + inner.places.map { ([setting.key] + $0.path, $0.handler) }
            }
    }

    /// This handler with a change of the handler that a path leads to; an empty path leads to itself.
    fileprivate func changing(
        _ path: ArraySlice<String>,
        _ change: (ResolvedHandler) -> ResolvedHandler
    ) -> ResolvedHandler {
        guard let key = path.first, let inner = values.handler(key) else { return change(self) }
        return setting(key, to: .handler(inner.changing(path.dropFirst(), change)))
    }

    /// Another handler in the place of one, with its default settings and samples for those that a profile must give.
    fileprivate init(sampleOf declaration: HandlerDeclaration, inPlaceOf handler: ResolvedHandler) {
        self.init(
            effect: handler.effect,
            instance: handler.instance,
            key: handler.key,
            place: handler.place,
            technologyPlace: handler.technologyPlace,
            declaration: declaration,
            settings: [],
            values: HandlerSettings(sampleOf: declaration)
        )
    }
}

extension SettingDeclaration {
    /// The default as a value; `nil` where there is none.
    fileprivate var standardValue: HandlerSettings.Value? {
        guard let defaultValue else { return nil }
        return try? SettingParser.parse(defaultValue, as: type)
    }
}

extension SettingDeclaration.ValueType {
    /// Some value of the type, to ask a handler for its capabilities where a profile gives none.
    fileprivate var sample: HandlerSettings.Value? {
        switch self {
        case .string, .path: .string("sample")
        case .integer(let range): .integer(range.lowerBound)
        case .boolean: .boolean(false)
        case .byteCount: .byteCount(ByteCount(bytes: 1))
        case .duration: .duration(.seconds(1))
        case .choice(let words): .string(words.first ?? "")
        case .list: .list(["sample"])
        case .secret: .secret(Secret("sample"))
        // What a handler can do over one that nobody chose is not known.
        case .handler: nil
        }
    }
}

extension HandlerSettings {
    /// A handler's default settings, with samples for those that a profile must give.
    fileprivate init(sampleOf declaration: HandlerDeclaration) {
        let values = declaration.settings.compactMap { setting in
            (setting.standardValue ?? (setting.isRequired ? setting.type.sample : nil)).map { (setting.key, $0) }
        }
        self.init(Dictionary(values) { _, last in last })
    }
}
