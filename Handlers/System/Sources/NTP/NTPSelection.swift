/// What one server says of the time.
struct NTPCandidate: Sendable, Hashable {
    /// Which server.
    var server: Int
    /// What has to be added to the monotonic clock, in nanoseconds.
    var offset: Int64
    /// How far the true time may lie from that to either side, in nanoseconds.
    var distance: Int64
    /// How much its answers differ, in nanoseconds.
    var jitter: Int64
    var stratum: UInt8 = 1

    var lowest: Int64 { offset - distance }
    var highest: Int64 { offset + distance }
}

/// Tells the servers that are right from those that are not, and makes one time of what the former say.
///
/// Source: RFC 5905, section 11.2.
struct NTPSelection: Sendable, Hashable {
    /// What the time is taken to be.
    struct Time: Sendable, Hashable {
        /// What has to be added to the monotonic clock, in nanoseconds.
        var offset: Int64
        /// How far the true time may lie from that to either side, in nanoseconds.
        var distance: Int64
    }

    /// The servers whose times agree.
    private(set) var truechimers: [Int] = []
    /// The servers whose times do not agree with those of the majority.
    private(set) var falsetickers: [Int] = []
    /// The truechimers of which the time is made, the best one first.
    private(set) var survivors: [Int] = []
    /// The time; `nil` without a majority.
    private(set) var time: Time?

    /// No more servers are left out than leave so many (NMIN of RFC 5905, section 7.2).
    private static let fewestSurvivors = 3
    /// What a stratum weighs against distance, in nanoseconds (MAXDIST of RFC 5905, section 7.2).
    private static let stratumWeight: Int64 = 1_500_000_000

    /// Selects.
    ///
    /// - Parameters:
    ///   - candidates: What the servers say that can be listened to.
    ///   - serverCount: How many servers there are, also those that are silent: more than half of them have to agree, so
    ///     that one that lies is not believed once the others are gone.
    init(_ candidates: [NTPCandidate], of serverCount: Int) {
        guard let agreed = Self.intersection(candidates) else { return }
        let agreeing = candidates.filter { $0.lowest <= agreed.upperBound && $0.highest >= agreed.lowerBound }
        guard agreeing.count * 2 > serverCount else { return }
        truechimers = agreeing.map(\.server)
        falsetickers = candidates.map(\.server).filter { !truechimers.contains($0) }
        let cluster = Self.cluster(agreeing)
        survivors = cluster.map(\.server)
        time = Self.combined(cluster, within: agreed)
    }

    /// The interval from the lowest to the highest moment that the most servers' intervals share, by Marzullo's algorithm.
    ///
    /// Unlike RFC 5905 it lets midpoints lie outside: over ways that take longer there than back those of right servers do.
    ///
    /// - Parameter candidates: What the servers say.
    /// - Returns: The interval; `nil` where no more than half share one.
    static func intersection(_ candidates: [NTPCandidate]) -> ClosedRange<Int64>? {
        let edges = (candidates.map { ($0.lowest, -1) } + candidates.map { ($0.highest, 1) }).sorted { $0 < $1 }
        var allowed = 0
        while allowed * 2 < candidates.count {
            let agreeing = candidates.count - allowed
            let low = scan(edges, sign: -1, until: agreeing)
            let high = scan(edges.reversed(), sign: 1, until: agreeing)
            if let low, let high, low <= high { return low...high }
            allowed += 1
        }
        return nil
    }

    /// Goes over the edges until so many intervals are entered.
    private static func scan(_ edges: some Sequence<(Int64, Int)>, sign: Int, until count: Int) -> Int64? {
        var entered = 0
        for (edge, kind) in edges {
            entered += kind * sign
            if entered >= count { return edge }
        }
        return nil
    }

    /// Leaves out, one by one, the server that differs the most from the others, while that is more than its own jitter.
    private static func cluster(_ candidates: [NTPCandidate]) -> [NTPCandidate] {
        var survivors = candidates.sorted { left, right in
            (metric(left), left.server) < (metric(right), right.server)
        }
        while survivors.count > fewestSurvivors {
            let differences = survivors.map { difference($0, from: survivors) }
            guard let worst = differences.indices.max(by: { differences[$0] < differences[$1] }) else { break }
            let leastJitter = survivors.map { Double($0.jitter) }.min() ?? 0
            if differences[worst] <= leastJitter { break }
            survivors.remove(at: worst)
        }
        return survivors
    }

    private static func metric(_ candidate: NTPCandidate) -> Int64 {
        Int64(candidate.stratum) * stratumWeight + candidate.distance
    }

    private static func difference(_ candidate: NTPCandidate, from others: [NTPCandidate]) -> Double {
        let squares = others.reduce(0.0) { sum, other in
            let difference = Double(other.offset - candidate.offset)
            return sum + difference * difference
        }
        return (squares / Double(others.count - 1)).squareRoot()
    }

    /// The mean of the survivors, each weighing the more the less far off it may be.
    ///
    /// Its distance reaches to both ends of what the majority shares: the true time lies between them.
    private static func combined(_ survivors: [NTPCandidate], within agreed: ClosedRange<Int64>) -> Time? {
        guard let best = survivors.first else { return nil }
        let weights = survivors.map { 1 / Double(max(1, $0.distance)) }
        let sum = zip(survivors, weights).reduce(0.0) { $0 + Double($1.0.offset - best.offset) * $1.1 }
        let shift = Int64(sum / weights.reduce(0, +))
        let offset = best.offset + shift
        let reach = max(agreed.upperBound - offset, offset - agreed.lowerBound)
        return Time(offset: offset, distance: max(best.distance + abs(shift), reach))
    }
}
