extension FaultPlan {
    /// Looks for a part of the plan under which a run still fails: one from which no single fault can be left out.
    ///
    /// It is the algorithm ddmin (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28,
    /// 2002): the faults are cut into parts, of which one alone or all but one are tried, in ever smaller parts.
    ///
    /// - Parameters:
    ///   - maximumRuns: How often `stillFails` is called at most; the best plan up to then is returned.
    ///   - stillFails: Whether a run under a plan fails as it did under this one.
    /// - Returns: The plan; empty where the run fails without any fault.
    /// - Throws: What `stillFails` throws.
    public func shrunk(
        maximumRuns: Int = 1000,
        _ stillFails: (FaultPlan) async throws -> Bool
    ) async rethrows -> FaultPlan {
        var runs = 1
        if try await stillFails(FaultPlan()) { return FaultPlan() }
        var kept = faults
        var count = 2
        search: while kept.count > 1 {
            let parts = kept.cut(into: count)
            let rests = parts.indices.map { left in
                Array(parts.enumerated().filter { $0.offset != left }.flatMap(\.element))
            }
            // With two parts the rest of one is the other.
            for (candidates, nextCount) in [(parts, 2), (count > 2 ? rests : [], max(count - 1, 2))] {
                for candidate in candidates {
                    guard runs < maximumRuns else { return FaultPlan(sorted: kept) }
                    runs += 1
                    if try await stillFails(FaultPlan(sorted: candidate)) {
                        (kept, count) = (candidate, nextCount)
                        continue search
                    }
                }
            }
            if count >= kept.count { break }
            count = min(2 * count, kept.count)
        }
        return FaultPlan(sorted: kept)
    }
}

extension [PlannedFault] {
    /// So many parts of about the same size.
    fileprivate func cut(into count: Int) -> [[PlannedFault]] {
        let count = Swift.min(count, self.count)
        return (0..<count).map { Array(self[$0 * self.count / count..<($0 + 1) * self.count / count]) }
    }
}
