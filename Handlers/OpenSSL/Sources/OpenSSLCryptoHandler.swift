#if OpenSSL
public import AuraEffects
public import AuraRuntime
internal import Synchronization

/// Keys, signatures and encryption by OpenSSL's libcrypto, with keys in the process's memory.
///
/// Secret bytes lie in memory of their own that is overwritten when the last use of a key ends. Work on messages is done on
/// the caller's thread; derivations from passwords, which are slow on purpose, on an executor of the handler's own.
///
/// A sealed box's nonce has 24 bytes: a random prefix of 16, under which a key of its own is derived, and a counter. It cannot
/// repeat, also where several processes hold the same key.
public final class OpenSSLCryptoHandler: CryptoEffects {
    /// The name in profiles.
    public static let technology = "openssl"

    /// What the handler declares.
    public static let capabilities = Capabilities()

    let errors = HandlerErrors(CryptoEffect.self, handler: technology)
    private let budget: ResourceBudget
    /// One for all derivations, which follow one another: each takes as much memory as its costs say.
    private let stretcher = Mutex<PasswordStretcher?>(nil)
    private let executors: HandlerExecutorFactory
    private let held = Mutex<[KeyID: HeldKey]?>([:])

    /// Creates a handler that holds no key.
    ///
    /// - Parameter context: Gives the budget for derivations from passwords, and their executor.
    public init(_ context: HandlerContext) {
        budget = context.budget
        executors = context.executors
    }

    /// Nothing beyond the base contract.
    public var capabilities: Capabilities { Self.capabilities }

    /// Erases every key; what is called afterwards is `unavailable`.
    public func stop() {
        held.withLock { $0 = nil }
    }

    /// Creates a key and keeps it.
    public func generateKey(_ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        let size = try seedSize(of: algorithm, in: "generateKey")
        return try keep(in: "generateKey") { () throws(OpenSSLFailure) in
            try HeldKey.make(algorithm, from: .random(size))
        }
    }

    /// Takes in a key's secret bytes.
    public func importKey(_ secret: Secret<[UInt8]>, as algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        _ = try seedSize(of: algorithm, in: "importKey")
        try checkSize(secret.withExposedValue(\.count), of: "The key", in: "importKey")
        let bytes = secret.withExposedValue { unsafe $0.withUnsafeBytes { unsafe SecretBytes(copying: $0) } }
        return try keep(in: "importKey") { () throws(OpenSSLFailure) in try HeldKey(algorithm, bytes) }
    }

    /// Forgets a key; its bytes are overwritten once nothing uses it any more.
    public func deleteKey(_ key: KeyID) async throws(EffectError) {
        _ = try find(key, in: "deleteKey")
        held.withLock { _ = $0?.removeValue(forKey: key) }
    }

    /// The public half of a key pair.
    public func publicKey(of key: KeyID) async throws(EffectError) -> [UInt8] {
        guard let pair = try find(key, in: "publicKey").pair else { throw wrongAlgorithm(key, in: "publicKey") }
        return try run("publicKey") { () throws(OpenSSLFailure) in try pair.publicKey() }
    }

    // MARK: what the operations share

    func find(_ key: KeyID, in operation: String) throws(EffectError) -> HeldKey {
        let (isStopped, found) = held.withLock { ($0 == nil, $0?[key]) }
        if isStopped { throw errors.stopped(in: operation) }
        guard let found else {
            let message =
                "There is no key \(HandlerErrors.quote(key.rawValue)): a handle lasts as long as the handler that gave it."
            throw errors.error(.notFound, in: operation, message)
        }
        return found
    }

    func find(_ key: KeyID, _ algorithm: KeyAlgorithm, in operation: String) throws(EffectError) -> HeldKey {
        let found = try find(key, in: operation)
        guard found.algorithm == algorithm else { throw wrongAlgorithm(key, in: operation) }
        return found
    }

    func sealingKey(_ key: KeyID, in operation: String) throws(EffectError) -> SealingKey {
        guard let sealing = try find(key, in: operation).sealing else { throw wrongAlgorithm(key, in: operation) }
        return sealing
    }

    func wrongAlgorithm(_ key: KeyID, in operation: String) -> EffectError {
        let message = "The key \(HandlerErrors.quote(key.rawValue)) is of an algorithm that does not do this."
        return errors.error(.invalidArgument, in: operation, message)
    }

    func seedSize(of algorithm: KeyAlgorithm, in operation: String) throws(EffectError) -> Int {
        guard let size = HeldKey.seedSize(of: algorithm) else {
            let name = HandlerErrors.quote(algorithm.rawValue)
            throw errors.error(.unsupported, in: operation, "There is no algorithm \(name).")
        }
        return size
    }

    /// Refuses sizes beyond what OpenSSL counts to.
    func checkSize(_ count: Int, of what: String, in operation: String) throws(EffectError) {
        guard count <= AuthenticatedCipher.maximumMessage else {
            let message = "\(what) has \(count) bytes: at most \(AuthenticatedCipher.maximumMessage) are taken."
            throw errors.error(.invalidArgument, in: operation, message)
        }
    }

    func keep(
        in operation: String,
        _ make: () throws(OpenSSLFailure) -> HeldKey
    ) throws(EffectError) -> KeyID {
        let key = try run(operation, make)
        let name = try run(operation) { () throws(OpenSSLFailure) in
            try unsafe SecretBytes.random(16).withBytes { unsafe Hexadecimal.string($0) }
        }
        let id = KeyID(rawValue: name)
        guard
            held.withLock({
                $0?.updateValue(key, forKey: id)
                return $0 != nil
            })
        else {
            throw errors.stopped(in: operation)
        }
        return id
    }

    /// Makes OpenSSL's failures the handler's errors.
    func run<Value>(
        _ operation: String,
        _ body: () throws(OpenSSLFailure) -> Value
    ) throws(EffectError) -> Value {
        do throws(OpenSSLFailure) {
            return try body()
        } catch {
            throw effectError(error, in: operation)
        }
    }

    private func effectError(_ failure: OpenSSLFailure, in operation: String) -> EffectError {
        switch failure {
        case .notAuthentic:
            let message = "It does not authenticate: box, associated data or key are not those it was sealed with."
            return errors.error(.corrupted, in: operation, message)
        case .invalidKey:
            return errors.error(.invalidArgument, in: operation, "The bytes are no key of the algorithm.")
        case .failed(let reasons):
            let message = "OpenSSL failed: \(reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; "))."
            return errors.error(.internal, in: operation, message)
        }
    }

    /// Derives bytes from a password on an executor of its own.
    func stretch(
        _ password: Secret<[UInt8]>,
        _ parameters: PasswordDerivation,
        count: Int
    ) async throws(EffectError) -> SecretBytes {
        let operation = "deriveKeyFromPassword"
        try errors.checkCancellation(in: operation)
        try PasswordCosts(errors: errors, budget: budget).check(parameters, in: operation)
        try checkSize(password.withExposedValue(\.count), of: "The password", in: operation)
        let bytes = password.withExposedValue { unsafe $0.withUnsafeBytes { unsafe SecretBytes(copying: $0) } }
        let stretcher = stretcher.withLock { known in
            let stretcher = known ?? PasswordStretcher(executors)
            known = stretcher
            return stretcher
        }
        do throws(OpenSSLFailure) {
            return try await stretcher.derive(bytes, parameters, count: count)
        } catch {
            throw effectError(error, in: operation)
        }
    }
}
#endif
