public import AuraEffects

/// Makes the handlers that ``HTTPLaw``s are checked on, with a server that they reach.
public protocol HTTPHarness: ConformanceHarness where Handler == any HTTPEffects {
    /// Where a server with the routes of ``HTTPLawServer`` is reached; they are below its path.
    var server: HTTPURL { get }

    /// An address at which no server answers.
    var nobody: HTTPURL { get }
}

/// A property that every handler of HTTP must have.
public typealias HTTPLaw = Law<any HTTPEffects>

extension Law where Handler == any HTTPEffects {
    /// Every law of HTTP.
    public static var all: [HTTPLaw] {
        messages + bodies + brokenExchanges + cancellations + refusals
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any HTTPEffects>) -> [HTTPLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
