public import AuraEffects
public import AuraRuntime

/// Named keys in a storage, all derived from a master key that lies there encrypted.
///
/// The store is one value: which keys and versions there are, and the master key, encrypted under a key that follows from a
/// password or from secret bytes. A version is derived from the master key (HKDF-SHA-256) with a salt of its own, a device's key
/// with the device's id: no other secret is kept, and none leaves the crypto handler. Several processes may share the
/// storage: each call looks at it, so that a rotation is seen everywhere at once.
///
/// A wrong password, or a master key that was altered, is `unauthenticated`; a list of keys that was altered is `corrupted`, and
/// so is a store that was removed, replaced or put back to an earlier copy while the handler is open. Whoever does that before
/// it is opened can make the newest versions disappear; the keys stay secret.
///
/// Keys are made only where the random source declares ``Capability/unpredictable``: what can be foretold makes none.
public final class StoredKeyHandler: KeyEffects {
    /// The name in profiles.
    public static let technology = "stored"

    /// Where the store is in its storage.
    public static let storageKey: StorageKey = "aura-keys"

    static let errors = HandlerErrors(KeysEffect.self, handler: technology)

    let storage: any StorageEffects
    let crypto: any CryptoEffects
    let time: any TimeEffects
    let random: any RandomEffects
    let unlocking: KeyUnlocking
    let known = KnownKeys()

    /// Creates a handler; nothing is read yet.
    ///
    /// - Parameters:
    ///   - storage: Holds the store.
    ///   - unlocking: The password or the secret that opens it.
    ///   - context: Gives crypto, time and random.
    public init(over storage: any StorageEffects, unlocking: KeyUnlocking, _ context: HandlerContext) {
        self.storage = storage
        self.unlocking = unlocking
        crypto = context.crypto
        time = context.time
        random = context.random
    }

    /// What the storage underneath declares of surviving and of sharing.
    public var capabilities: Capabilities { Self.capabilities(over: storage.capabilities) }

    /// What the handler declares, given what the storage underneath does.
    public static func capabilities(over inner: Capabilities) -> Capabilities {
        Capabilities(inner.features.intersection([.durable, .multiProcess]))
    }

    /// Opens the store where there is one, so that a wrong password is found at once; without one nothing is made.
    ///
    /// - Throws: ``EffectError``, as for every method.
    public func open() async throws(EffectError) {
        _ = try await current(in: "open")
    }

    /// Creates the first version of a key, and the store with its master key where this is the first of all.
    public func createKey(_ name: KeyName, _ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyVersion {
        try check(name, in: "createKey")
        while true {
            if let keys = try await current(in: "createKey") {
                guard keys.document.versions(of: name).isEmpty else {
                    let message = "There is a key '\(name)' already: rotate it, or choose another name."
                    throw Self.errors.error(.conflict, in: "createKey", message)
                }
                if let version = try await add(name, algorithm, to: keys, in: "createKey") { return version }
            } else if let version = try await addToNewStore(name, algorithm) {
                return version
            }
        }
    }

    /// Creates the next version of a key.
    public func rotateKey(_ name: KeyName) async throws(EffectError) -> KeyVersion {
        try check(name, in: "rotateKey")
        while true {
            let keys = try await existing(in: "rotateKey")
            guard let last = keys.document.versions(of: name).last else { throw missing(name, nil, in: "rotateKey") }
            if let version = try await add(name, last.algorithm, to: keys, in: "rotateKey") { return version }
        }
    }

    /// A version of a key.
    public func key(_ name: KeyName, version: Int?) async throws(EffectError) -> KeyVersion {
        try check(name, in: "key")
        let keys = try await existing(in: "key")
        let versions = keys.document.versions(of: name)
        guard let found = version.map({ number in versions.first { $0.number == number } }) ?? versions.last else {
            throw missing(name, version, in: "key")
        }
        return try await usable(found, of: keys)
    }

    /// Every version of every key.
    public func keys() async throws(EffectError) -> [KeyVersion] {
        guard let keys = try await current(in: "keys") else { return [] }
        var versions: [KeyVersion] = []
        for version in keys.document.versions { versions.append(try await usable(version, of: keys)) }
        return versions
    }

    /// The key of a device: derived from the master key with the device's id and the salt.
    public func deviceKey(
        _ device: String,
        salt: [UInt8],
        as algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyID {
        guard !device.isEmpty, device.utf8.count <= 256 else {
            let message = "A device's id has 1 to 256 bytes, not \(device.utf8.count)."
            throw Self.errors.error(.invalidArgument, in: "deviceKey", message)
        }
        let keys = try await existing(in: "deviceKey")
        return try await crypto.deriveKey(
            from: keys.master,
            salt: salt,
            info: Array("aura keys/1 device \(device)".utf8),
            as: algorithm
        )
    }

    // MARK: refusals

    private func check(_ name: KeyName, in operation: String) throws(EffectError) {
        guard !name.isValid else { return }
        let message =
            "\(HandlerErrors.quote(name.rawValue)) cannot name a key: take 1 to \(KeyName.maximumLength) letters, digits, '.', "
            + "'_' and '-', beginning with a letter or a digit."
        throw Self.errors.error(.invalidArgument, in: operation, message)
    }

    private func missing(_ name: KeyName, _ version: Int?, in operation: String) -> EffectError {
        let what = version.map { "version \($0) of the key '\(name)'" } ?? "key '\(name)'"
        let message =
            "There is no \(what): 'aura keys list LOCATION' shows those there are, "
            + "'aura keys create LOCATION \(name)' makes one."
        return Self.errors.error(.notFound, in: operation, message)
    }
}
