#if AWS
internal import AuraEffects

/// The operations of a service, as its reference names them.
protocol AWSOperation: RawRepresentable<String>, CaseIterable, Hashable {
    /// The service's name.
    static var service: String { get }
}

extension AWSOperation {
    /// The operation, for policies, metrics and spans.
    var effectOperation: EffectOperation {
        let index = Self.allCases.enumerated().first { $0.element == self }?.offset ?? 0
        return EffectOperation(
            effect: Self.service,
            name: rawValue,
            index: index,
            idempotency: .dependsOnArguments
        )
    }

    /// Every operation.
    static var catalogue: [EffectOperation] { allCases.map(\.effectOperation) }
}
#endif
