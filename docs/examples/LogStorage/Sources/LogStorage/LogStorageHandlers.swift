internal import AuraEffects
public import AuraRuntime

/// The handler as an application links it: `storage: { handler: log, path: … }` in a profile.
public struct LogStorageHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// Storage.
    public var declarations: [HandlerDeclaration] { [Self.storage] }

    private static let storage = HandlerDeclaration(
        StorageEffect.self,
        technology: LogStorageHandler.technology,
        summary: "Values in one file that only grows, for one process.",
        settings: [
            .required("path", .path, "The file; its folder must exist."),
            .optional(
                "sync",
                .boolean,
                default: "true",
                "Whether a write returns only once it is on the disk: without it the storage is not durable."
            ),
            .optional(
                "garbage",
                .byteCount,
                default: "1 MiB",
                "How much may be of overwritten and removed values before opening the file writes it anew."
            ),
        ],
        capabilities: { settings, _ in LogStorageHandler.capabilities(of: configuration(settings)) },
        derivedValues: { _, budget in [("copies in pieces of", budget.writeBatch.description)] },
        make: { settings, context throws(EffectError) in
            let handler = try await LogStorageHandler.open(configuration(settings), context)
            return ManagedHandler(handler) { await handler.close() }
        }
    )

    private static func configuration(_ settings: HandlerSettings) -> LogConfiguration {
        var configuration = LogConfiguration(path: settings.string("path") ?? "")
        if let isSynced = settings.boolean("sync") { configuration.isSynced = isSynced }
        if let garbage = settings.byteCount("garbage") { configuration.garbage = garbage }
        return configuration
    }
}
