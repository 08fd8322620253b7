#if AWS
internal import AuraEffects
internal import AuraRuntime

/// The pauses of a batch of which DynamoDB left something out, as it does where it is short of throughput.
struct BatchPause {
    private let handler: DynamoDBKeyValueHandler
    private let operation: String
    private var fruitless = 0
    private var bound = Duration.milliseconds(50)

    init(_ handler: DynamoDBKeyValueHandler, _ operation: String) {
        self.handler = handler
        self.operation = operation
    }

    /// Waits a random time below a bound that doubles, up to 5 s.
    ///
    /// - Parameter hasProgressed: Whether the last request did something.
    /// - Throws: `throttled` once as many requests did nothing as a request is tried.
    mutating func wait(hasProgressed: Bool) async throws(EffectError) {
        fruitless = hasProgressed ? 0 : fruitless + 1
        guard fruitless < handler.attemptsOfParts else {
            let message =
                "DynamoDB left the rest of a batch out, again and again: try it later, or raise the table's throughput."
            throw handler.errors.error(.throttled, in: operation, message, outcome: .unknown)
        }
        var generator = handler.random.generator
        let share = Double.random(in: 0...1, using: &generator)
        try await handler.time.sleep(for: bound * share)
        bound = min(bound * 2, .seconds(5))
    }
}
#endif
