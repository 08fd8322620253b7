public import AuraEffects

/// Which calls fail on purpose, how, and how often.
///
/// In a profile:
///
/// ```yaml
/// faults:
///   seed: 7
///   operations:
///     storage.write: { rate: 0.1, error: unavailable, delay: 10ms }
///     journal.*: { rate: 0.01, error: deadlineExceeded, when: after }
///     network.request: { rate: 0.001, hang: true }
/// ```
public struct FaultSettings: Sendable, Hashable {
    /// What happens to a call that is chosen: first the delay, then the error or the hanging.
    public struct Fault: Sendable, Hashable {
        /// The share of calls that are chosen, from 0 to 1.
        public var rate: Double
        /// The error's code; `nil` for none.
        public var error: EffectError.Code?
        /// Whether the call is carried out before it fails: its outcome is `unknown` to the caller then.
        public var failsAfterwards: Bool
        /// How long the call waits before anything else happens.
        public var delay: Duration
        /// Whether the call is never answered, until its task is cancelled.
        public var hangs: Bool

        /// Creates a fault.
        public init(
            rate: Double,
            error: EffectError.Code? = nil,
            failsAfterwards: Bool = false,
            delay: Duration = .zero,
            hangs: Bool = false
        ) {
            self.rate = rate
            self.error = error
            self.failsAfterwards = failsAfterwards
            self.delay = delay
            self.hangs = hangs
        }
    }

    /// What the choice follows from: the same seed chooses the same calls.
    public var seed: UInt64

    /// The faults by the keys of operations (`storage.write`), of effects (`storage.*`), or of all operations (`*`).
    public var faults: [String: Fault]

    /// Creates settings.
    public init(seed: UInt64, faults: [String: Fault]) {
        self.seed = seed
        self.faults = faults
    }

    /// The fault of an operation: that of its own key, otherwise of its effect, otherwise of all.
    public func fault(of operation: EffectOperation) -> Fault? {
        faults[operation.key] ?? faults["\(operation.effect).*"] ?? faults["*"]
    }
}
