/// The last answers of one server, of which the one that was shortest under way is the best.
///
/// Source: RFC 5905, section 10.
struct NTPFilter: Sendable {
    /// How many answers are kept (NSTAGE of RFC 5905, section 7.2).
    private static let mostSamples = 8
    /// With fewer answers that agree a server is not listened to: a single one may be a slip.
    static let fewestSamples = 3
    /// What a server's clock may move by without contradicting itself, in nanoseconds: it is corrected too.
    private static let tolerance: Int64 = 10_000_000

    private(set) var samples: [NTPSample] = []

    /// The answer that was shortest under way; the latest of several.
    var best: NTPSample? {
        samples.reversed().min { $0.delay < $1.delay }
    }

    /// The last answer.
    var last: NTPSample? { samples.last }

    /// Whether the server has said the same often enough.
    var isSettled: Bool { samples.count >= Self.fewestSamples }

    /// How much the answers differ from the best one: the root of the mean square, in nanoseconds.
    var jitter: Int64 {
        guard let best, samples.count > 1 else { return 1000 }
        let squares = samples.reduce(0.0) { sum, sample in
            let difference = Double(sample.offset - best.offset)
            return sum + difference * difference
        }
        return max(1000, Int64((squares / Double(samples.count - 1)).squareRoot()))
    }

    /// Takes an answer; where it contradicts the earlier ones, those are forgotten.
    ///
    /// - Returns: Whether it contradicts them: the server's clock has jumped.
    mutating func add(_ sample: NTPSample) -> Bool {
        let isContradiction = best.map { contradicts(sample, $0) } ?? false
        if isContradiction { samples = [] }
        if samples.count == Self.mostSamples { samples.removeFirst() }
        samples.append(sample)
        return isContradiction
    }

    /// Forgets all answers.
    mutating func clear() {
        samples = []
    }

    private func contradicts(_ sample: NTPSample, _ earlier: NTPSample) -> Bool {
        // Where a way takes all of the delay, the offset is half of that off.
        let asymmetry = sample.delay / 2 + earlier.delay / 2
        let dispersion = sample.dispersion + earlier.dispersion(at: sample.received)
        return abs(sample.offset - earlier.offset) > asymmetry + dispersion + Self.tolerance
    }
}
