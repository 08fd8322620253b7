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
            let next =
                others.isEmpty
                ? "; no linked handler does, so link one that does"
                : "; choose another handler that does (linked: \(others.joined(separator: ", ")))"
            let message = "\(need) does not declare\(next)\(waiver)"
            return ProfileError(.needNotMet, at: handler.technologyPlace, key: handler.key, message)
        }
        let names = culprits.map { setting in
            let place = setting == first ? "" : " (\(setting.place))"
            return "'\(setting.key): \(setting.value ?? "")'\(place)"
        }
        let defaults = culprits.map { setting in
            let standard = handler.declaration.settings.first { $0.key == setting.key }?.defaultValue
            return standard.map { "'\(setting.key): \($0)'" } ?? "no '\(setting.key)'"
        }
        let choice =
            others.isEmpty ? "" : ", choose another handler that does (linked: \(others.joined(separator: ", ")))"
        let message =
            "\(need) declares with its default settings but not with \(names.joined(separator: ", ")); "
            + "go back to \(defaults.joined(separator: ", "))\(choice)\(waiver)"
        return ProfileError(.needNotMet, at: first.place, key: "\(handler.key).\(first.key)", message)
    }

    /// The other linked handlers that meet the need with their default settings.
    private var technologiesThatDeclareIt: [String] {
        registry.technologies(of: line.effect)
            .filter { technology in
                guard technology != handler.technology else { return false }
                guard let other = registry.declaration(effect: line.effect, technology: technology) else {
                    return false
                }
                return isMet(by: other, HandlerSettings(sampleOf: other))
            }
    }

    /// The handler's settings without which it would meet the need; empty where its default settings do not meet it.
    private var settingsThatTakeItAway: [ResolvedHandler.Setting] {
        let changed = handler.settings.filter { setting in
            guard setting.place != .standard, setting.place != .handler else { return false }
            return handler.declaration.settings.contains { $0.key == setting.key && !$0.isRequired }
        }
        guard isMet(by: handler.declaration, values(without: changed)) else { return [] }
        let alone = changed.filter { isMet(by: handler.declaration, values(without: [$0])) }
        return alone.isEmpty ? changed : alone
    }

    /// The handler's values with some settings back at their defaults.
    private func values(without settings: [ResolvedHandler.Setting]) -> HandlerSettings {
        settings.reduce(handler.values) { values, setting in
            let declaration = handler.declaration.settings.first { $0.key == setting.key }
            return values.setting(setting.key, to: declaration?.standardValue)
        }
    }

    private func isMet(by declaration: HandlerDeclaration, _ values: HandlerSettings) -> Bool {
        let offer = NeedsReport.Offer(
            effect: line.effect,
            instance: line.instance,
            handler: declaration.technology,
            capabilities: declaration.capabilities(values, budget)
        )
        return NeedsReport(needs, offers: [offer], waived: []).lines
            .contains { $0.name == line.name && $0.requirement == line.requirement && $0.status == .satisfied }
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
    fileprivate var sample: HandlerSettings.Value {
        switch self {
        case .string, .path: .string("sample")
        case .integer(let range): .integer(range.lowerBound)
        case .boolean: .boolean(false)
        case .byteCount: .byteCount(ByteCount(bytes: 1))
        case .duration: .duration(.seconds(1))
        case .choice(let words): .string(words.first ?? "")
        case .secret: .secret(Secret("sample"))
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
