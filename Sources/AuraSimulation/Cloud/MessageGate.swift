internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

extension CloudGate {
    /// How many messages a new one overtakes.
    func drawOvertaking(_ order: MessageOrder, of count: Int) -> Int {
        draw { conditions, generator, counters in
            guard order == .standard, count > 0, generator.happens(conditions.reordered) else { return 0 }
            counters.reordered += 1
            return Int.random(in: 1...min(count, 8), using: &generator)
        }
    }

    /// After how long a message that is delivered to a receiver is delivered to others too; `nil` for not at all.
    ///
    /// - Parameters:
    ///   - visibility: How long the receiver has it.
    ///   - isHeld: Whether another receiver has it already.
    /// - Returns: The duration, below `visibility`.
    func drawRedelivery(within visibility: Duration, isHeld: Bool) -> Duration? {
        draw { conditions, generator, counters -> Duration? in
            if isHeld { counters.redelivered += 1 }
            guard generator.happens(conditions.redelivered) else { return nil }
            // Often at once, while the first receiver is at work.
            let latest = generator.happens(0.5) ? min(visibility, .milliseconds(100)) : visibility
            return .drawn(below: latest, &generator)
        }
    }

    /// Waits for messages in the service.
    ///
    /// - Parameters:
    ///   - wait: How long to wait.
    ///   - changes: What wakes the wait.
    ///   - operation: The operation's name.
    ///   - take: Takes messages; where there are none it says when one that is hidden now is not any more.
    /// - Returns: The messages; none where there was none in time.
    /// - Throws: ``EffectError``.
    func messages(
        within wait: Duration,
        _ changes: ChangeSignal,
        in operation: String,
        take: (MonotonicInstant) throws(EffectError) -> (messages: [ReceivedMessage], nextVisible: MonotonicInstant?)
    ) async throws(EffectError) -> [ReceivedMessage] {
        try await MessageWait(time: cloud.time, changes: changes, errors: errors)
            .messages(within: wait, in: operation, take: take)
    }

    /// The error of a receipt that gives no right any more.
    func receiptIsOver(in operation: String) -> EffectError { errors.receiptIsOver(in: operation) }
}
