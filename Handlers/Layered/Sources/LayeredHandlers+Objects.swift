internal import AuraEffects
internal import AuraRuntime

extension LayeredHandlers {
    static let objectStorage = HandlerDeclaration(
        StorageEffect.self,
        technology: ObjectStorageHandler.technology,
        summary: "Storage over a bucket: an object for each key.",
        settings: [
            .handler(over, ObjectsEffect.self, "The bucket that holds the values."),
            .optional("prefix", .string, default: "storage/", "What the keys of the values' objects begin with."),
        ],
        capabilities: { settings, budget in
            ObjectStorageHandler.capabilities(
                prefix: settings.string("prefix") ?? "",
                over: capabilities(under: settings, budget)
            )
        },
        make: { settings, context throws(EffectError) in
            try await settings.makeHandler(over, ObjectsEffect.self, context)
                .lending { objects throws(EffectError) in
                    let prefix = settings.string("prefix") ?? ""
                    return ManagedHandler(
                        try ObjectStorageHandler(over: objects, prefix: prefix, random: context.random)
                    )
                }
        },
        // Where a service's bucket knows no removal on condition, a mark is put in a removed value's place.
        permissions: HandlerPermissions(within: { _, _ in ["info", "get", "put", "list"] })
    )
}
