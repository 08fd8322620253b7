public import AuraEffects

/// Makes the sources that ``RandomLaw``s are checked on.
public protocol RandomHarness: ConformanceHarness where Handler == any RandomEffects {}

/// A harness of a seeded source.
public protocol ReseedingHarness: RandomHarness {
    /// Makes a source from a seed.
    ///
    /// - Parameter seed: The seed.
    /// - Returns: The source.
    /// - Throws: Any error, which fails the law.
    func make(seed: UInt64) async throws -> any RandomEffects
}
