// Generated from CryptoEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``CryptoEffects``.
public enum CryptoEffectsOperations {
    /// `crypto.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "crypto",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `crypto.generateKey`.
    public static let generateKey = EffectOperation(
        effect: "crypto",
        name: "generateKey",
        index: 1,
        resource: "algorithm"
    )
    /// `crypto.importKey`.
    public static let importKey = EffectOperation(effect: "crypto", name: "importKey", index: 2, resource: "algorithm")
    /// `crypto.deleteKey`.
    public static let deleteKey = EffectOperation(
        effect: "crypto",
        name: "deleteKey",
        index: 3,
        idempotency: .always,
        resource: "key"
    )
    /// `crypto.publicKey`.
    public static let publicKey = EffectOperation(
        effect: "crypto",
        name: "publicKey",
        index: 4,
        idempotency: .always,
        resource: "key"
    )
    /// `crypto.wrapKey`.
    public static let wrapKey = EffectOperation(effect: "crypto", name: "wrapKey", index: 5, resource: "key")
    /// `crypto.unwrapKey`.
    public static let unwrapKey = EffectOperation(
        effect: "crypto",
        name: "unwrapKey",
        index: 6,
        resource: "wrappingKey"
    )
    /// `crypto.digest`.
    public static let digest = EffectOperation(
        effect: "crypto",
        name: "digest",
        index: 7,
        idempotency: .always,
        resource: "function"
    )
    /// `crypto.authenticationCode`.
    public static let authenticationCode = EffectOperation(
        effect: "crypto",
        name: "authenticationCode",
        index: 8,
        idempotency: .always,
        resource: "key"
    )
    /// `crypto.isValidAuthenticationCode`.
    public static let isValidAuthenticationCode = EffectOperation(
        effect: "crypto",
        name: "isValidAuthenticationCode",
        index: 9,
        idempotency: .always,
        resource: "key"
    )
    /// `crypto.deriveKey`.
    public static let deriveKey = EffectOperation(effect: "crypto", name: "deriveKey", index: 10, resource: "key")
    /// `crypto.deriveKeyFromPassword`.
    public static let deriveKeyFromPassword = EffectOperation(
        effect: "crypto",
        name: "deriveKeyFromPassword",
        index: 11,
        resource: "algorithm"
    )
    /// `crypto.seal`.
    public static let seal = EffectOperation(effect: "crypto", name: "seal", index: 12, resource: "key")
    /// `crypto.open`.
    public static let open = EffectOperation(
        effect: "crypto",
        name: "open",
        index: 13,
        idempotency: .always,
        resource: "key"
    )
    /// `crypto.sign`.
    public static let sign = EffectOperation(
        effect: "crypto",
        name: "sign",
        index: 14,
        idempotency: .always,
        resource: "key"
    )
    /// `crypto.isValidSignature`.
    public static let isValidSignature = EffectOperation(
        effect: "crypto",
        name: "isValidSignature",
        index: 15,
        idempotency: .always,
        resource: "algorithm"
    )
    /// `crypto.agreeKey`.
    public static let agreeKey = EffectOperation(effect: "crypto", name: "agreeKey", index: 16, resource: "key")
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [
        capabilities,
        generateKey,
        importKey,
        deleteKey,
        publicKey,
        wrapKey,
        unwrapKey,
        digest,
        authenticationCode,
        isValidAuthenticationCode,
        deriveKey,
        deriveKeyFromPassword,
        seal,
        open,
        sign,
        isValidSignature,
        agreeKey,
    ]
}

