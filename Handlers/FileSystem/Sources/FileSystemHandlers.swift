internal import AuraEffects
public import AuraRuntime

/// The handlers on files, as an application links them: `storage`, named `filesystem` in profiles.
public struct FileSystemHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// Storage.
    public var declarations: [HandlerDeclaration] {
        [
            HandlerDeclaration(
                StorageEffect.self,
                technology: FilePlace.technology,
                summary: "Values in files of a folder, shared by several processes.",
                settings: Self.settings,
                capabilities: { FileSystemStorageHandler.capabilities(of: Self.configuration($0, $1)) },
                derivedValues: { settings, budget in
                    let configuration = Self.configuration(settings, budget)
                    return [
                        ("log", configuration.log.description),
                        ("group of writes", configuration.batch.description),
                        ("writes that may wait", String(configuration.queueLength)),
                        ("reading threads", String(configuration.readerCount)),
                    ]
                },
                make: { settings, context throws(EffectError) in
                    let handler = try await FileSystemStorageHandler.open(
                        Self.configuration(settings, context.budget),
                        context
                    )
                    return ManagedHandler(handler) { await handler.close() }
                }
            )
        ]
    }

    private static let settings: [SettingDeclaration] = [
        .required("path", .path, "The storage's folder, which nothing else uses; missing folders are made."),
        .optional(
            "synchronous",
            .choice(FileSystemConfiguration.Synchronous.allCases.map(\.rawValue)),
            default: "full",
            "When a write counts as done: only 'full' is durable."
        ),
        .optional(
            "log",
            .byteCount,
            "How large the log becomes before its values get files of their own; by default a quarter of the budget's journal cache."
        ),
        .optional("batch", .byteCount, "The most bytes in one group of writes; by default the budget's write batch."),
        .optional("queue", .integer(1...1_000_000), default: "4096", "The most writes that wait."),
        .optional("readers", .integer(1...64), "How many threads read; by default the budget's readers."),
        .optional(
            "lockTimeout",
            .duration,
            default: "30s",
            "How long a write waits for another process that holds the storage's lock."
        ),
    ]

    private static func configuration(
        _ settings: HandlerSettings,
        _ budget: ResourceBudget
    ) -> FileSystemConfiguration {
        var configuration = FileSystemConfiguration(path: settings.string("path") ?? "", budget: budget)
        if let word = settings.string("synchronous"),
            let synchronous = FileSystemConfiguration.Synchronous(rawValue: word)
        {
            configuration.synchronous = synchronous
        }
        if let log = settings.byteCount("log") { configuration.log = log }
        if let batch = settings.byteCount("batch") { configuration.batch = batch }
        if let queue = settings.integer("queue") { configuration.queueLength = queue }
        if let readers = settings.integer("readers") { configuration.readerCount = readers }
        if let timeout = settings.duration("lockTimeout") { configuration.lockTimeout = timeout }
        return configuration
    }
}
