internal import AuraEffects

/// A trait of the package that brings handlers: what is missing where a known technology is not linked.
struct BackendTrait: Sendable {
    let name: String
    /// The names of its handlers in profiles, by family.
    let technologies: [String: [String]]

    static let all = [
        BackendTrait(name: "SQLite", technologies: [JournalEffect.name: ["sqlite"], StorageEffect.name: ["sqlite"]]),
        BackendTrait(
            name: "PostgreSQL",
            technologies: [JournalEffect.name: ["postgresql"], StorageEffect.name: ["postgresql"]]
        ),
        BackendTrait(name: "OpenSSL", technologies: [CryptoEffect.name: ["openssl"], RandomEffect.name: ["openssl"]]),
        BackendTrait(
            name: "AWS",
            technologies: [
                ObjectsEffect.name: ["s3"], KeyValuesEffect.name: ["dynamodb"], QueueEffect.name: ["sqs"],
                SecretsEffect.name: ["aws"], KeyWrappingEffect.name: ["kms"],
            ]
        ),
        BackendTrait(name: "TLSNetwork", technologies: [NetworkEffect.name: ["tls"]]),
        BackendTrait(name: "Curl", technologies: [HTTPEffect.name: ["curl"]]),
    ]

    /// The trait that brings a family's handler of a technology, where one is known to.
    static func bringing(_ technology: String, for effect: String) -> BackendTrait? {
        all.first { $0.technologies[effect]?.contains(technology) ?? false }
    }
}
