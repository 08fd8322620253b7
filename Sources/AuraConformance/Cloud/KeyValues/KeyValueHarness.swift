public import AuraEffects

/// Makes the tables that ``KeyValueLaw``s are checked on.
public protocol KeyValueHarness: ConformanceHarness where Handler == any KeyValueEffects {}

/// A property that every handler of key-values must have.
public typealias KeyValueLaw = Law<any KeyValueEffects>

extension Law where Handler == any KeyValueEffects {
    /// Every law of key-values.
    public static var all: [KeyValueLaw] {
        values + keys + preconditions + reading + queries + transactions + expiry + cancellation
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any KeyValueEffects>) -> [KeyValueLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
