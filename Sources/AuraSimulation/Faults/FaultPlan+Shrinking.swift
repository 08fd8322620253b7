extension FaultPlan {
    /// Looks for a part of the plan under which a run still fails: one from which no single fault can be left out.
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
        FaultPlan(
            sorted: try await faults.minimized(maximumRuns: maximumRuns) { faults in
                try await stillFails(FaultPlan(sorted: faults))
            }
        )
    }
}
