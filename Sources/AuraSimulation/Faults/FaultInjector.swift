public import AuraEffects

/// What the faults of a ``FaultPlan`` are done to.
public protocol FaultTarget: Sendable {
    /// Lets a fault begin, or happen where it lasts no time.
    ///
    /// It should return soon: what comes later in the plan waits for it.
    ///
    /// - Parameter fault: The fault, which no other fault of the plan equals.
    /// - Throws: Any error, which ends the plan.
    func apply(_ fault: PlannedFault) async throws

    /// Ends a fault that lasted.
    ///
    /// - Parameter fault: A fault that was applied.
    /// - Throws: Any error, which ends the plan.
    func revert(_ fault: PlannedFault) async throws
}

/// Lets the faults of a plan begin and end in their time.
public enum FaultInjector {
    /// Carries a plan out, and returns when the last fault that ends is over.
    ///
    /// At one moment faults end before others begin, and otherwise everything happens in the order of the plan.
    ///
    /// - Parameters:
    ///   - plan: The plan, which begins now.
    ///   - target: What the faults are done to.
    ///   - time: The world's time.
    /// - Throws: What the target throws; ``EffectError`` with `cancelled` where the task is cancelled, and then what is under
    ///   way stays.
    public static func run(_ plan: FaultPlan, on target: some FaultTarget, time: any TimeEffects) async throws {
        let start = time.monotonicNow
        for step in steps(of: plan) {
            try await time.sleep(until: start.advanced(by: step.moment))
            switch step.change {
            case .begin: try await target.apply(step.fault)
            case .end: try await target.revert(step.fault)
            }
        }
    }

    private struct Step {
        enum Change: Int {
            case end
            case begin
        }

        var moment: Duration
        var change: Change
        var number: Int
        var fault: PlannedFault
    }

    private static func steps(of plan: FaultPlan) -> [Step] {
        var steps: [Step] = []
        for (number, fault) in plan.faults.enumerated() {
            // What is over before it begins does nothing.
            guard fault.fault.kind.happensOnce || fault.end != fault.begin else { continue }
            steps.append(Step(moment: fault.begin, change: .begin, number: number, fault: fault))
            if let end = fault.end, !fault.fault.kind.happensOnce {
                steps.append(Step(moment: end, change: .end, number: number, fault: fault))
            }
        }
        return steps.sorted {
            ($0.moment, $0.change.rawValue, $0.number) < ($1.moment, $1.change.rawValue, $1.number)
        }
    }
}
