/// What a call answered, of whatever type: interceptors pass it on, or make one of their own.
///
/// It is an ``AnswerOf`` the operation's result, and nothing else.
public class EffectAnswer: @unchecked Sendable {
    // Safe to send: the one subclass is final, holds a constant, and asks its value to be Sendable.
    @usableFromInline
    init() {}

    /// The answer's value.
    public var value: any Sendable { preconditionFailure("an answer is always an AnswerOf some type") }

    fileprivate class var valueType: Any.Type { preconditionFailure("an answer is always an AnswerOf some type") }

    fileprivate class func answer(_ value: Any) -> EffectAnswer? { nil }
}

/// An answer of a type.
public final class AnswerOf<Value: Sendable>: EffectAnswer, @unchecked Sendable {
    /// The answer.
    public let typed: Value

    /// Wraps an answer.
    @inlinable
    public init(_ value: Value) {
        typed = value
        super.init()
    }

    /// The answer's value.
    public override var value: any Sendable { typed }

    fileprivate override class var valueType: Any.Type { Value.self }

    fileprivate override class func answer(_ value: Any) -> EffectAnswer? {
        (value as? Value).map(AnswerOf.init)
    }
}

/// The type that an operation answers with, for an interceptor that makes the answer itself.
public struct EffectAnswerType: Sendable {
    @usableFromInline let answerType: EffectAnswer.Type

    /// Wraps a type.
    @inlinable
    public init<Value: Sendable>(_ type: Value.Type) {
        answerType = AnswerOf<Value>.self
    }

    /// The type.
    public var type: Any.Type { answerType.valueType }

    /// The answer with a value of this type; `nil` where the value is of another one.
    public func answer(_ value: Any) -> EffectAnswer? {
        answerType.answer(value)
    }
}
