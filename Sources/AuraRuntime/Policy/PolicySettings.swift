public import AuraEffects

/// The policies of an effect system: one for all, refined for effects and for single operations.
///
/// ```swift
/// let settings = PolicySettings(EffectPolicy().deadline(.seconds(60)).retry(.exponential(attempts: 5)))
///     .refined("storage", by: EffectPolicy().attemptTimeout(.seconds(5)))
///     .refined(StorageEffectsOperations.list, by: EffectPolicy().retry(.none))
/// ```
///
/// Nothing applies to the effect `time`: a sleep ends when its caller says.
public struct PolicySettings: Sendable {
    /// What one place says, and where it stands.
    struct Layer: Sendable {
        var policy = EffectPolicy()
        /// Where the parts come from, by their keys; empty where they come from code.
        var places: [PolicyPart: SettingPlace] = [:]

        func refined(by other: Layer) -> Layer {
            Layer(policy: policy.refined(by: other.policy), places: places.merging(other.places) { $1 })
        }
    }

    var standard: Layer
    var effects: [String: Layer] = [:]
    /// By the operations' keys.
    var operations: [String: Layer] = [:]

    /// Creates settings.
    ///
    /// - Parameter policy: The policy of every operation.
    public init(_ policy: EffectPolicy = EffectPolicy()) {
        standard = Layer(policy: policy)
    }

    /// The settings with a refinement for an effect: its parts take the place of those of the policy for all.
    public func refined(_ effect: String, by policy: EffectPolicy) -> PolicySettings {
        var copy = self
        copy.effects[effect] = Layer(policy: policy)
        return copy
    }

    /// The settings with a refinement for an operation: its parts take the place of those of its effect's policy.
    ///
    /// A concurrency limit or a circuit breaker that it sets is for this operation alone.
    public func refined(_ operation: EffectOperation, by policy: EffectPolicy) -> PolicySettings {
        var copy = self
        copy.operations[operation.key] = Layer(policy: policy)
        return copy
    }

    /// The settings with the parts that others set, place by place, in the place of their own.
    func refined(by other: PolicySettings) -> PolicySettings {
        var copy = self
        copy.standard = standard.refined(by: other.standard)
        copy.effects.merge(other.effects) { $0.refined(by: $1) }
        copy.operations.merge(other.operations) { $0.refined(by: $1) }
        return copy
    }

    /// The policy of an operation: the one for all, refined by its effect's and by its own.
    public func policy(for operation: EffectOperation) -> EffectPolicy {
        guard Self.apply(to: operation) else { return EffectPolicy() }
        var policy = shared(by: operation.effect)
        if let own = operations[operation.key] { policy = policy.refined(by: own.policy) }
        return policy
    }

    /// Whether any of these operations has a policy: a handler without one needs no interceptor.
    public func apply(toAnyOf operations: [EffectOperation]) -> Bool {
        operations.contains { !policy(for: $0).isEmpty }
    }

    /// Whether an operation can have a policy at all.
    static func apply(to operation: EffectOperation) -> Bool {
        operation.kind == .call && operation.effect != TimeEffect.name
    }

    /// The policy of the operations of an effect that have no refinement.
    func shared(by effect: String) -> EffectPolicy {
        effects[effect].map { standard.policy.refined(by: $0.policy) } ?? standard.policy
    }
}

/// A part of a policy by its key in profiles, in the order in which calls pass them.
enum PolicyPart: String, CaseIterable {
    case deadline
    case retry
    case concurrency
    case breaker
    case attemptTimeout
}

extension PolicySettings {
    /// The policies of a handler's operations by their places in the catalogue, with what they share.
    func compiled(
        for target: EffectTarget,
        _ operations: [EffectOperation],
        _ observer: (any PolicyObserver)?
    ) -> [OperationPolicy?] {
        let shared = shared(by: target.effect)
        let name = target.instance.isEmpty ? target.effect : "\(target.effect).\(target.instance)"
        let limiter = shared.concurrency.map { ConcurrencyLimiter($0, name: name, of: target, observer) }
        let breaker = shared.breaker.map { CircuitBreaker($0, name: name, of: target, observer) }
        let budget = RetryBudget()
        var policies: [OperationPolicy?] = Array(repeating: nil, count: (operations.map(\.index).max() ?? -1) + 1)
        for operation in operations {
            let policy = policy(for: operation)
            if policy.isEmpty { continue }
            let own = self.operations[operation.key]?.policy ?? EffectPolicy()
            let ownName = "\(name).\(operation.name)"
            policies[operation.index] = OperationPolicy(
                policy,
                own.concurrencyPart.isInherited
                    ? limiter : own.concurrency.map { ConcurrencyLimiter($0, name: ownName, of: target, observer) },
                own.breakerPart.isInherited
                    ? breaker : own.breaker.map { CircuitBreaker($0, name: ownName, of: target, observer) },
                budget
            )
        }
        return policies
    }
}
