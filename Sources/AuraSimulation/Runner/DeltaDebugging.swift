extension Array {
    /// Looks for a part of the elements that still fails: one from which no single element can be left out.
    ///
    /// It is the algorithm ddmin (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28,
    /// 2002): the elements are cut into parts, of which one alone or all but one are tried, in ever smaller parts.
    ///
    /// - Parameters:
    ///   - maximumRuns: How often `stillFails` is called at most; the best part up to then is returned.
    ///   - stillFails: Whether some of the elements, in their order, still fail.
    /// - Returns: The part; empty where nothing is needed for the failure.
    /// - Throws: What `stillFails` throws.
    func minimized(
        maximumRuns: Int,
        _ stillFails: ([Element]) async throws -> Bool
    ) async rethrows -> [Element] {
        var runs = 1
        if try await stillFails([]) { return [] }
        var kept = self
        var count = 2
        search: while kept.count > 1 {
            let parts = kept.cut(into: count)
            let rests = parts.indices.map { left in
                [Element](parts.enumerated().filter { $0.offset != left }.flatMap(\.element))
            }
            // With two parts the rest of one is the other.
            for (candidates, nextCount) in [(parts, 2), (count > 2 ? rests : [], Swift.max(count - 1, 2))] {
                for candidate in candidates {
                    guard runs < maximumRuns else { return kept }
                    runs += 1
                    if try await stillFails(candidate) {
                        (kept, count) = (candidate, nextCount)
                        continue search
                    }
                }
            }
            if count >= kept.count { break }
            count = Swift.min(2 * count, kept.count)
        }
        return kept
    }

    /// So many parts of about the same size.
    private func cut(into count: Int) -> [[Element]] {
        let count = Swift.min(count, self.count)
        return (0..<count).map { [Element](self[$0 * self.count / count..<($0 + 1) * self.count / count]) }
    }
}