/// A ``CryptoEffects`` handler with interceptors around every operation.
public struct InterceptedCryptoEffects: CryptoEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any CryptoEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any CryptoEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `crypto.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(CryptoEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `crypto.generateKey`.
    @inline(__always)
    public func generateKey(_ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        let call = interceptors.call(
            CryptoEffectsOperations.generateKey,
            resource: algorithm.effectResource,
            arguments: [EffectArgument("algorithm", algorithm)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.generateKey(algorithm))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.generateKey(algorithm)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.importKey`.
    @inline(__always)
    public func importKey(_ secret: Secret<[UInt8]>, as algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        let call = interceptors.call(
            CryptoEffectsOperations.importKey,
            resource: algorithm.effectResource,
            arguments: [EffectArgument("secret", secret), EffectArgument("algorithm", algorithm)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.importKey(secret, as: algorithm))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.importKey(secret, as: algorithm)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.deleteKey`.
    @inline(__always)
    public func deleteKey(_ key: KeyID) async throws(EffectError) {
        let call = interceptors.call(
            CryptoEffectsOperations.deleteKey,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("key", key)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.deleteKey(key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.deleteKey(key)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.publicKey`.
    @inline(__always)
    public func publicKey(of key: KeyID) async throws(EffectError) -> [UInt8] {
        let call = interceptors.call(
            CryptoEffectsOperations.publicKey,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("key", key)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.publicKey(of: key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.publicKey(of: key)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.wrapKey`.
    @inline(__always)
    public func wrapKey(
        _ key: KeyID,
        under wrappingKey: KeyID,
        authenticating associatedData: [UInt8]
    ) async throws(EffectError) -> SealedBox {
        let call = interceptors.call(
            CryptoEffectsOperations.wrapKey,
            resource: key.effectResource,
            arguments: [
                EffectArgument("key", key),
                EffectArgument("wrappingKey", wrappingKey),
                EffectArgument("associatedData", associatedData),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.wrapKey(key, under: wrappingKey, authenticating: associatedData))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.wrapKey(key, under: wrappingKey, authenticating: associatedData)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.unwrapKey`.
    @inline(__always)
    public func unwrapKey(
        _ box: SealedBox,
        as algorithm: KeyAlgorithm,
        under wrappingKey: KeyID,
        authenticating associatedData: [UInt8]
    ) async throws(EffectError) -> KeyID {
        let call = interceptors.call(
            CryptoEffectsOperations.unwrapKey,
            resource: wrappingKey.effectResource,
            arguments: [
                EffectArgument("box", box),
                EffectArgument("algorithm", algorithm),
                EffectArgument("wrappingKey", wrappingKey),
                EffectArgument("associatedData", associatedData),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(
                    try await base.unwrapKey(box, as: algorithm, under: wrappingKey, authenticating: associatedData)
                )
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.unwrapKey(
                box,
                as: algorithm,
                under: wrappingKey,
                authenticating: associatedData
            )
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.digest`.
    @inline(__always)
    public func digest(of message: [UInt8], by function: HashFunction) async throws(EffectError) -> [UInt8] {
        let call = interceptors.call(
            CryptoEffectsOperations.digest,
            resource: function.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("message", message), EffectArgument("function", function)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.digest(of: message, by: function))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.digest(of: message, by: function)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.authenticationCode`.
    @inline(__always)
    public func authenticationCode(of message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8] {
        let call = interceptors.call(
            CryptoEffectsOperations.authenticationCode,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("message", message), EffectArgument("key", key)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.authenticationCode(of: message, key: key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.authenticationCode(of: message, key: key)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.isValidAuthenticationCode`.
    @inline(__always)
    public func isValidAuthenticationCode(
        _ code: [UInt8],
        of message: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> Bool {
        let call = interceptors.call(
            CryptoEffectsOperations.isValidAuthenticationCode,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("code", code), EffectArgument("message", message), EffectArgument("key", key)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.isValidAuthenticationCode(code, of: message, key: key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.isValidAuthenticationCode(code, of: message, key: key)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.deriveKey`.
    @inline(__always)
    public func deriveKey(
        from key: KeyID,
        salt: [UInt8],
        info: [UInt8],
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        let call = interceptors.call(
            CryptoEffectsOperations.deriveKey,
            resource: key.effectResource,
            arguments: [
                EffectArgument("key", key),
                EffectArgument("salt", salt),
                EffectArgument("info", info),
                EffectArgument("algorithm", algorithm),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.deriveKey(from: key, salt: salt, info: info, as: algorithm))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.deriveKey(from: key, salt: salt, info: info, as: algorithm)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.deriveKeyFromPassword`.
    @inline(__always)
    public func deriveKey(
        fromPassword password: Secret<[UInt8]>,
        parameters: PasswordDerivation,
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        let call = interceptors.call(
            CryptoEffectsOperations.deriveKeyFromPassword,
            resource: algorithm.effectResource,
            arguments: [
                EffectArgument("password", password),
                EffectArgument("parameters", parameters),
                EffectArgument("algorithm", algorithm),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.deriveKey(fromPassword: password, parameters: parameters, as: algorithm))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.deriveKey(fromPassword: password, parameters: parameters, as: algorithm)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.seal`.
    @inline(__always)
    public func seal(
        _ plaintext: [UInt8],
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> SealedBox {
        let call = interceptors.call(
            CryptoEffectsOperations.seal,
            resource: key.effectResource,
            arguments: [
                EffectArgument("plaintext", plaintext),
                EffectArgument("associatedData", associatedData),
                EffectArgument("key", key),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.seal(plaintext, authenticating: associatedData, key: key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.seal(plaintext, authenticating: associatedData, key: key)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.open`.
    @inline(__always)
    public func open(
        _ box: SealedBox,
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> [UInt8] {
        let call = interceptors.call(
            CryptoEffectsOperations.open,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("box", box),
                EffectArgument("associatedData", associatedData),
                EffectArgument("key", key),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.open(box, authenticating: associatedData, key: key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.open(box, authenticating: associatedData, key: key)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.sign`.
    @inline(__always)
    public func sign(_ message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8] {
        let call = interceptors.call(
            CryptoEffectsOperations.sign,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("message", message), EffectArgument("key", key)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.sign(message, key: key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.sign(message, key: key)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.isValidSignature`.
    @inline(__always)
    public func isValidSignature(
        _ signature: [UInt8],
        of message: [UInt8],
        publicKey: [UInt8],
        algorithm: KeyAlgorithm
    ) async throws(EffectError) -> Bool {
        let call = interceptors.call(
            CryptoEffectsOperations.isValidSignature,
            resource: algorithm.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("signature", signature),
                EffectArgument("message", message),
                EffectArgument("publicKey", publicKey),
                EffectArgument("algorithm", algorithm),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(
                    try await base.isValidSignature(signature, of: message, publicKey: publicKey, algorithm: algorithm)
                )
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.isValidSignature(
                signature,
                of: message,
                publicKey: publicKey,
                algorithm: algorithm
            )
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `crypto.agreeKey`.
    @inline(__always)
    public func agreeKey(_ key: KeyID, with publicKey: [UInt8]) async throws(EffectError) -> KeyID {
        let call = interceptors.call(
            CryptoEffectsOperations.agreeKey,
            resource: key.effectResource,
            arguments: [EffectArgument("key", key), EffectArgument("publicKey", publicKey)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.agreeKey(key, with: publicKey))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.agreeKey(key, with: publicKey)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``CryptoEffects`` handler that fails by name.
public struct UnimplementedCryptoEffects: CryptoEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func generateKey(_ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        throw .unimplemented("crypto", "generateKey")
    }

    /// Fails.
    public func importKey(_ secret: Secret<[UInt8]>, as algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        throw .unimplemented("crypto", "importKey")
    }

    /// Fails.
    public func deleteKey(_ key: KeyID) async throws(EffectError) {
        throw .unimplemented("crypto", "deleteKey")
    }

    /// Fails.
    public func publicKey(of key: KeyID) async throws(EffectError) -> [UInt8] {
        throw .unimplemented("crypto", "publicKey")
    }

    /// Fails.
    public func wrapKey(
        _ key: KeyID,
        under wrappingKey: KeyID,
        authenticating associatedData: [UInt8]
    ) async throws(EffectError) -> SealedBox {
        throw .unimplemented("crypto", "wrapKey")
    }

    /// Fails.
    public func unwrapKey(
        _ box: SealedBox,
        as algorithm: KeyAlgorithm,
        under wrappingKey: KeyID,
        authenticating associatedData: [UInt8]
    ) async throws(EffectError) -> KeyID {
        throw .unimplemented("crypto", "unwrapKey")
    }

    /// Fails.
    public func digest(of message: [UInt8], by function: HashFunction) async throws(EffectError) -> [UInt8] {
        throw .unimplemented("crypto", "digest")
    }

    /// Fails.
    public func authenticationCode(of message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8] {
        throw .unimplemented("crypto", "authenticationCode")
    }

    /// Fails.
    public func isValidAuthenticationCode(
        _ code: [UInt8],
        of message: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> Bool {
        throw .unimplemented("crypto", "isValidAuthenticationCode")
    }

    /// Fails.
    public func deriveKey(
        from key: KeyID,
        salt: [UInt8],
        info: [UInt8],
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        throw .unimplemented("crypto", "deriveKey")
    }

    /// Fails.
    public func deriveKey(
        fromPassword password: Secret<[UInt8]>,
        parameters: PasswordDerivation,
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        throw .unimplemented("crypto", "deriveKeyFromPassword")
    }

    /// Fails.
    public func seal(
        _ plaintext: [UInt8],
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> SealedBox {
        throw .unimplemented("crypto", "seal")
    }

    /// Fails.
    public func open(
        _ box: SealedBox,
        authenticating associatedData: [UInt8],
        key: KeyID
    ) async throws(EffectError) -> [UInt8] {
        throw .unimplemented("crypto", "open")
    }

    /// Fails.
    public func sign(_ message: [UInt8], key: KeyID) async throws(EffectError) -> [UInt8] {
        throw .unimplemented("crypto", "sign")
    }

    /// Fails.
    public func isValidSignature(
        _ signature: [UInt8],
        of message: [UInt8],
        publicKey: [UInt8],
        algorithm: KeyAlgorithm
    ) async throws(EffectError) -> Bool {
        throw .unimplemented("crypto", "isValidSignature")
    }

    /// Fails.
    public func agreeKey(_ key: KeyID, with publicKey: [UInt8]) async throws(EffectError) -> KeyID {
        throw .unimplemented("crypto", "agreeKey")
    }
}
