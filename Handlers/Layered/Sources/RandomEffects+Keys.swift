internal import AuraEffects
internal import AuraRuntime

extension RandomEffects {
    /// Why no key may be made from this source; `nil` where one may.
    func refusalForKeys(_ errors: HandlerErrors, in operation: String) -> EffectError? {
        if capabilities.contains(.unpredictable) { return nil }
        return errors.error(
            .unsupported,
            in: operation,
            "The random source does not declare '\(Capability.unpredictable)', and keys that can be foretold protect nothing: "
                + "choose one that does, such as 'random: { handler: system }'."
        )
    }
}
