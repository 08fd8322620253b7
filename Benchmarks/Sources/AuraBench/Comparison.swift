/// A row of a suite's table: the same work done by Aura and by a baseline.
protocol Comparison {
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
    var warmsUp: Bool { true }
    func rounds(asked: Int) -> Int { asked }
    func prepare() async throws {}
    func measureBaseline() async throws -> Double? { nil }
    func finish() async throws {}
}

/// What a row must reach.
enum Target {
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
struct Result {
    var name: String
    var unit: String
    var isHigherBetter: Bool
    var target: Target
    var ours: Double
    var baseline: Double?

    /// How many times better ours is than the baseline.
    var ratio: Double? {
        guard let baseline else { return nil }
        return isHigherBetter ? ours / baseline : baseline / ours
    }

    /// Whether the target is reached; `nil` where there is none.
    var isReached: Bool? {
        switch target {
        case .none: nil
        case .ratio(let least): ratio.map { $0 >= least }
        case .excess(let most): baseline.map { ours - $0 <= most }
        case .oursBelow(let limit): ours < limit
        case .oursAtLeast(let least): ours >= least
        }
    }
}
