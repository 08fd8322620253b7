public import AuraEffects

/// A property that every network must have.
public typealias NetworkLaw = Law<[any NetworkEffects]>

extension Law where Handler == [any NetworkEffects] {
    /// Every law of the network.
    public static var all: [NetworkLaw] {
        messages + requests + buffers + refusals + cancellation + disconnections + observers + stopping
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<[any NetworkEffects]>) -> [NetworkLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
