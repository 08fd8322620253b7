public import AuraEffects
internal import AuraRuntime

/// What opens a store of keys.
public enum KeyUnlocking: Sendable {
    /// A password, which is stretched: by these costs where the store is created, later by those that it names.
    case password(Secret<String>, PasswordDerivation.Function)
    /// Random bytes, at least 32, such as a key file's.
    case secret(Secret<[UInt8]>)
}

extension KeyUnlocking {
    /// How a new store's key is derived.
    func derivation(salt: [UInt8]) -> KeyDocument.Derivation {
        switch self {
        case .password(_, let costs): .password(PasswordDerivation(costs, salt: salt))
        case .secret: .secret(salt: salt)
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
            let input = try await crypto.importKey(secret, as: .hmacSHA256)
            return try await crypto.lending(input) { () async throws(EffectError) in
                try await crypto.deriveKey(
                    from: input,
                    salt: salt,
                    info: Array("aura keys/1 unlock".utf8),
                    as: .aes256GCM
                )
            }
        case (.password, .secret), (.secret, .password):
            let (wanted, given) =
                if case .password = derivation { ("password", "secret") } else { ("secret", "password") }
            throw StoredKeyHandler.errors.error(
                .invalidArgument,
                in: "open",
                "The keys are protected by a \(wanted), and a \(given) was given: set '\(wanted)' instead."
            )
        }
    }
}
