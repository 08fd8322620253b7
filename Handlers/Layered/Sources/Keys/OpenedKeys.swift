internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A store of keys that was opened: its document with handles of what is secret.
struct OpenedKeys: Sendable {
    var document: KeyDocument
    /// The revision of the document in the storage; `nil` while it is not kept yet.
    var revision: StorageRevision?
    let master: KeyID
    /// Authenticates the document.
    private let authentication: KeyID
    let handles: KeyHandles

    /// Opens what was read.
    ///
    /// - Parameters:
    ///   - value: The document's bytes.
    ///   - unlocking: What opens it.
    ///   - crypto: Holds the keys.
    ///   - known: The store as it was before: where its master key is the same, the password is not stretched again.
    ///   - operation: The operation's name.
    /// - Returns: The store.
    /// - Throws: ``EffectError``: `corrupted`, `unauthenticated`.
    static func open(
        _ value: StoredValue,
        _ unlocking: KeyUnlocking,
        _ crypto: any CryptoEffects,
        _ known: OpenedKeys?,
        in operation: String
    ) async throws(EffectError) -> OpenedKeys {
        let (document, code): (KeyDocument, [UInt8])
        do throws(KeyDocumentError) {
            (document, code) = try KeyDocumentParser.parse(value.bytes)
        } catch {
            let message = "The keys are damaged: line \(error.line) \(error.message). Put a backup of them in place."
            throw StoredKeyHandler.errors.error(.corrupted, in: operation, message)
        }
        var keys: OpenedKeys
        if let known, known.document.master == document.master, known.document.derivation == document.derivation {
            keys = known
            keys.document = document
        } else {
            let master = try await unlock(document, unlocking, crypto, in: operation)
            keys = try await OpenedKeys(document, master, crypto)
        }
        let isAuthentic = try await crypto.isValidAuthenticationCode(
            code,
            of: Array(document.body.utf8),
            key: keys.authentication
        )
        guard isAuthentic else {
            let message = "The list of keys was altered: put a backup of it in place."
            throw StoredKeyHandler.errors.error(.corrupted, in: operation, message)
        }
        keys.revision = value.revision
        return keys
    }

    /// Makes a store without keys, which is not kept yet.
    static func make(
        _ derivation: KeyDocument.Derivation,
        _ unlocking: KeyUnlocking,
        _ crypto: any CryptoEffects
    ) async throws(EffectError) -> OpenedKeys {
        let wrapping = try await unlocking.key(derivation, crypto)
        let master = try await crypto.generateKey(.hmacSHA256)
        var document = KeyDocument(
            derivation: derivation,
            master: SealedBox(nonce: [], ciphertext: []),
            versions: []
        )
        document.master = try await crypto.wrapKey(
            master,
            under: wrapping,
            authenticating: Array(document.head.utf8)
        )
        try await crypto.deleteKey(wrapping)
        return try await OpenedKeys(document, master, crypto)
    }

    private init(
        _ document: KeyDocument,
        _ master: KeyID,
        _ crypto: any CryptoEffects
    ) async throws(EffectError) {
        self.document = document
        self.master = master
        authentication = try await crypto.deriveKey(
            from: master,
            salt: [],
            info: Array("aura keys/1 authentication".utf8),
            as: .hmacSHA256
        )
        handles = KeyHandles()
    }

    private static func unlock(
        _ document: KeyDocument,
        _ unlocking: KeyUnlocking,
        _ crypto: any CryptoEffects,
        in operation: String
    ) async throws(EffectError) -> KeyID {
        let wrapping = try await unlocking.key(document.derivation, crypto)
        let master: Result<KeyID, EffectError>
        do throws(EffectError) {
            master = .success(
                try await crypto.unwrapKey(
                    document.master,
                    as: .hmacSHA256,
                    under: wrapping,
                    authenticating: Array(document.head.utf8)
                )
            )
        } catch {
            master = .failure(error)
        }
        try await crypto.deleteKey(wrapping)
        switch master {
        case .success(let master): return master
        case .failure(let error) where error.code == .corrupted:
            let message =
                "The password or secret does not open the keys: it is wrong, or their master key was altered. Try again, or "
                + "put a backup of the keys in place."
            throw StoredKeyHandler.errors.error(.unauthenticated, in: operation, message)
        case .failure(let error): throw error
        }
    }

    /// The document's bytes with its authentication.
    func authenticated(_ crypto: any CryptoEffects) async throws(EffectError) -> [UInt8] {
        let code = try await crypto.authenticationCode(of: Array(document.body.utf8), key: authentication)
        return Array(document.text(authenticatedBy: code).utf8)
    }
}

/// The handles of versions, each derived once.
final class KeyHandles: Sendable {
    private let handles = Mutex<[[UInt8]: KeyID]>([:])

    /// The handle of a version.
    func handle(
        of version: KeyDocument.Version,
        _ master: KeyID,
        _ crypto: any CryptoEffects
    ) async throws(EffectError) -> KeyID {
        // No two versions share a salt: it is random.
        if let known = handles.withLock({ $0[version.salt] }) { return known }
        let made = try await crypto.deriveKey(
            from: master,
            salt: version.salt,
            info: Array("aura keys/1 version \(version.name) \(version.number)".utf8),
            as: version.algorithm
        )
        let kept = handles.withLock { handles in
            if let known = handles[version.salt] { return known }
            handles[version.salt] = made
            return made
        }
        if kept != made { try await crypto.deleteKey(made) }
        return kept
    }
}
