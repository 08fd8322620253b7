#if OpenSSL
internal import AuraEffects
internal import AuraRuntime

/// What a derivation from a password may cost here: no more than the budget has.
struct PasswordCosts {
    let errors: HandlerErrors
    let budget: ResourceBudget

    func check(_ parameters: PasswordDerivation, in operation: String) throws(EffectError) {
        if case .argon2id = parameters.function, !BackendFeature.hasArgon2 {
            let message = "Argon2id is not linked: build with the trait 'Argon2', or derive by PBKDF2."
            throw errors.error(.unsupported, in: operation, message)
        }
        if let refusal = parameters.refusal { throw errors.error(.invalidArgument, in: operation, refusal) }
        if case .argon2id(let memory, _, _) = parameters.function, memory > budget.memoryLimit {
            let message =
                "Argon2id with \(memory) is more than this environment has (\(budget.memoryLimit)): open it where there is "
                + "more, and choose lower costs there."
            throw errors.error(.resourceExhausted, in: operation, message, isRetryable: false)
        }
    }
}

/// What was compiled in.
enum BackendFeature {
    #if Argon2
    static let hasArgon2 = true
    #else
    static let hasArgon2 = false
    #endif
}
#endif
