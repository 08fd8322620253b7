public import AuraEffects

/// Makes the handlers that ``TopicLaw``s are checked on.
///
/// What laws create has names that begin with `law-`: a harness on a service that is shared removes what they leave.
public protocol TopicHarness: ConformanceHarness where Handler == any PubSubEffects {}

/// A harness with addresses that a service pushes messages to.
public protocol PushReceivingHarness: TopicHarness {
    /// Makes an address that notes what it takes.
    ///
    /// - Parameter refusals: How often it refuses each message before it takes it.
    /// - Returns: The address.
    /// - Throws: Any error, which fails the law.
    func makeAddress(refusing refusals: Int) async throws -> String

    /// What an address has taken so far, in the order of its coming.
    func taken(at address: String) async throws -> [TopicMessage]
}

/// A property that every handler of topics must have.
public typealias TopicLaw = Law<any PubSubEffects>

extension Law where Handler == any PubSubEffects {
    /// Every law of topics.
    public static var all: [TopicLaw] {
        topics + publishing + delivering + pushing + cancellation
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any PubSubEffects>) -> [TopicLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
