#if SQLite
internal import AuraEffects
public import AuraRuntime

/// The handlers on SQLite, as an application links them: `journal`, `storage` and `keyValues`, all named `sqlite` in profiles.
public struct SQLiteHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// Journal, storage and key-values.
    public var declarations: [HandlerDeclaration] { [journal, storage, keyValues] }

    private var journal: HandlerDeclaration {
        HandlerDeclaration(
            JournalEffect.self,
            technology: SQLitePlace.technology,
            summary: "A journal in an SQLite file, shared by several processes.",
            settings: Self.settings + [
                .optional(
                    "pollInterval",
                    .duration,
                    default: "20ms",
                    "How often subscribers look for what other processes have committed; those of this one are told at once."
                )
            ],
            capabilities: { SQLiteJournalHandler.capabilities(of: Self.configuration($0, $1)) },
            derivedValues: { Self.derivedValues(Self.configuration($0, $1), of: "appends") },
            make: { settings, context throws(EffectError) in
                let handler = try await SQLiteJournalHandler.open(
                    Self.configuration(settings, context.budget),
                    context
                )
                return ManagedHandler(handler) { await handler.close() }
            },
            restore: { backup, settings, context, progress throws(EffectError) in
                let configuration = Self.configuration(settings, context.budget)
                return try await SQLiteJournalRestore(configuration: configuration, context: context)
                    .run(from: backup, progress)
            }
        )
    }

    private var storage: HandlerDeclaration {
        HandlerDeclaration(
            StorageEffect.self,
            technology: SQLitePlace.technology,
            summary: "Values in an SQLite file, shared by several processes.",
            settings: Self.settings,
            capabilities: { SQLiteStorageHandler.capabilities(of: Self.configuration($0, $1)) },
            derivedValues: { Self.derivedValues(Self.configuration($0, $1), of: "writes") },
            make: { settings, context throws(EffectError) in
                let handler = try await SQLiteStorageHandler.open(
                    Self.configuration(settings, context.budget),
                    context
                )
                return ManagedHandler(handler) { await handler.close() }
            }
        )
    }

    private var keyValues: HandlerDeclaration {
        HandlerDeclaration(
            KeyValuesEffect.self,
            technology: SQLitePlace.technology,
            summary: "A table of items in an SQLite file, shared by several processes.",
            settings: Self.settings,
            capabilities: { SQLiteKeyValueHandler.capabilities(of: Self.configuration($0, $1)) },
            derivedValues: { Self.derivedValues(Self.configuration($0, $1), of: "changes") },
            make: { settings, context throws(EffectError) in
                let handler = try await SQLiteKeyValueHandler.open(
                    Self.configuration(settings, context.budget),
                    context
                )
                return ManagedHandler(handler) { await handler.close() }
            }
        )
    }

    private static let settings: [SettingDeclaration] = [
        .required("path", .path, "The database file; missing folders are made."),
        .optional(
            "synchronous",
            .choice(SQLiteConfiguration.Synchronous.allCases.map(\.rawValue)),
            default: "full",
            "When a commit counts as done: only 'full' is durable."
        ),
        .optional("cache", .byteCount, "The page cache of all connections; by default the budget's journal cache."),
        .optional("readers", .integer(1...64), "How many connections read; by default the budget's."),
        .optional(
            "lockTimeout",
            .duration,
            default: "30s",
            "How long a write waits for another process that holds the file's lock."
        ),
        .optional(
            "vacuumOnClose",
            .boolean,
            default: "false",
            "Whether free pages are given back to the file system at the end."
        ),
        .optional(
            "batch",
            .byteCount,
            "The most bytes in one group of appends or writes; by default the budget's write batch."
        ),
        .optional("queue", .integer(1...1_000_000), default: "4096", "The most appends or writes that wait."),
    ]

    private static func configuration(_ settings: HandlerSettings, _ budget: ResourceBudget) -> SQLiteConfiguration {
        var configuration = SQLiteConfiguration(path: settings.string("path") ?? "", budget: budget)
        if let word = settings.string("synchronous"), let synchronous = SQLiteConfiguration.Synchronous(rawValue: word)
        {
            configuration.synchronous = synchronous
        }
        if let cache = settings.byteCount("cache") { configuration.cache = cache }
        if let readers = settings.integer("readers") { configuration.readerCount = readers }
        if let timeout = settings.duration("lockTimeout") { configuration.lockTimeout = timeout }
        if let interval = settings.duration("pollInterval") { configuration.pollInterval = interval }
        if let vacuum = settings.boolean("vacuumOnClose") { configuration.vacuumsOnClose = vacuum }
        if let batch = settings.byteCount("batch") { configuration.batch = batch }
        if let queue = settings.integer("queue") { configuration.queueLength = queue }
        return configuration
    }

    private static func derivedValues(
        _ configuration: SQLiteConfiguration,
        of noun: String
    ) -> [HandlerDeclaration.DerivedValue] {
        [
            ("page cache", configuration.cache.description),
            ("reading connections", String(configuration.readerCount)),
            ("housekeeping", configuration.doesHousekeeping ? "on" : "off"),
            ("group of \(noun)", configuration.batch.description),
            ("\(noun) that may wait", String(configuration.queueLength)),
        ]
    }
}
#endif
