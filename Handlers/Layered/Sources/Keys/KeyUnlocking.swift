public import AuraEffects
public import AuraRuntime

/// What opens a store of keys.
public enum KeyUnlocking: Sendable {
    /// A password, which is stretched: by these costs where the store is created, later by those that it names.
    case password(Secret<String>, PasswordDerivation.Function)
    /// Random bytes, at least 32, such as a key file's.
    case secret(Secret<[UInt8]>)
    /// A key that a service keeps, which wraps random bytes of the store's own.
    case wrapped(any KeyWrappingEffects)
}

extension KeyUnlocking {
    /// What wrapped bytes are for.
    private static let purpose = "aura keys/1 unlock"

    /// How a new store's key is derived.
    func derivation(_ random: any RandomEffects) async throws(EffectError) -> KeyDocument.Derivation {
        let salt = random.bytes(KeyDocument.saltSize)
        switch self {
        case .password(_, let costs): return .password(PasswordDerivation(costs, salt: salt))
        case .secret: return .secret(salt: salt)
        case .wrapped(let wrapping):
            let secret = Secret(random.bytes(32))
            return .wrapped(salt: salt, secret: try await wrapping.wrap(secret, for: Self.purpose))
        }
    }

    /// The key that encrypts the master key of a store.
    ///
    /// - Throws: ``EffectError``; `invalidArgument` where the store is opened by the other one.
    func key(
        _ derivation: KeyDocument.Derivation,
        _ crypto: any CryptoEffects
    ) async throws(EffectError) -> KeyID {
        switch (self, derivation) {
        case (.password(let password, _), .password(let parameters)):
            return try await crypto.deriveKey(
                fromPassword: password.withExposedValue { Secret(Array($0.utf8)) },
                parameters: parameters,
                as: .aes256GCM
            )
        case (.secret(let secret), .secret(let salt)):
            return try await Self.key(secret, salt, crypto)
        case (.wrapped(let wrapping), .wrapped(let salt, let wrapped)):
            return try await Self.key(wrapping.unwrap(wrapped, for: Self.purpose), salt, crypto)
        default:
            throw StoredKeyHandler.errors.error(
                .invalidArgument,
                in: "open",
                "The keys are protected by a \(derivation.protection.word), and a \(word) was given: set "
                    + "\(derivation.protection.setting) instead."
            )
        }
    }

    private static func key(
        _ secret: Secret<[UInt8]>,
        _ salt: [UInt8],
        _ crypto: any CryptoEffects
    ) async throws(EffectError) -> KeyID {
        let input = try await crypto.importKey(secret, as: .hmacSHA256)
        return try await crypto.lending(input) { () async throws(EffectError) in
            try await crypto.deriveKey(from: input, salt: salt, info: Array(purpose.utf8), as: .aes256GCM)
        }
    }

    private var word: String {
        switch self {
        case .password: "password"
        case .secret: "secret"
        case .wrapped: "wrapping key"
        }
    }
}

extension KeyDocument.Derivation {
    /// What protects the store, and how a profile gives it.
    fileprivate var protection: (word: String, setting: String) {
        switch self {
        case .password: ("password", "'password'")
        case .secret: ("secret", "'secret'")
        case .wrapped: ("wrapping key", "'handler: wrapped'")
        }
    }
}
