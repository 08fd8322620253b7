internal import AuraEffects
public import AuraRuntime

/// The handlers that are made over other handlers, as an application links them: the storages `caching`, `prefixing`,
/// `journal`, `objects` and `encrypted`, the journals `encrypted`, `signed` and `keyValues`, the keys `stored` and
/// `wrapped`, and the objects `stored`.
public struct LayeredHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// Storage by cache, by namespace, by journal, by bucket and encrypted; journals encrypted, signed and over key-values;
    /// keys and objects in a storage.
    public var declarations: [HandlerDeclaration] {
        [
            Self.caching, Self.prefixing, Self.journal, Self.objectStorage, Self.encryptedStorage,
            Self.encryptedJournal, Self.signedJournal, Self.keyValueJournal, Self.keys, Self.wrappedKeys,
            Self.storedObjects,
        ]
    }

    /// The setting that names the handler underneath.
    static let over = "over"

    // MARK: caching

    private static let caching = HandlerDeclaration(
        StorageEffect.self,
        technology: CachingStorageHandler.technology,
        summary: "A cache in memory over another storage.",
        settings: [
            .handler(over, StorageEffect.self, "The storage whose values are cached."),
            .optional("cache", .byteCount, "The cache's size; by default half of the budget's journal cache."),
            .optional(
                "exclusive",
                .boolean,
                "Whether nobody else writes to the storage underneath, so that values need no check; by default so where "
                    + "it does not declare multiProcess."
            ),
        ],
        capabilities: { settings, budget in
            let inner = capabilities(under: settings, within(settings, budget))
            return CachingStorageHandler.capabilities(over: inner, isExclusive: isExclusive(settings, over: inner))
        },
        derivedValues: { settings, budget in
            let inner = capabilities(under: settings, within(settings, budget))
            return [
                ("cache", capacity(settings, budget).description),
                ("cached values", isExclusive(settings, over: inner) ? "given out unchecked" : "checked by revision"),
            ]
        },
        budgetWithin: { within($0, $1) },
        make: { settings, context throws(EffectError) in
            var contextWithin = context
            contextWithin.budget = within(settings, context.budget)
            return try await settings.makeHandler(over, StorageEffect.self, contextWithin)
                .lending { inner in
                    let isExclusive = isExclusive(settings, over: inner.capabilities)
                    let capacity = capacity(settings, context.budget)
                    return ManagedHandler(
                        CachingStorageHandler(
                            over: inner,
                            capacity: capacity,
                            isExclusive: isExclusive,
                            metrics: context.metrics
                        )
                    )
                }
        }
    )

    private static func capacity(_ settings: HandlerSettings, _ budget: ResourceBudget) -> ByteCount {
        settings.byteCount("cache") ?? ByteCount(bytes: budget.journalCache.bytes / 2)
    }

    /// What the cache leaves of a budget to the storage underneath.
    private static func within(_ settings: HandlerSettings, _ budget: ResourceBudget) -> ResourceBudget {
        var budget = budget
        let rest = budget.journalCache.bytes - capacity(settings, budget).bytes
        budget.journalCache = max(.kibibytes(64), ByteCount(bytes: rest))
        return budget
    }

    private static func isExclusive(_ settings: HandlerSettings, over inner: Capabilities) -> Bool {
        settings.boolean("exclusive") ?? !inner.contains(.multiProcess)
    }

    /// What the chosen handler underneath declares; nothing where none is chosen yet.
    static func capabilities(under settings: HandlerSettings, _ budget: ResourceBudget) -> Capabilities {
        settings.handler(over)?.capabilities(under: budget) ?? Capabilities()
    }

    // MARK: prefixing

    private static let prefixing = HandlerDeclaration(
        StorageEffect.self,
        technology: PrefixingStorageHandler.technology,
        summary: "A namespace within another storage.",
        settings: [
            .required("prefix", .string, "What the keys begin with in the storage underneath, such as 'tenant-7/'."),
            .handler(over, StorageEffect.self, "The storage that holds the namespace."),
        ],
        capabilities: { settings, budget in
            let inner = capabilities(under: settings, budget)
            return PrefixingStorageHandler.capabilities(prefix: settings.string("prefix") ?? "", over: inner)
        },
        make: { settings, context throws(EffectError) in
            try await settings.makeHandler(over, StorageEffect.self, context)
                .lending { inner throws(EffectError) in
                    ManagedHandler(try PrefixingStorageHandler(prefix: settings.string("prefix") ?? "", over: inner))
                }
        }
    )

    // MARK: journal

    private static let journal = HandlerDeclaration(
        StorageEffect.self,
        technology: JournalStorageHandler.technology,
        summary: "Storage over a journal: a stream for each key.",
        settings: [
            .handler(over, JournalEffect.self, "The journal that holds the values."),
            .optional("prefix", .string, default: "storage/", "What the names of the keys' streams begin with."),
            .optional(
                "history",
                .choice(JournalStorageHandler.History.allCases.map(\.rawValue)),
                default: JournalStorageHandler.History.keep.rawValue,
                "Whether values that were overwritten or removed stay in the journal."
            ),
        ],
        capabilities: { settings, budget in
            let inner = capabilities(under: settings, budget)
            return JournalStorageHandler.capabilities(prefix: settings.string("prefix") ?? "", over: inner)
        },
        make: { settings, context throws(EffectError) in
            try await settings.makeHandler(over, JournalEffect.self, context)
                .lending { journal throws(EffectError) in
                    let history = settings.string("history").flatMap(JournalStorageHandler.History.init) ?? .keep
                    let handler = try JournalStorageHandler(
                        over: journal,
                        prefix: settings.string("prefix") ?? "",
                        history: history,
                        context: context
                    )
                    return ManagedHandler(handler) { await handler.close() }
                }
        }
    )
}
