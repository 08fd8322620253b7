public import AuraEffects
public import AuraRuntime
internal import Synchronization

/// Named keys in a storage, all derived from a master key that lies there encrypted.
///
/// The store is one value: which keys and versions there are, and the master key, encrypted under a key that follows from a
/// password or from secret bytes. A version is derived from the master key (HKDF-SHA-256) with a salt of its own, a device's key
/// with the device's id: no other secret is kept, and none leaves the crypto handler. Several processes may share the
/// storage: each call looks at it, so that a rotation is seen everywhere at once.
///
/// A wrong password, or a master key that was altered, is `unauthenticated`; a list of keys that was altered is `corrupted`.
/// Whoever can put an older store in its place can make the newest versions disappear; the keys stay secret.
public final class StoredKeyHandler: KeyEffects {
    /// The name in profiles.
    public static let technology = "stored"

    /// Where the store is in its storage.
    public static let storageKey: StorageKey = "aura-keys"

    static let errors = HandlerErrors(KeysEffect.self, handler: technology)

    private let storage: any StorageEffects
    private let crypto: any CryptoEffects
    private let time: any TimeEffects
    private let random: any RandomEffects
    private let unlocking: KeyUnlocking
    private let opened = Mutex<OpenedKeys?>(nil)

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
            var keys: OpenedKeys
            if let known = try await current(in: "createKey") {
                keys = known
            } else {
                keys = try await newStore()
            }
            guard keys.document.versions(of: name).isEmpty else {
                let message = "There is a key '\(name)' already: rotate it, or choose another name."
                throw Self.errors.error(.conflict, in: "createKey", message)
            }
            if let version = try await add(name, algorithm, to: keys, in: "createKey") { return version }
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

    // MARK: the store

    /// The store as it is now; `nil` where there is none.
    private func current(in operation: String) async throws(EffectError) -> OpenedKeys? {
        try Self.errors.checkCancellation(in: operation)
        let value: StoredValue?
        do throws(EffectError) {
            value = try await storage.read(Self.storageKey)
        } catch {
            throw Self.errors.error(error.code, in: operation, "The keys could not be read.", cause: error)
        }
        guard let value else { return nil }
        let known = opened.withLock { $0 }
        if let known, known.revision == value.revision { return known }
        let keys = try await OpenedKeys.open(value, unlocking, crypto, known, in: operation)
        opened.withLock { $0 = keys }
        return keys
    }

    private func existing(in operation: String) async throws(EffectError) -> OpenedKeys {
        if let keys = try await current(in: operation) { return keys }
        let message = "There are no keys yet: create the first one, such as by 'aura keys create LOCATION NAME'."
        throw Self.errors.error(.notFound, in: operation, message)
    }

    private func newStore() async throws(EffectError) -> OpenedKeys {
        let derivation = unlocking.derivation(salt: random.bytes(KeyDocument.saltSize))
        return try await OpenedKeys.make(derivation, unlocking, crypto)
    }

    /// Adds a version and keeps it; `nil` where another one changed the store meanwhile.
    private func add(
        _ name: KeyName,
        _ algorithm: KeyAlgorithm,
        to keys: OpenedKeys,
        in operation: String
    ) async throws(EffectError) -> KeyVersion? {
        var keys = keys
        let version = KeyDocument.Version(
            name: name,
            number: keys.document.versions(of: name).count + 1,
            algorithm: algorithm,
            created: time.now.nanosecondsSinceEpoch,
            salt: random.bytes(KeyDocument.saltSize)
        )
        // Before it is kept: an algorithm that the crypto handler lacks must not be in the store.
        let made = try await usable(version, of: keys)
        keys.document.append(version)
        let bytes = try await keys.authenticated(crypto)
        do throws(EffectError) {
            let condition = keys.revision.map { StoragePrecondition.matches($0) } ?? .absent
            keys.revision = try await storage.write(bytes, to: Self.storageKey, if: condition)
        } catch {
            if error.code == .preconditionFailed { return nil }
            let message = "The keys could not be kept; whether they were, 'aura keys list LOCATION' shows."
            throw Self.errors.error(error.code, in: operation, message, cause: error, outcome: error.outcome)
        }
        opened.withLock { $0 = keys }
        return made
    }

    /// A version with a handle, which is derived once for each store that was read.
    private func usable(
        _ version: KeyDocument.Version,
        of keys: OpenedKeys
    ) async throws(EffectError) -> KeyVersion {
        let id = try await keys.handles.handle(of: version, keys.master, crypto)
        return KeyVersion(
            name: version.name,
            version: version.number,
            algorithm: version.algorithm,
            created: WallTime(nanosecondsSinceEpoch: version.created),
            id: id
        )
    }

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
