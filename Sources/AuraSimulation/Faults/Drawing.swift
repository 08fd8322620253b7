internal import AuraEffects
internal import AuraMemory

extension SplitMix64 {
    /// Whether something of a probability happens; what never happens draws nothing.
    mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &self) < probability
    }
}

extension Duration {
    /// A duration from zero to just below another; zero where that is not above it, and then nothing is drawn.
    static func drawn(below limit: Duration, _ generator: inout SplitMix64) -> Duration {
        let nanoseconds = limit.nanoseconds
        return nanoseconds > 0 ? .nanoseconds(Int64.random(in: 0..<nanoseconds, using: &generator)) : .zero
    }
}
