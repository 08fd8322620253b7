internal import AuraEffects
internal import AuraRuntime

extension LayeredHandlers {
    static let signedJournal = HandlerDeclaration(
        JournalEffect.self,
        technology: SignedJournalHandler.technology,
        summary: "A journal that signs its own entries, and can demand that others' are signed.",
        settings: [
            .required(
                "key",
                .string,
                "The signing key's name in the key store, such as 'device'; "
                    + "'aura keys create LOCATION NAME --algorithm ed25519' makes one."
            ),
            .optional(
                "interval",
                .duration,
                default: "100ms",
                "How long after an append its entries are signed at the latest."
            ),
            .optional(
                "required",
                .boolean,
                default: "false",
                "Whether entries of other origins are taken only where a signature of a trusted key covers them."
            ),
            .optional(
                "trusted",
                .list,
                "The keys that other origins sign with, each as 'ORIGIN KEY': 'aura journal info' prints an origin, "
                    + "'aura keys export-public LOCATION NAME --hex' a key."
            ),
            .handler(over, JournalEffect.self, "The journal that holds the entries and their signatures."),
        ],
        uses: [CryptoEffect.name, KeysEffect.name],
        capabilities: { settings, budget in
            settings.handler(over)?.capabilities(under: budget) ?? Capabilities()
        },
        derivedValues: { settings, budget in
            guard settings.boolean("required") ?? false else { return [] }
            return [("held until signed", "at most \(SignedJournalHandler.mostHeld(within: budget))")]
        },
        make: { settings, context throws(EffectError) in
            let signing = try signing(settings)
            return try await settings.makeHandler(over, JournalEffect.self, context)
                .lending { inner throws(EffectError) in
                    let handler = try await SignedJournalHandler.open(over: inner, signing, context)
                    return ManagedHandler(handler) { await handler.close() }
                }
        }
    )

    private static func signing(_ settings: HandlerSettings) throws(EffectError) -> SignedJournalHandler.Settings {
        var signing = SignedJournalHandler.Settings(key: KeyName(rawValue: settings.string("key") ?? ""))
        if let interval = settings.duration("interval") { signing.interval = interval }
        signing.isRequired = settings.boolean("required") ?? false
        for line in settings.list("trusted") ?? [] {
            guard let key = TrustedKey(line) else {
                throw EffectError(
                    .invalidArgument,
                    "The line \(HandlerErrors.quote(line)) of 'trusted' is not an origin of 32 hexadecimal digits, a space and a "
                        + "public key of 64.",
                    effect: JournalEffect.name,
                    operation: "open",
                    handler: SignedJournalHandler.technology
                )
            }
            signing.trusted.append(key)
        }
        return signing
    }
}
