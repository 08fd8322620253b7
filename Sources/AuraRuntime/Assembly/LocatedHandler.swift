package import AuraEffects
package import Logging

/// One handler that a command line names, checked but not made: a location's, or the one of a profile.
///
/// It is assembled like any profile, but alone: of the profile's other handlers only crypto and keys are made, where it
/// uses them, and time and random are the system's, since a tool works in real time.
package struct LocatedHandler: Sendable {
    /// The location that names it.
    package let location: HandlerLocation
    /// The handler as the profile or the location has it.
    package let handler: ResolvedHandler
    let assembly: Assembly
    /// The system's time and random alone.
    private let platform: Assembly

    /// Checks a location.
    ///
    /// - Parameters:
    ///   - location: The location.
    ///   - key: The family that the handler is of.
    ///   - registry: The handlers that are linked.
    ///   - variables: The environment variables; by default the process's. Those that override settings count for a
    ///     profile's handler; a location says itself what it means.
    /// - Throws: ``ProfileErrors`` where the handler is not linked, or its settings are wrong.
    package init<Key: EffectKey>(
        _ location: HandlerLocation,
        of key: Key.Type,
        in registry: HandlerRegistry,
        variables: [String: String]? = nil
    ) throws(ProfileErrors) {
        let variables = variables ?? Host.variables
        let isProfile = location.technology == HandlerLocation.profileWord
        var document =
            if isProfile {
                try location.document(ofProfileFor: key.name, variables: variables)
            } else {
                try location.document(of: key.name, in: registry)
            }
        var used = Self.families(usedBy: [key.name], document, registry, variables)
        // What is used may use more.
        while isProfile, !used.isEmpty {
            document = try location.document(ofProfileFor: key.name, using: used, variables: variables)
            let all = Self.families(usedBy: used.union([key.name]), document, registry, variables)
            if all.isSubset(of: used) { break }
            used.formUnion(all)
        }
        // A tool calls the handler itself.
        document.sections = [:]
        let named = isProfile ? used.union([key.name]) : []
        assembly = try Assembly(Profile(document), registry, variables: Self.variables(variables, for: named))
        var rest = document
        rest.families.removeAll { $0.effect == key.name || used.contains($0.effect) }
        platform = try Assembly(Profile(rest), registry, variables: Self.variables(variables, for: []))
        guard let handler = assembly.handlers.first(where: { $0.effect == key.name }) else {
            throw ProfileErrors(.missingKey, at: location.place, key: key.name, "names no handler")
        }
        self.location = location
        self.handler = handler
    }

    /// The families that handlers of a document take from their context.
    private static func families(
        usedBy effects: Set<String>,
        _ document: ProfileDocument,
        _ registry: HandlerRegistry,
        _ variables: [String: String]
    ) -> Set<String> {
        let resolver = ProfileResolver(Profile(document), registry: registry, needs: [], variables: variables)
        let fetching: Set<String> = resolver.pendingSecrets.isEmpty ? [] : [SecretsEffect.name]
        return resolver.handlers.filter { effects.contains($0.effect) }.reduce(into: fetching) { $0.formUnion($1.uses) }
    }

    /// Without the variables that override other settings than those of some families.
    private static func variables(_ variables: [String: String], for effects: Set<String>) -> [String: String] {
        let names = SettingLayers([:], variables: [:])
        let families = ProfileDocument.builtInEffects.filter { !effects.contains($0) }
            .map { "\(names.variable(ProfileDocument.path(of: $0)))_" }
        return variables.filter { name, _ in !families.contains(where: name.hasPrefix) }
    }

    /// What the handler declares under its settings.
    package var capabilities: Capabilities {
        handler.declaration.capabilities(handler.values, assembly.resources.budget)
    }

    /// Makes the handler, lends it to `body`, and stops it, whatever happens.
    ///
    /// - Parameters:
    ///   - key: The family.
    ///   - logger: What the handler's logger is made from.
    ///   - body: What to do with the handler and the system's time and random.
    /// - Returns: What `body` returns.
    /// - Throws: ``EffectError`` where the handler cannot be made; what `body` throws.
    package func withHandler<Key: EffectKey, Result>(
        _ key: Key.Type,
        logger: Logger,
        _ body: (Key.Handler, EffectSystem) async throws -> Result
    ) async throws -> Result {
        try await assembly.withEffects(logger: logger) { effects, _ in
            try await body(effects[key, instance: handler.instance], effects)
        }
    }

    /// Puts a backup in the place of what the handler keeps; the handler itself is not made.
    ///
    /// - Parameters:
    ///   - backup: The backup's file.
    ///   - logger: What the handler's logger is made from.
    ///   - display: Makes a display by the system's time, which shows how far it is.
    /// - Returns: What was done.
    /// - Throws: ``EffectError``: `unsupported` where the handler cannot; what its restoring throws.
    package func restore(
        from backup: String,
        logger: Logger,
        display: (any TimeEffects) -> ProgressDisplay
    ) async throws -> RestoreReceipt {
        guard let restore = handler.declaration.restore else {
            throw EffectError(
                .unsupported,
                "This handler takes no backups: copy or import the entries instead.",
                effect: handler.key,
                operation: "restore",
                handler: handler.technology
            )
        }
        let values = try await values(logger: logger)
        return try await withContext(logger: logger) { context in
            let display = display(context.time)
            defer { display.finish() }
            return try await restore(backup, values, context) { what, done, total in
                display.show("\(done) of \(total) \(what)", done: done, of: total)
            }
        }
    }

    /// Looks at the tables that the handler keeps in a database server, or brings them up to date; the handler itself is
    /// not made.
    ///
    /// - Parameters:
    ///   - operation: Which of the two.
    ///   - logger: What the handler's logger is made from.
    /// - Returns: What the operation answers; `nil` for a handler without such tables.
    /// - Throws: ``EffectError`` where the operation fails.
    package func maintainSchema(
        _ operation: @Sendable (SchemaMaintenance) -> SchemaMaintenance.Operation,
        logger: Logger
    ) async throws -> SchemaMaintenance.Status? {
        guard let schema = handler.declaration.schema else { return nil }
        let values = try await values(logger: logger)
        return try await withContext(logger: logger) { context in
            try await operation(schema)(values, context)
        }
    }

    /// The handler's settings, with the secrets that services keep.
    private func values(logger: Logger) async throws -> HandlerSettings {
        let handlers = try await assembly.fetchingSecrets(logger: logger).handlers
        return handlers.first { $0.effect == handler.effect }?.values ?? handler.values
    }

    /// Lends what the handler would be made from.
    private func withContext<Result>(
        logger: Logger,
        _ body: (HandlerContext) async throws -> Result
    ) async throws -> Result {
        try await platform.withEffects(logger: logger) { effects, context in
            try await body(
                HandlerContext(
                    budget: context.budget,
                    time: effects.time,
                    random: effects.random,
                    logger: context.logger
                )
            )
        }
    }

    /// The paths that the handler cannot do without, such as a database file, and those of the handlers that it is made over.
    package var requiredPaths: [String] { handler.requiredPaths }

    /// Refuses a handler whose files are not there: what only reads must not make them.
    package func checkExists() throws(EffectError) {
        for path in requiredPaths where !Host.exists(path) {
            throw EffectError(
                .notFound,
                "There is no \(path), and this command makes none: name an existing one, or check the folder that you are in.",
                effect: handler.key,
                handler: handler.technology
            )
        }
    }
}

extension ResolvedHandler {
    fileprivate var requiredPaths: [String] {
        declaration.settings.filter { $0.isRequired && $0.type == .path }.compactMap { values.string($0.key) }
            + within.flatMap(\.requiredPaths)
    }
}
