internal import AuraEffects

/// What a profile is checked by, besides the handlers that are linked.
struct AssemblyTerms: Sendable {
    var needs: EffectNeeds
    var layers: [InterceptionLayer]
    var policy: PolicySettings
    var variables: [String: String]
    var machine: MachineLimits
    /// The secrets of services that were fetched.
    var secrets: [SecretReference: Secret<String>] = [:]
}
