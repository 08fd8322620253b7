#if OpenSSL
internal import AuraEffects
internal import AuraRuntime

/// What a derivation from a password may cost: enough to be of use, and no more than the budget has.
struct PasswordCosts {
    static let leastSalt = 16
    private static let leastIterations = 10_000
    /// Some minutes of a processor.
    private static let mostIterations = 100_000_000
    private static let mostPasses = 1000
    private static let mostLanes = 64
    /// What Argon2 needs for each lane (RFC 9106 §3.1).
    private static let leastMemoryPerLane = ByteCount.kibibytes(8)

    let errors: HandlerErrors
    let budget: ResourceBudget

    func check(_ parameters: PasswordDerivation, in operation: String) throws(EffectError) {
        guard parameters.salt.count >= Self.leastSalt, parameters.salt.count <= 1024 else {
            let message = "The salt has \(parameters.salt.count) bytes: take \(Self.leastSalt) to 1024 random ones."
            throw errors.error(.invalidArgument, in: operation, message)
        }
        switch parameters.function {
        case .pbkdf2(let iterations): try check(iterations: iterations, in: operation)
        case .argon2id(let memory, let passes, let lanes):
            try check(memory: memory, passes: passes, lanes: lanes, in: operation)
        }
    }

    private func check(iterations: Int, in operation: String) throws(EffectError) {
        guard (Self.leastIterations...Self.mostIterations).contains(iterations) else {
            let message =
                "PBKDF2 with \(iterations) iterations: take from \(Self.leastIterations) to \(Self.mostIterations)."
            throw errors.error(.invalidArgument, in: operation, message)
        }
    }

    private func check(memory: ByteCount, passes: Int, lanes: Int, in operation: String) throws(EffectError) {
        guard BackendFeature.hasArgon2 else {
            let message = "Argon2id is not linked: build with the trait 'Argon2', or derive by PBKDF2."
            throw errors.error(.unsupported, in: operation, message)
        }
        guard (1...Self.mostLanes).contains(lanes), (1...Self.mostPasses).contains(passes) else {
            let message =
                "Argon2id with \(passes) passes and \(lanes) lanes: take 1 to \(Self.mostPasses) passes and 1 to "
                + "\(Self.mostLanes) lanes."
            throw errors.error(.invalidArgument, in: operation, message)
        }
        let least = ByteCount(bytes: Self.leastMemoryPerLane.bytes * lanes)
        guard memory >= least else {
            let message = "Argon2id with \(memory): take at least \(least) for \(lanes) lanes."
            throw errors.error(.invalidArgument, in: operation, message)
        }
        guard memory <= budget.memoryLimit else {
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
