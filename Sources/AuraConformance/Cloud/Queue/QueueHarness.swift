public import AuraEffects

/// Makes the queues that ``QueueLaw``s are checked on.
public protocol QueueHarness: ConformanceHarness where Handler == any MessageQueueEffects {}

/// A property that every handler of a queue must have.
public typealias QueueLaw = Law<any MessageQueueEffects>

extension Law where Handler == any MessageQueueEffects {
    /// Every law of queues.
    public static var all: [QueueLaw] {
        sending + receiving + receipts + deadLetters + delays + groups + names + cancellation
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any MessageQueueEffects>) -> [QueueLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
