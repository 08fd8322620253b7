package import AuraEffects

extension PolicySettings {
    /// A part of an operation's policy as `profile explain` shows it.
    package struct Line: Sendable, Hashable {
        /// The part's key in profiles, such as `attemptTimeout`.
        package var key: String
        /// What it says.
        package var value: String
        /// Where that stands; `nil` where it comes from code.
        package var place: SettingPlace?

        /// The line in JSON.
        package var json: JSONValue {
            ["key": .string(key), "value": .string(value), "place": place?.json ?? .null]
        }
    }

    /// What an operation's policy says, in the order in which calls pass its parts; empty where it has none.
    package func lines(for operation: EffectOperation) -> [Line] {
        let policy = policy(for: operation)
        return PolicyPart.allCases.compactMap { part in
            guard let value = policy.description(of: part, for: operation) else { return nil }
            let owner = owner(of: part, for: operation)
            let isShared = owner.isOwn || (part != .concurrency && part != .breaker)
            return Line(
                key: part.rawValue,
                value: isShared ? value : "\(value); shared by the handler's operations",
                place: owner.layer.places[part]
            )
        }
    }

    /// The layer that decides about a part, and whether it is the operation's own.
    private func owner(of part: PolicyPart, for operation: EffectOperation) -> (layer: Layer, isOwn: Bool) {
        if let own = operations[operation.key], own.policy.sets(part) { return (own, true) }
        if let effect = effects[operation.effect], effect.policy.sets(part) { return (effect, false) }
        return (standard, false)
    }
}

extension EffectPolicy {
    /// Whether it says anything about a part, so that a refinement takes that in the place of what it refines.
    func sets(_ part: PolicyPart) -> Bool {
        switch part {
        case .deadline: !deadlinePart.isInherited
        case .retry: !retryPart.isInherited
        case .concurrency: !concurrencyPart.isInherited
        case .breaker: !breakerPart.isInherited
        case .attemptTimeout: !attemptTimeoutPart.isInherited
        }
    }

    fileprivate func description(of part: PolicyPart, for operation: EffectOperation) -> String? {
        switch part {
        case .deadline: deadline?.spelled
        case .retry: retry.flatMap { $0.isNone ? nil : $0.description(for: operation) }
        case .concurrency: concurrency.map { "\($0.limit) at once, \($0.queue) waiting" }
        case .breaker: breaker?.description
        case .attemptTimeout: attemptTimeout?.spelled
        }
    }
}

extension RetryPolicy {
    fileprivate func description(for operation: EffectOperation) -> String {
        switch operation.idempotency {
        case .always: description
        case .dependsOnArguments: "\(description); only calls idempotent by their arguments, others once throttled"
        case .never: "never, since the operation is not idempotent"
        }
    }
}

extension CircuitBreakerPolicy: CustomStringConvertible {
    /// When it opens and for how long.
    public var description: String {
        "opens for \(openFor.spelled) when \(failureRate) of at least \(minimumCalls) calls in \(window.spelled) fail"
    }
}
