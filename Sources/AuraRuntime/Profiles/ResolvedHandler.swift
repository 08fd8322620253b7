public import AuraEffects
internal import Logging

/// A handler as a profile chose it: checked settings, each with its source, but nothing made yet.
public struct ResolvedHandler: Sendable {
    /// One setting's value with its source.
    public struct Setting: Sendable, Hashable {
        /// The setting's key.
        public let key: String
        /// The value as a profile would spell it; `<redacted>` for a secret, `nil` where nothing gives one.
        public let value: String?
        /// Where the value comes from.
        public let place: SettingPlace
    }

    /// The effect's name.
    public let effect: String
    /// The instance's name; empty for the default one, and for a handler that another one is made over.
    public let instance: String
    /// The handler as messages name it: `storage`, `storage.archive`, or `storage.over` for the one that `storage` is made
    /// over.
    public let key: String
    /// Where the profile names the family or the instance.
    public let place: SettingPlace
    /// Where the handler's name comes from.
    public let technologyPlace: SettingPlace
    /// What the handler is.
    public let declaration: HandlerDeclaration
    /// The settings for display, in the order of their declaration.
    public let settings: [Setting]
    /// The checked values.
    public let values: HandlerSettings

    /// The handlers that this one is made over, in the order of their settings.
    public var within: [ResolvedHandler] {
        declaration.settings.filter { $0.innerEffect != nil }.compactMap { values.handler($0.key) }
    }

    /// The families that this handler and those that it is made over take from their context.
    var uses: Set<String> {
        within.reduce(into: Set(declaration.uses)) { $0.formUnion($1.uses) }
    }

    /// What the handler will declare under a budget, without making it.
    public func capabilities(under budget: ResourceBudget) -> Capabilities {
        declaration.capabilities(values, budget)
    }

    /// The name of the handler's technology.
    public var technology: String { declaration.technology }
}

extension ResolvedHandler {
    /// This handler with another value under a setting's key, or none.
    func setting(_ key: String, to value: HandlerSettings.Value?) -> ResolvedHandler {
        ResolvedHandler(
            effect: effect,
            instance: instance,
            key: self.key,
            place: place,
            technologyPlace: technologyPlace,
            declaration: declaration,
            settings: settings,
            values: values.setting(key, to: value)
        )
    }

    /// A logger that names the handler in every line.
    func labelling(_ logger: Logger) -> Logger {
        var logger = logger
        logger[metadataKey: "effect"] = "\(key)"
        logger[metadataKey: "handler"] = "\(technology)"
        return logger
    }

    /// Makes the handler and puts it into a system.
    ///
    /// - Returns: What ends it.
    /// - Throws: ``EffectError`` that names the handler where its maker did not.
    func install(
        in system: inout EffectSystem,
        instance: String,
        _ context: HandlerContext
    ) async throws(EffectError) -> (@Sendable () async -> Void) {
        var context = context
        context.logger = labelling(context.logger)
        let place = String(key.dropFirst(ProfileDocument.key(of: effect).count + 1))
        context.metrics = HandlerMetrics(effect: effect, handler: technology, instance: place)
        do throws(EffectError) {
            return try await declaration.install(values, context, instance, &system)
        } catch {
            var error = error
            if error.effect.isEmpty { error.effect = key }
            if error.handler.isEmpty { error.handler = technology }
            throw error
        }
    }
}

extension HandlerSettings.Value {
    /// The value as a profile would spell it, secrets aside.
    var spelled: String {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .boolean(let value): String(value)
        case .byteCount(let count): count.description
        case .duration(let duration): Self.spell(duration)
        case .list(let elements): "[\(elements.joined(separator: ", "))]"
        case .secret(let secret): secret.description
        case .handler(let handler): handler.technology
        }
    }

    private static func spell(_ duration: Duration) -> String {
        let units: [(String, Int64)] = [
            ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000),
        ]
        let nanoseconds = duration.nanoseconds
        for (name, size) in units where nanoseconds != 0 && nanoseconds % size == 0 {
            return "\(nanoseconds / size)\(name)"
        }
        return "\(nanoseconds)ns"
    }
}
