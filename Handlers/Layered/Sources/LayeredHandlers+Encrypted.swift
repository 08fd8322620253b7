internal import AuraEffects
internal import AuraRuntime

extension LayeredHandlers {
    private static let dataKey = SettingDeclaration.required(
        "key",
        .string,
        "The data key's name in the key store, such as 'notes'; 'aura keys create LOCATION NAME' makes one."
    )

    private static func name(_ settings: HandlerSettings) -> KeyName {
        KeyName(rawValue: settings.string("key") ?? "")
    }

    static let encryptedStorage = HandlerDeclaration(
        StorageEffect.self,
        technology: EncryptedStorageHandler.technology,
        summary: "Encrypted and authenticated values over another storage.",
        settings: [dataKey, .handler(over, StorageEffect.self, "The storage that holds the encrypted values.")],
        uses: [CryptoEffect.name, KeysEffect.name],
        capabilities: { settings, budget in
            let inner = capabilities(under: settings, budget)
            return EncryptedStorageHandler.capabilities(key: name(settings), over: inner)
        },
        derivedValues: { _, budget in
            [
                (
                    "values of rotated keys",
                    budget.backgroundCompaction ? "sealed anew in the background" : "sealed anew when they are written"
                )
            ]
        },
        make: { settings, context throws(EffectError) in
            try await settings.makeHandler(over, StorageEffect.self, context)
                .lending { inner throws(EffectError) in
                    let handler = try await EncryptedStorageHandler.open(over: inner, key: name(settings), context)
                    return ManagedHandler(handler) { await handler.close() }
                }
        }
    )

    static let encryptedJournal = HandlerDeclaration(
        JournalEffect.self,
        technology: EncryptedJournalHandler.technology,
        summary: "Encrypted and authenticated payloads over another journal.",
        settings: [dataKey, .handler(over, JournalEffect.self, "The journal that holds the encrypted payloads.")],
        uses: [CryptoEffect.name, KeysEffect.name],
        capabilities: { settings, budget in
            let inner = settings.handler(over)?.capabilities(under: budget) ?? Capabilities()
            return EncryptedJournalHandler.capabilities(key: name(settings), over: inner)
        },
        make: { settings, context throws(EffectError) in
            try await settings.makeHandler(over, JournalEffect.self, context)
                .lending { inner throws(EffectError) in
                    ManagedHandler(try await EncryptedJournalHandler.open(over: inner, key: name(settings), context))
                }
        }
    )
}
