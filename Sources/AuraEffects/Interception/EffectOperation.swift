/// One operation of an effect: an element of the operation catalogue that is generated from an effect protocol.
///
/// Needs, policies and metrics name operations by their ``key``, such as `storage.read`.
public final class EffectOperation: Sendable {
    /// How an operation answers.
    public enum Kind: Sendable, Hashable {
        /// Asynchronously, once: what a policy applies to.
        case call
        /// At once, without failing: a clock, a random number, a sequence whose elements come later.
        case synchronous
    }

    /// When a repeated call has the effect of a single one.
    public enum Idempotency: Sendable, Hashable {
        /// Never: the operation is not repeated.
        case never
        /// With some arguments: each call says so.
        case dependsOnArguments
        /// Always.
        case always
    }

    /// The effect's name, such as `storage`.
    public let effect: String

    /// The operation's name, such as `read`.
    public let name: String

    /// `effect.name`, as profiles, metrics and messages spell the operation.
    public let key: String

    /// The operation's place in the effect's catalogue, from zero.
    public let index: Int

    /// How it answers.
    public let kind: Kind

    /// When a repeated call has the effect of a single one.
    public let idempotency: Idempotency

    /// The parameter that names what a call is about, such as `key`; `nil` where there is none.
    public let resourceParameter: String?

    /// Creates an element of a catalogue.
    ///
    /// - Parameters:
    ///   - effect: The effect's name.
    ///   - name: The operation's name.
    ///   - index: The operation's place in the catalogue.
    ///   - kind: How it answers.
    ///   - idempotency: When a repeated call has the effect of a single one.
    ///   - resourceParameter: The parameter that names what a call is about.
    public init(
        effect: String,
        name: String,
        index: Int,
        kind: Kind = .call,
        idempotency: Idempotency = .never,
        resource resourceParameter: String? = nil
    ) {
        self.effect = effect
        self.name = name
        self.key = "\(effect).\(name)"
        self.index = index
        self.kind = kind
        self.idempotency = idempotency
        self.resourceParameter = resourceParameter
    }
}

extension EffectOperation: CustomStringConvertible {
    /// The operation's ``key``.
    public var description: String { key }
}
