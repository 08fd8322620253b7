#if OpenSSL
internal import AuraEffects
internal import AuraRuntime

/// Derives keys from passwords away from the threads that others wait for: one derivation takes a tenth of a second and more.
actor PasswordStretcher {
    private let executor: any SerialExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(_ executors: HandlerExecutorFactory) {
        executor = executors.makeExecutor(label: "aura.crypto.p")
    }

    /// Derives bytes.
    ///
    /// - Throws: ``OpenSSLFailure``.
    func derive(
        _ password: SecretBytes,
        _ parameters: PasswordDerivation,
        count: Int
    ) throws(OpenSSLFailure) -> SecretBytes {
        switch parameters.function {
        case .pbkdf2(let iterations):
            return try KeyDerivation.pbkdf2(password, salt: parameters.salt, iterations: iterations, count: count)
        case .argon2id(let memory, let passes, let lanes):
            #if Argon2
            return try Argon2id.derive(
                password,
                salt: parameters.salt,
                memory: UInt32(memory.bytes / 1024),
                passes: UInt32(passes),
                lanes: UInt32(lanes),
                count: count
            )
            #else
            throw .failed(["\(memory), \(passes), \(lanes): Argon2id is not linked"])
            #endif
        }
    }
}
#endif
