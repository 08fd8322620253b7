// Generated from KeyEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``KeyEffects``.
public enum KeyEffectsOperations {
    /// `keys.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "keys",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `keys.createKey`.
    public static let createKey = EffectOperation(effect: "keys", name: "createKey", index: 1, resource: "name")
    /// `keys.rotateKey`.
    public static let rotateKey = EffectOperation(effect: "keys", name: "rotateKey", index: 2, resource: "name")
    /// `keys.key`.
    public static let key = EffectOperation(
        effect: "keys",
        name: "key",
        index: 3,
        idempotency: .always,
        resource: "name"
    )
    /// `keys.keys`.
    public static let keys = EffectOperation(effect: "keys", name: "keys", index: 4, idempotency: .always)
    /// `keys.deviceKey`.
    public static let deviceKey = EffectOperation(
        effect: "keys",
        name: "deviceKey",
        index: 5,
        idempotency: .always,
        resource: "device"
    )
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, createKey, rotateKey, key, keys, deviceKey]
}

/// A ``KeyEffects`` handler with interceptors around every operation.
public struct InterceptedKeyEffects: KeyEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any KeyEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any KeyEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `keys.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(KeyEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `keys.createKey`.
    @inline(__always)
    public func createKey(_ name: KeyName, _ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyVersion {
        let call = interceptors.call(
            KeyEffectsOperations.createKey,
            resource: name.effectResource,
            arguments: [EffectArgument("name", name), EffectArgument("algorithm", algorithm)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.createKey(name, algorithm))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.createKey(name, algorithm)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `keys.rotateKey`.
    @inline(__always)
    public func rotateKey(_ name: KeyName) async throws(EffectError) -> KeyVersion {
        let call = interceptors.call(
            KeyEffectsOperations.rotateKey,
            resource: name.effectResource,
            arguments: [EffectArgument("name", name)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.rotateKey(name))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.rotateKey(name)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `keys.key`.
    @inline(__always)
    public func key(_ name: KeyName, version: Int?) async throws(EffectError) -> KeyVersion {
        let call = interceptors.call(
            KeyEffectsOperations.key,
            resource: name.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("name", name), EffectArgument("version", version)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.key(name, version: version))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.key(name, version: version)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `keys.keys`.
    @inline(__always)
    public func keys() async throws(EffectError) -> [KeyVersion] {
        let call = interceptors.call(KeyEffectsOperations.keys, isIdempotent: true)
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.keys())
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.keys()
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `keys.deviceKey`.
    @inline(__always)
    public func deviceKey(
        _ device: String,
        salt: [UInt8],
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        let call = interceptors.call(
            KeyEffectsOperations.deviceKey,
            resource: device.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("device", device),
                EffectArgument("salt", salt),
                EffectArgument("algorithm", algorithm),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.deviceKey(device, salt: salt, as: algorithm))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.deviceKey(device, salt: salt, as: algorithm)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``KeyEffects`` handler that fails by name.
public struct UnimplementedKeyEffects: KeyEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func createKey(_ name: KeyName, _ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyVersion {
        throw .unimplemented("keys", "createKey")
    }

    /// Fails.
    public func rotateKey(_ name: KeyName) async throws(EffectError) -> KeyVersion {
        throw .unimplemented("keys", "rotateKey")
    }

    /// Fails.
    public func key(_ name: KeyName, version: Int?) async throws(EffectError) -> KeyVersion {
        throw .unimplemented("keys", "key")
    }

    /// Fails.
    public func keys() async throws(EffectError) -> [KeyVersion] {
        throw .unimplemented("keys", "keys")
    }

    /// Fails.
    public func deviceKey(
        _ device: String,
        salt: [UInt8],
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        throw .unimplemented("keys", "deviceKey")
    }
}
