#if OpenSSL
internal import AuraEffects
internal import AuraOpenSSL
internal import AuraRuntime
internal import Synchronization

/// Keys in memory, with the crypto handler that holds them.
final class Vault: KeyEffects {
    let crypto = OpenSSLCryptoHandler(.system)
    private let names = Mutex<[KeyName: [KeyVersion]]>([:])

    var capabilities: Capabilities { Capabilities() }

    /// A vault with a key 'notes'.
    static func withKey() async throws -> Vault {
        let vault = Vault()
        _ = try await vault.createKey("notes", .hmacSHA256)
        return vault
    }

    /// A context whose keys these are.
    func context(
        budget: ResourceBudget = HandlerContext.system.budget,
        time: any TimeEffects = HandlerContext.system.time
    ) -> HandlerContext {
        var context = HandlerContext.system
        context.crypto = crypto
        context.keys = self
        context.budget = budget
        context.time = time
        return context
    }

    func createKey(_ name: KeyName, _ algorithm: KeyAlgorithm) async throws(EffectError) -> KeyVersion {
        try await add(name, algorithm)
    }

    func rotateKey(_ name: KeyName) async throws(EffectError) -> KeyVersion {
        try await add(name, key(name, version: nil).algorithm)
    }

    /// Takes in a key of another vault, as a node does that shares it.
    func add(
        _ name: KeyName,
        _ algorithm: KeyAlgorithm,
        secret: Secret<[UInt8]>? = nil
    ) async throws(EffectError) -> KeyVersion {
        let id: KeyID
        if let secret {
            id = try await crypto.importKey(secret, as: algorithm)
        } else {
            id = try await crypto.generateKey(algorithm)
        }
        return names.withLock { names in
            let version = (names[name]?.count ?? 0) + 1
            let created = HandlerContext.system.time.now
            let key = KeyVersion(name: name, version: version, algorithm: algorithm, created: created, id: id)
            names[name, default: []].append(key)
            return key
        }
    }

    /// Loses a key, as a store does that is put back to an earlier state.
    func lose(_ name: KeyName, version: Int) {
        names.withLock { $0[name]?.removeAll { $0.version == version } }
    }

    func key(_ name: KeyName, version: Int?) async throws(EffectError) -> KeyVersion {
        let versions = names.withLock { $0[name] } ?? []
        guard let found = version.map({ version in versions.first { $0.version == version } }) ?? versions.last else {
            throw EffectError(.notFound, "There is no such key.", effect: "keys", operation: "key", handler: "vault")
        }
        return found
    }

    func keys() async throws(EffectError) -> [KeyVersion] {
        names.withLock { $0.values.flatMap { $0 } }
    }

    func deviceKey(_ device: String, salt: [UInt8], as algorithm: KeyAlgorithm) async throws(EffectError) -> KeyID {
        throw .unimplemented("keys", "deviceKey")
    }
}
#endif
