#if PostgreSQL
internal import AuraEffects
public import AuraRuntime

/// The handlers on PostgreSQL, as an application links them: `journal`, `storage` and `keyValues`, all named
/// `postgresql` in profiles.
public struct PostgreSQLHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// Journal, storage and key-values.
    public var declarations: [HandlerDeclaration] { [journal, storage, keyValues] }

    private var journal: HandlerDeclaration {
        let settings = PostgreSQLSettings(effect: JournalEffect.name)
        return HandlerDeclaration(
            JournalEffect.self,
            technology: PostgreSQLPlace.technology,
            summary: "A journal in a PostgreSQL database, shared by several processes.",
            settings: PostgreSQLSettings.declarations + [
                .optional(
                    "pollInterval",
                    .duration,
                    default: "100ms",
                    "How often subscribers look for what other processes have committed, besides being notified."
                )
            ],
            capabilities: { PostgreSQLJournalHandler.capabilities(of: PostgreSQLSettings.tuning($0, $1)) },
            derivedValues: { PostgreSQLSettings.derivedValues($0, $1, of: "appends") },
            make: { given, context throws(EffectError) in
                let handler = try await PostgreSQLJournalHandler.open(
                    settings.configuration(given, context.budget),
                    context
                )
                return ManagedHandler(handler) { await handler.close() }
            },
            schema: .postgreSQL(for: JournalEffect.name, settings.configuration)
        )
    }

    private var storage: HandlerDeclaration {
        let settings = PostgreSQLSettings(effect: StorageEffect.name)
        return HandlerDeclaration(
            StorageEffect.self,
            technology: PostgreSQLPlace.technology,
            summary: "Values in a PostgreSQL database, shared by several processes.",
            settings: PostgreSQLSettings.declarations,
            capabilities: { PostgreSQLStorageHandler.capabilities(of: PostgreSQLSettings.tuning($0, $1)) },
            derivedValues: { PostgreSQLSettings.derivedValues($0, $1, of: "writes") },
            make: { given, context throws(EffectError) in
                let handler = try await PostgreSQLStorageHandler.open(
                    settings.configuration(given, context.budget),
                    context
                )
                return ManagedHandler(handler) { await handler.close() }
            },
            schema: .postgreSQL(for: StorageEffect.name, settings.configuration)
        )
    }

    private var keyValues: HandlerDeclaration {
        let settings = PostgreSQLSettings(effect: KeyValuesEffect.name)
        return HandlerDeclaration(
            KeyValuesEffect.self,
            technology: PostgreSQLPlace.technology,
            summary: "A table of items in a PostgreSQL database, shared by several processes.",
            settings: PostgreSQLSettings.declarations,
            capabilities: { PostgreSQLKeyValueHandler.capabilities(of: PostgreSQLSettings.tuning($0, $1)) },
            derivedValues: { PostgreSQLSettings.derivedValues($0, $1, of: "changes") },
            make: { given, context throws(EffectError) in
                let handler = try await PostgreSQLKeyValueHandler.open(
                    settings.configuration(given, context.budget),
                    context
                )
                return ManagedHandler(handler) { await handler.close() }
            },
            schema: .postgreSQL(for: KeyValuesEffect.name, settings.configuration)
        )
    }
}
#endif
