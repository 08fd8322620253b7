// Generated from TimeEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``TimeEffects``.
public enum TimeEffectsOperations {
    /// `time.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "time",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `time.now`.
    public static let now = EffectOperation(effect: "time", name: "now", index: 1, kind: .synchronous)
    /// `time.monotonicNow`.
    public static let monotonicNow = EffectOperation(effect: "time", name: "monotonicNow", index: 2, kind: .synchronous)
    /// `time.sleep`.
    public static let sleep = EffectOperation(effect: "time", name: "sleep", index: 3, idempotency: .always)
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, now, monotonicNow, sleep]
}

/// A ``TimeEffects`` handler with interceptors around every operation.
public struct InterceptedTimeEffects: TimeEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any TimeEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any TimeEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `time.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(TimeEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `time.now`.
    public var now: WallTime {
        interceptors.synchronous(interceptors.call(TimeEffectsOperations.now), base.now)
    }

    /// `time.monotonicNow`.
    public var monotonicNow: MonotonicInstant {
        interceptors.synchronous(interceptors.call(TimeEffectsOperations.monotonicNow), base.monotonicNow)
    }

    /// `time.sleep`.
    @inline(__always)
    public func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        let call = interceptors.call(
            TimeEffectsOperations.sleep,
            isIdempotent: true,
            arguments: [EffectArgument("deadline", deadline)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.sleep(until: deadline))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.sleep(until: deadline)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``TimeEffects`` handler that fails by name.
public struct UnimplementedTimeEffects: TimeEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public var now: WallTime {
        TimeEffectsOperations.now.unimplemented()
    }

    /// Fails.
    public var monotonicNow: MonotonicInstant {
        TimeEffectsOperations.monotonicNow.unimplemented()
    }

    /// Fails.
    public func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        throw .unimplemented("time", "sleep")
    }
}
