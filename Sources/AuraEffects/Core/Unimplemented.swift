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
