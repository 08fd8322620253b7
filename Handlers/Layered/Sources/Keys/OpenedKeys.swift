internal import AuraEffects
internal import AuraRuntime

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
    ///   - operation: The operation's name.
    /// - Returns: The store.
    /// - Throws: ``EffectError``: `corrupted`, `unauthenticated`.
    static func open(
        _ value: StoredValue,
        _ unlocking: KeyUnlocking,
        _ crypto: any CryptoEffects,
        in operation: String
    ) async throws(EffectError) -> OpenedKeys {
        let (document, code) = try parse(value, in: operation)
        let master = try await unlock(document, unlocking, crypto, in: operation)
        var keys = try await crypto.keeping(master) { () async throws(EffectError) in
            try await OpenedKeys(document, master, crypto)
        }
        do throws(EffectError) {
            try await keys.check(document, code, crypto, in: operation)
        } catch {
            await keys.forget(crypto)
            throw error
        }
        keys.revision = value.revision
        return keys
    }

    /// The store as it was read anew, opened with the handles that are there.
    ///
    /// - Parameters:
    ///   - value: The document's bytes.
    ///   - crypto: Holds the keys.
    ///   - operation: The operation's name.
    /// - Returns: The store.
    /// - Throws: ``EffectError``: `corrupted`, also where the store is another one, or lacks what this one has.
    func updated(
        by value: StoredValue,
        _ crypto: any CryptoEffects,
        in operation: String
    ) async throws(EffectError) -> OpenedKeys {
        let (document, code) = try Self.parse(value, in: operation)
        guard document.isSameStore(as: self.document) else {
            throw Self.refusal("were replaced by another store, or its first lines were altered,", in: operation)
        }
        try await check(document, code, crypto, in: operation)
        if let missing = document.firstMissing(of: self.document) {
            let what = "were put back to an earlier copy without version \(missing.number) of the key '\(missing.name)'"
            throw Self.refusal(what, in: operation)
        }
        var keys = self
        keys.document = document
        keys.revision = value.revision
        return keys
    }

    /// The error of a store that is not the one any more that the process knows.
    static func refusal(_ what: String, in operation: String) -> EffectError {
        let message = "The keys \(what) while they were in use: put the latest copy of them in place."
        return StoredKeyHandler.errors.error(.corrupted, in: operation, message)
    }

    /// Makes a store without keys, which is not kept yet.
    static func make(
        _ derivation: KeyDocument.Derivation,
        _ unlocking: KeyUnlocking,
        _ crypto: any CryptoEffects
    ) async throws(EffectError) -> OpenedKeys {
        let wrapping = try await unlocking.key(derivation, crypto)
        return try await crypto.lending(wrapping) { () async throws(EffectError) in
            let master = try await crypto.generateKey(.hmacSHA256)
            return try await crypto.keeping(master) { () async throws(EffectError) in
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
                return try await OpenedKeys(document, master, crypto)
            }
        }
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

    private static func parse(
        _ value: StoredValue,
        in operation: String
    ) throws(EffectError) -> (document: KeyDocument, authentication: [UInt8]) {
        do throws(KeyDocumentError) {
            return try KeyDocumentParser.parse(value.bytes)
        } catch {
            let message = "The keys are damaged: line \(error.line) \(error.message). Put a backup of them in place."
            throw StoredKeyHandler.errors.error(.corrupted, in: operation, message)
        }
    }

    private static func unlock(
        _ document: KeyDocument,
        _ unlocking: KeyUnlocking,
        _ crypto: any CryptoEffects,
        in operation: String
    ) async throws(EffectError) -> KeyID {
        let wrapping = try await unlocking.key(document.derivation, crypto)
        return try await crypto.lending(wrapping) { () async throws(EffectError) in
            do throws(EffectError) {
                return try await crypto.unwrapKey(
                    document.master,
                    as: .hmacSHA256,
                    under: wrapping,
                    authenticating: Array(document.head.utf8)
                )
            } catch  where error.code == .corrupted {
                let message =
                    "The password or secret does not open the keys: it is wrong, or the first lines of their store were altered. "
                    + "Try again, or put a backup of the keys in place."
                throw StoredKeyHandler.errors.error(.unauthenticated, in: operation, message)
            }
        }
    }

    private func check(
        _ document: KeyDocument,
        _ code: [UInt8],
        _ crypto: any CryptoEffects,
        in operation: String
    ) async throws(EffectError) {
        let body = Array(document.body.utf8)
        guard try await !crypto.isValidAuthenticationCode(code, of: body, key: authentication) else { return }
        let message = "The list of keys was altered: put a backup of it in place."
        throw StoredKeyHandler.errors.error(.corrupted, in: operation, message)
    }

    /// The document's bytes with its authentication.
    func authenticated(_ crypto: any CryptoEffects) async throws(EffectError) -> [UInt8] {
        let code = try await crypto.authenticationCode(of: Array(document.body.utf8), key: authentication)
        return Array(document.text(authenticatedBy: code).utf8)
    }

    /// The key of a version, derived anew.
    func derive(
        _ version: KeyDocument.Version,
        _ crypto: any CryptoEffects
    ) async throws(EffectError) -> KeyID {
        try await crypto.deriveKey(
            from: master,
            salt: version.salt,
            info: Array("aura keys/1 version \(version.name) \(version.number)".utf8),
            as: version.algorithm
        )
    }

    /// The key of a version, derived at its first use.
    func key(_ version: KeyDocument.Version, _ crypto: any CryptoEffects) async throws(EffectError) -> KeyID {
        if let known = handles[version] { return known }
        let made = try await derive(version, crypto)
        let kept = handles.keep(made, of: version)
        if kept != made { await crypto.forget([made]) }
        return kept
    }

    /// Deletes the keys of a store that is not used any more.
    func forget(_ crypto: any CryptoEffects) async {
        await crypto.forget([master, authentication] + handles.takeAll())
    }
}
