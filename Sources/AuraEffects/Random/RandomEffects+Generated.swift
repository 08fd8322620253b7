// Generated from RandomEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``RandomEffects``.
public enum RandomEffectsOperations {
    /// `random.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "random",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `random.nextUInt64`.
    public static let nextUInt64 = EffectOperation(effect: "random", name: "nextUInt64", index: 1, kind: .synchronous)
    /// `random.bytes`.
    public static let bytes = EffectOperation(effect: "random", name: "bytes", index: 2, kind: .synchronous)
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, nextUInt64, bytes]
}

/// A ``RandomEffects`` handler with interceptors around every operation.
public struct InterceptedRandomEffects: RandomEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any RandomEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any RandomEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `random.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(RandomEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `random.nextUInt64`.
    public func nextUInt64() -> UInt64 {
        interceptors.synchronous(interceptors.call(RandomEffectsOperations.nextUInt64), base.nextUInt64())
    }

    /// `random.bytes`.
    public func bytes(_ count: Int) -> [UInt8] {
        interceptors.synchronous(
            interceptors.call(RandomEffectsOperations.bytes, arguments: [EffectArgument("count", count)]),
            base.bytes(count)
        )
    }
}

/// A ``RandomEffects`` handler that fails by name.
public struct UnimplementedRandomEffects: RandomEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func nextUInt64() -> UInt64 {
        RandomEffectsOperations.nextUInt64.unimplemented()
    }

    /// Fails.
    public func bytes(_ count: Int) -> [UInt8] {
        RandomEffectsOperations.bytes.unimplemented()
    }
}
