/// Measures a row: one round to warm up, then rounds in which ours and the baseline take turns at going first, so that
/// what else the machine does falls on both.
package func measure(_ comparison: some Comparison, rounds: Int) async throws -> Result {
    report("\(comparison.name): preparing")
    try await comparison.prepare()
    let rounds = comparison.rounds(asked: rounds)
    var ours: [Double] = []
    var baseline: [Double] = []
    if comparison.warmsUp {
        report("\(comparison.name): warming up")
        _ = try await comparison.measureOurs()
        _ = try await comparison.measureBaseline()
    }
    for round in 1...rounds {
        let isOursFirst = !round.isMultiple(of: 2)
        if isOursFirst { ours.append(try await comparison.measureOurs()) }
        if let sample = try await comparison.measureBaseline() { baseline.append(sample) }
        if !isOursFirst { ours.append(try await comparison.measureOurs()) }
        let latest = baseline.last.map { ", baseline \(formatted($0))" } ?? ""
        report("\(comparison.name): round \(round) of \(rounds): ours \(formatted(ours[round - 1]))\(latest)")
    }
    try await comparison.finish()
    return Result(
        name: comparison.name,
        unit: comparison.unit,
        isHigherBetter: comparison.isHigherBetter,
        target: comparison.target,
        ours: median(of: ours),
        baseline: baseline.isEmpty ? nil : median(of: baseline)
    )
}

/// The middle value, or the mean of the two middle ones.
package func median(of samples: [Double]) -> Double {
    let sorted = samples.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}

/// How long `body` takes, in seconds.
package func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let elapsed = try await ContinuousClock().measure { try await body() }
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
}
