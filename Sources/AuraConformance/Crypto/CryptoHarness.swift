public import AuraEffects

/// Makes the handlers that ``CryptoLaw``s are checked on.
public protocol CryptoHarness: ConformanceHarness where Handler == any CryptoEffects {
    /// A derivation from a password that the handler offers, with costs as low as it takes.
    var cheapDerivation: PasswordDerivation { get }
}
