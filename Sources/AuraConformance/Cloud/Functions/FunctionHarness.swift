public import AuraEffects

/// Makes the handlers that ``FunctionLaw``s are checked on, with three functions that the service runs.
public protocol FunctionHarness: ConformanceHarness where Handler == any FunctionEffects {
    /// A function that answers with its payload.
    var echo: FunctionName { get }

    /// A function that fails, and says its payload as text.
    var failing: FunctionName { get }

    /// A function that notes its payload, and answers with nothing.
    var noting: FunctionName { get }

    /// What was noted so far.
    func noted() async throws -> [[UInt8]]
}

/// A property that every handler of functions must have.
public typealias FunctionLaw = Law<any FunctionEffects>

extension Law where Handler == any FunctionEffects {
    /// Every law of functions.
    public static var all: [FunctionLaw] {
        calls + asyncCalls
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any FunctionEffects>) -> [FunctionLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
