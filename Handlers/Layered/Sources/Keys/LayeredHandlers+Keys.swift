internal import AuraEffects
internal import AuraRuntime

extension LayeredHandlers {
    static let keys = HandlerDeclaration(
        KeysEffect.self,
        technology: StoredKeyHandler.technology,
        summary: "Named keys with versions, derived from a master key that lies encrypted in a storage.",
        settings: [
            .optional("password", .secret, "The password that opens the keys; or 'secret' in its place."),
            .optional(
                "secret",
                .secret,
                "At least 32 random bytes in hexadecimal, such as a key file's: '${secret:NAME}' reads one."
            ),
            .optional(
                "derivation",
                .choice(["argon2id", "pbkdf2"]),
                default: "argon2id",
                "How a new store's password is stretched; an existing one says itself."
            ),
            .optional(
                "memory",
                .byteCount,
                "What Argon2id takes for each opening; by default an eighth of the budget's memory, at most 64 MiB."
            ),
            .optional(
                "passes",
                .integer(PasswordDerivation.passes),
                default: "3",
                "How many passes Argon2id makes over that memory."
            ),
            .optional(
                "lanes",
                .integer(PasswordDerivation.lanes),
                default: "1",
                "Into how many lanes Argon2id divides that memory."
            ),
            .optional(
                "iterations",
                .integer(PasswordDerivation.iterations),
                default: "600000",
                "How many iterations PBKDF2 makes."
            ),
            .handler(over, StorageEffect.self, "The storage that holds the keys."),
        ],
        uses: [CryptoEffect.name],
        capabilities: { settings, budget in
            StoredKeyHandler.capabilities(
                over: settings.handler(over)?.capabilities(under: budget) ?? Capabilities()
            )
        },
        derivedValues: { settings, budget in
            settings.string("derivation") == "argon2id" && settings.secret("password") != nil
                ? [("memory of a derivation", memory(settings, budget).description)] : []
        },
        make: { settings, context throws(EffectError) in
            let unlocking = try unlocking(settings, context.budget)
            return try await settings.makeHandler(over, StorageEffect.self, context)
                .lending { storage throws(EffectError) in
                    let handler = StoredKeyHandler(over: storage, unlocking: unlocking, context)
                    try await handler.open()
                    return ManagedHandler(handler)
                }
        }
    )

    static let wrappedKeys = HandlerDeclaration(
        KeysEffect.self,
        technology: "wrapped",
        summary: "Named keys with versions as 'stored' has them, opened by a key that a service keeps.",
        settings: [
            .handler("by", KeyWrappingEffect.self, "The service's key that opens the keys."),
            .handler(over, StorageEffect.self, "The storage that holds the keys."),
        ],
        uses: [CryptoEffect.name],
        capabilities: { settings, budget in
            StoredKeyHandler.capabilities(
                over: settings.handler(over)?.capabilities(under: budget) ?? Capabilities()
            )
        },
        make: { settings, context throws(EffectError) in
            try await settings.makeHandler("by", KeyWrappingEffect.self, context)
                .lending { wrapping throws(EffectError) in
                    try await settings.makeHandler(over, StorageEffect.self, context)
                        .lending { storage throws(EffectError) in
                            let handler = StoredKeyHandler(over: storage, unlocking: .wrapped(wrapping), context)
                            try await handler.open()
                            return ManagedHandler(handler)
                        }
                }
        }
    )

    private static func memory(_ settings: HandlerSettings, _ budget: ResourceBudget) -> ByteCount {
        settings.byteCount("memory") ?? min(.mebibytes(64), ByteCount(bytes: budget.memoryLimit.bytes / 8))
    }

    private static func unlocking(
        _ settings: HandlerSettings,
        _ budget: ResourceBudget
    ) throws(EffectError) -> KeyUnlocking {
        switch (settings.secret("password"), settings.secret("secret")) {
        case (let password?, nil):
            let isEmpty = password.withExposedValue(\.isEmpty)
            guard !isEmpty else { throw refused("The password is empty.") }
            let costs: PasswordDerivation.Function =
                settings.string("derivation") == "pbkdf2"
                ? .pbkdf2(iterations: settings.integer("iterations") ?? 0)
                : .argon2id(
                    memory: memory(settings, budget),
                    passes: settings.integer("passes") ?? 0,
                    lanes: settings.integer("lanes") ?? 0
                )
            return .password(password, costs)
        case (nil, let secret?):
            guard let bytes = secret.withExposedValue(secretBytes) else {
                throw refused("The secret is not at least 64 hexadecimal digits: make one with 'openssl rand -hex 32'.")
            }
            return .secret(Secret(bytes))
        case (nil, nil): throw refused("Nothing opens the keys: set 'password' or 'secret'.")
        case (_?, _?):
            throw refused("Both 'password' and 'secret' are set: keep the one that the keys were created with.")
        }
    }

    private static func secretBytes(_ text: String) -> [UInt8]? {
        guard let bytes = Hexadecimal.bytes(text), bytes.count >= 32 else { return nil }
        return bytes
    }

    private static func refused(_ message: String) -> EffectError {
        StoredKeyHandler.errors.error(.invalidArgument, in: "open", message)
    }
}
