/// A row of a suite's table: the same work done by Aura and by a baseline.
package protocol Comparison {
    var name: String { get }
    var unit: String { get }
    var isHigherBetter: Bool { get }
    var target: Target { get }

    /// Whether a first sample is thrown away.
    var warmsUp: Bool { get }

    /// How often the row is measured where `asked` rounds are asked for: more often where samples are short.
    func rounds(asked: Int) -> Int

    /// Does what belongs to no round, such as filling a journal that every round reads.
    func prepare() async throws

    /// One sample of ours.
    func measureOurs() async throws -> Double

    /// One sample of the baseline; `nil` where the row has none.
    func measureBaseline() async throws -> Double?

    /// Undoes what ``prepare()`` did.
    func finish() async throws
}

extension Comparison {
    package var warmsUp: Bool { true }
    package func rounds(asked: Int) -> Int { asked }
    package func prepare() async throws {}
    package func measureBaseline() async throws -> Double? { nil }
    package func finish() async throws {}
}

/// What a row must reach.
package enum Target {
    /// Nothing: the row informs.
    case none
    /// Ours is at least so many times as good as the baseline.
    case ratio(atLeast: Double)
    /// Ours exceeds the baseline by at most so much.
    case excess(atMost: Double)
    /// Ours stays below so much.
    case oursBelow(Double)
    /// Ours is at least so much.
    case oursAtLeast(Double)
}

/// A row's medians over its rounds.
package struct Result {
    package var name: String
    package var unit: String
    package var isHigherBetter: Bool
    package var target: Target
    package var ours: Double
    package var baseline: Double?

    /// How many times better ours is than the baseline.
    package var ratio: Double? {
        guard let baseline else { return nil }
        return isHigherBetter ? ours / baseline : baseline / ours
    }

    /// Whether the target is reached; `nil` where there is none.
    package var isReached: Bool? {
        switch target {
        case .none: nil
        case .ratio(let least): ratio.map { $0 >= least }
        case .excess(let most): baseline.map { ours - $0 <= most }
        case .oursBelow(let limit): ours < limit
        case .oursAtLeast(let least): ours >= least
        }
    }
}
