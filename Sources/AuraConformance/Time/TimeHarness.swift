public import AuraEffects

/// Makes the clocks that ``TimeLaw``s are checked on.
public protocol TimeHarness: ConformanceHarness where Handler == any TimeEffects {
    /// Lets time pass on a clock: advances a manual one; a real one needs nothing done.
    ///
    /// - Parameters:
    ///   - duration: How much.
    ///   - time: A handler of this harness.
    /// - Throws: Any error, which fails the law.
    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws
}
