internal import AuraEffects
internal import AuraRuntime

extension LayeredHandlers {
    static let storedObjects = HandlerDeclaration(
        ObjectsEffect.self,
        technology: StoredObjectStorageHandler.technology,
        summary: "A bucket over a storage: bodies in chunks.",
        settings: [
            .handler(over, StorageEffect.self, "The storage that holds the objects."),
            .optional("prefix", .string, default: "objects/", "What the keys of the bucket's values begin with."),
        ],
        capabilities: { settings, budget in
            StoredObjectStorageHandler.capabilities(
                prefix: settings.string("prefix") ?? "",
                over: capabilities(under: settings, budget)
            )
        },
        make: { settings, context throws(EffectError) in
            try await settings.makeHandler(over, StorageEffect.self, context)
                .lending { storage throws(EffectError) in
                    let prefix = settings.string("prefix") ?? ""
                    let handler = try StoredObjectStorageHandler(over: storage, prefix: prefix, context)
                    return ManagedHandler(handler) { await handler.close() }
                }
        }
    )
}
