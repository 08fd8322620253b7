#if Generator
/// What was read from an effect protocol: all that the generated declarations are written from.
struct EffectProtocol {
    /// The protocol's name, such as `StorageEffects`.
    var name: String

    /// The effect's name, such as `storage`.
    var effect: String

    /// The access level of the generated types with a space after it; empty for `internal`.
    var access: String

    /// The access level of their members with a space after it.
    var memberAccess: String

    /// The protocol's `@available` attributes, which the generated types share.
    var availability: [String]

    /// Whether handlers are classes, so that the generated ones have to be.
    var isClassBound: Bool

    /// The operations in the order of the protocol; `capabilities` first where the protocol is an `EffectHandler`.
    var operations: [EffectRequirement]

    /// The name of the operation catalogue.
    var catalogueName: String { "\(name)Operations" }
}

/// One requirement of an effect protocol.
struct EffectRequirement {
    /// How a requirement answers.
    enum Form {
        /// A get-only property.
        case property
        /// A method that neither waits nor fails.
        case synchronous
        /// A method that is `async throws(EffectError)`.
        case call
        /// A method that is `async throws`, with errors of any type.
        case foreignCall
    }

    /// When a repeated call has the effect of a single one.
    enum Idempotency {
        case never
        case always
        /// Where this expression of the parameters is true.
        case when(String)
    }

    /// A parameter of a method.
    struct Parameter {
        /// The name at the call with a colon; `nil` for `_`.
        var label: String?
        /// The name in the protocol, without backticks: what the attribute and interceptors call it.
        var name: String
        /// The name in the generated method.
        var local: String
        /// The type as the protocol spells it.
        var type: String

        /// The parameter in the generated method's signature.
        var declaration: String {
            guard let label else { return "_ \(local): \(type)" }
            return label == local ? "\(local): \(type)" : "\(label) \(local): \(type)"
        }

        /// The parameter passed on.
        var argument: String { label.map { "\($0): \(local)" } ?? local }
    }

    /// The property's or method's name as the protocol spells it.
    var swiftName: String

    /// The operation's name in the catalogue, without backticks.
    var operation: String

    /// How it answers.
    var form: Form

    /// Attributes and modifiers that the generated methods share, a line each.
    var attributes: [String] = []

    /// The method's parameters.
    var parameters: [Parameter] = []

    /// The type of the answer; `nil` where there is none.
    var result: String?

    /// When a repeated call has the effect of a single one.
    var idempotency = Idempotency.never
    /// Where the arguments serve for another attempt; `nil` for always.
    var repeatable: String?

    /// The parameter that names what a call is about.
    var resource: Parameter?

    /// What every `EffectHandler` has.
    static let capabilities = EffectRequirement(
        swiftName: "capabilities",
        operation: "capabilities",
        form: .property,
        result: "Capabilities",
        idempotency: .always
    )
}
#endif
