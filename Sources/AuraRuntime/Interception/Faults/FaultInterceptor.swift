public import AuraEffects
internal import Synchronization

/// Lets calls fail on purpose, chosen by a seed.
///
/// Whether an operation's first call is chosen, its second, and so on follows from the seed, the handler's effect and
/// instance, and the operation, and from nothing else: calls of other operations do not shift the choice. Put it innermost,
/// so that policies see its errors as the handler's. Operations that answer at once, such as a clock's, cannot fail.
public final class FaultInterceptor: Interceptor {
    /// `faults`.
    public let name = "faults"

    private struct Plan: Sendable {
        var fault: FaultSettings.Fault
        var chooser: FaultChooser
    }

    private let plans: [Plan?]
    private let time: any TimeEffects

    /// Creates the interceptor of one handler; `nil` where none of its operations has a fault.
    ///
    /// - Parameters:
    ///   - settings: Which calls fail.
    ///   - target: The handler.
    ///   - operations: The catalogue of the handler's effect.
    ///   - time: The clock of delays.
    public init?(
        _ settings: FaultSettings,
        of target: EffectTarget,
        operations: [EffectOperation],
        time: any TimeEffects
    ) {
        plans = operations.map { operation in
            guard let fault = settings.fault(of: operation), fault.rate > 0 else { return nil }
            let name = "\(operation.key)@\(target.instance)"
            return Plan(fault: fault, chooser: FaultChooser(seed: settings.seed, name: name, rate: fault.rate))
        }
        guard plans.contains(where: { $0 != nil }) else { return nil }
        self.time = time
    }

    /// Carries out the call, or lets it fail.
    public func intercept(
        _ call: EffectCall,
        _ next: EffectContinuation
    ) async throws(EffectError) -> EffectAnswer {
        let index = call.operation.index
        guard index < plans.count, let plan = plans[index], plan.chooser.choosesNext() else { return try await next() }
        let fault = plan.fault
        if fault.delay > .zero { try await time.sleep(for: fault.delay) }
        while fault.hangs { try await time.sleep(until: MonotonicInstant(nanoseconds: .max)) }
        guard let code = fault.error else { return try await next() }
        if fault.failsAfterwards { _ = try await next() }
        throw EffectError(
            code,
            "An injected fault: 'faults' in the profile asks for it.",
            effect: call.operation.effect,
            operation: call.operation.name,
            handler: name,
            outcome: fault.failsAfterwards ? .unknown : .notApplied
        )
    }
}

/// Chooses among the calls of one operation.
private final class FaultChooser: Sendable {
    private let seed: UInt64
    private let rate: Double
    private let callCount = Atomic<UInt64>(0)

    init(seed: UInt64, name: String, rate: Double) {
        self.seed = unsafe Array(name.utf8).withUnsafeBytes { unsafe XXHash64.hash($0, seed: seed) }
        self.rate = rate
    }

    func choosesNext() -> Bool {
        let number = callCount.wrappingAdd(1, ordering: .relaxed).oldValue
        // SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), whose n-th number needs no state.
        var word = seed &+ (number &+ 1) &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        word ^= word >> 31
        return Double(word >> 11) * 0x1p-53 < rate
    }
}
