public import AuraEffects

/// What ``KeyLaw``s are checked on: kept keys, and the handler that their handles belong to.
public struct KeyHolding: Sendable {
    /// The handler that keeps keys.
    public var keys: any KeyEffects
    /// The crypto handler that uses them.
    public var crypto: any CryptoEffects

    /// Creates the pair.
    public init(keys: any KeyEffects, crypto: any CryptoEffects) {
        self.keys = keys
        self.crypto = crypto
    }
}

/// Makes the handlers that ``KeyLaw``s are checked on.
public protocol KeyHarness: ConformanceHarness where Handler == KeyHolding {}
