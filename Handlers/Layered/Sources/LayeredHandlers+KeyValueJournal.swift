internal import AuraEffects
internal import AuraRuntime

extension LayeredHandlers {
    static let keyValueJournal = HandlerDeclaration(
        JournalEffect.self,
        technology: KeyValueJournalHandler.technology,
        summary: "A journal over a table of key-values, shared by writers on several machines.",
        settings: [
            .handler(over, KeyValuesEffect.self, "The table that holds the journal; it needs strongReads."),
            .optional("prefix", .string, default: "journal/", "What the journal's partition keys begin with."),
            .optional(
                "pollInterval",
                .duration,
                default: "20ms",
                "How soon subscribers look for what other writers have committed; those of this one are told at once."
            ),
            .optional(
                "longestPollInterval",
                .duration,
                default: "1s",
                "How far apart the looks become while there is nothing new."
            ),
            .optional(
                "patience",
                .duration,
                default: "30s",
                "How long a change is tried again while the table does not answer or throttles."
            ),
            .optional(
                bucket,
                .handler(effect: ObjectsEffect.name),
                "The bucket that holds large payloads; without it they lie in the table."
            ),
            .optional(
                "largePayload",
                .byteCount,
                default: "64KiB",
                "How large a payload is at least that lies in the bucket."
            ),
            .optional("queue", .integer(1...1_000_000), default: "4096", "The most changes that wait."),
        ],
        capabilities: { settings, budget in
            KeyValueJournalHandler.capabilities(
                over: capabilities(under: settings, underJournal(budget)),
                settings.handler(bucket)?.capabilities(under: underJournal(budget))
            )
        },
        derivedValues: { _, budget in
            [("payloads in memory", KeyValueJournalHandler.cacheSize(within: budget).description)]
        },
        budgetWithin: { underJournal($1) },
        make: { settings, context throws(EffectError) in
            var contextWithin = context
            contextWithin.budget = underJournal(context.budget)
            let table = try await settings.makeHandler(over, KeyValuesEffect.self, contextWithin)
            return try await table.lending { table throws(EffectError) in
                guard settings.handler(bucket) != nil else { return try await open(table, nil, settings, context) }
                return try await settings.makeHandler(bucket, ObjectsEffect.self, contextWithin)
                    .lending { objects throws(EffectError) in try await open(table, objects, settings, context) }
            }
        },
        permissions: HandlerPermissions(within: { setting, _ in
            setting == bucket ? ["get", "put", "list", "remove"] : ["get", "put", "query", "remove"]
        })
    )

    private static let bucket = "objects"

    private static func open(
        _ table: any KeyValueEffects,
        _ objects: (any ObjectStorageEffects)?,
        _ settings: HandlerSettings,
        _ context: HandlerContext
    ) async throws(EffectError) -> ManagedHandler<any JournalEffects> {
        let handler = try await KeyValueJournalHandler.open(over: table, objects: objects, journal(settings), context)
        return ManagedHandler(handler) { await handler.close() }
    }

    /// What the payloads in memory leave of a budget to the table underneath.
    private static func underJournal(_ budget: ResourceBudget) -> ResourceBudget {
        var budget = budget
        let rest = budget.journalCache.bytes - KeyValueJournalHandler.cacheSize(within: budget).bytes
        budget.journalCache = max(.kibibytes(64), ByteCount(bytes: rest))
        return budget
    }

    private static func journal(_ settings: HandlerSettings) -> KeyValueJournalHandler.Settings {
        var journal = KeyValueJournalHandler.Settings(prefix: settings.string("prefix") ?? "")
        if let interval = settings.duration("pollInterval") { journal.pollInterval = interval }
        if let interval = settings.duration("longestPollInterval") { journal.longestPollInterval = interval }
        if let patience = settings.duration("patience") { journal.patience = patience }
        if let size = settings.byteCount("largePayload") { journal.largePayload = size }
        if let length = settings.integer("queue") { journal.queueLength = length }
        return journal
    }
}
