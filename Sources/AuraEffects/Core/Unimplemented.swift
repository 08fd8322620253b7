extension EffectError {
    /// The error of a family that has no handler.
    public static func unimplemented(_ effect: String, _ operation: String) -> EffectError {
        EffectError(
            .unimplemented,
            "The effect '\(effect)' has no handler: give the EffectSystem one, or add '\(effect)' to the profile.",
            effect: effect,
            operation: operation
        )
    }
}

extension EffectOperation {
    /// The answer of an operation that answers at once, where its family has no handler.
    ///
    /// Such an operation cannot fail: it stops the process by name.
    public func unimplemented<Answer>() -> Answer {
        fatalError(EffectError.unimplemented(effect, name).description)
    }

    /// A sequence that fails by name.
    public func unimplemented<Answer: InterceptableSequence>() -> Answer {
        .failing(.unimplemented(effect, name))
    }
}
