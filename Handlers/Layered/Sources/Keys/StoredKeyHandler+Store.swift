internal import AuraEffects
internal import AuraRuntime

/// The store in its storage: how it is read, opened, made and kept.
extension StoredKeyHandler {
    /// The store as it is now; `nil` where there is none.
    func current(in operation: String) async throws(EffectError) -> OpenedKeys? {
        while true {
            try Self.errors.checkCancellation(in: operation)
            let last = known.keys
            guard let value = try await stored(in: operation) else {
                guard last == nil else { throw OpenedKeys.refusal("were removed", in: operation) }
                return nil
            }
            switch known.step(for: value.revision, since: last) {
            case .use(let keys): return keys
            case .refuse(var error):
                if error.handler == Self.technology { error.operation = operation }
                throw error
            case .readAgain(let turn):
                // Where the task is cancelled the next round says so.
                _ = await turn?.value(orWhenCancelled: false)
            case .open: return try await open(value, after: last, in: operation)
            }
        }
    }

    private func stored(in operation: String) async throws(EffectError) -> StoredValue? {
        do throws(EffectError) {
            return try await storage.read(Self.storageKey)
        } catch {
            throw Self.errors.error(error.code, in: operation, "The keys could not be read.", cause: error)
        }
    }

    private func open(
        _ value: StoredValue,
        after last: OpenedKeys?,
        in operation: String
    ) async throws(EffectError) -> OpenedKeys {
        do throws(EffectError) {
            let keys: OpenedKeys
            if let last {
                keys = try await last.updated(by: value, crypto, in: operation)
            } else {
                keys = try await OpenedKeys.open(value, unlocking, crypto, in: operation)
            }
            return await using(known.settle(keys), insteadOf: keys)
        } catch {
            known.settle(error, of: value.revision)
            throw error
        }
    }

    func existing(in operation: String) async throws(EffectError) -> OpenedKeys {
        if let keys = try await current(in: operation) { return keys }
        let message = "There are no keys yet: create the first one, such as by 'aura keys create LOCATION NAME'."
        throw Self.errors.error(.notFound, in: operation, message)
    }

    /// Makes a store with a first key and keeps it; `nil` where another one was faster.
    func addToNewStore(
        _ name: KeyName,
        _ algorithm: KeyAlgorithm
    ) async throws(EffectError) -> KeyVersion? {
        if let error = random.refusalForKeys(Self.errors, in: "createKey") { throw error }
        let derivation = try await unlocking.derivation(random)
        if let refusal = derivation.refusal { throw Self.errors.error(.invalidArgument, in: "createKey", refusal) }
        let keys = try await OpenedKeys.make(derivation, unlocking, crypto)
        do throws(EffectError) {
            if let version = try await add(name, algorithm, to: keys, in: "createKey") { return version }
        } catch {
            await keys.forget(crypto)
            throw error
        }
        await keys.forget(crypto)
        return nil
    }

    /// Adds a version and keeps it; `nil` where another one changed the store meanwhile.
    func add(
        _ name: KeyName,
        _ algorithm: KeyAlgorithm,
        to keys: OpenedKeys,
        in operation: String
    ) async throws(EffectError) -> KeyVersion? {
        if let error = random.refusalForKeys(Self.errors, in: operation) { throw error }
        var keys = keys
        let version = KeyDocument.Version(
            name: name,
            number: keys.document.versions(of: name).count + 1,
            algorithm: algorithm,
            created: time.now.nanosecondsSinceEpoch,
            salt: random.bytes(KeyDocument.saltSize)
        )
        // Before it is kept: an algorithm that the crypto handler lacks must not be in the store.
        let id = try await keys.derive(version, crypto)
        do throws(EffectError) {
            keys.document.append(version)
            let bytes = try await keys.authenticated(crypto)
            keys.revision = try await keep(bytes, after: keys.revision, in: operation)
        } catch {
            await crypto.forget([id])
            if error.code == .preconditionFailed { return nil }
            throw error
        }
        // The store that was kept may have been read, and its version derived, by another caller already.
        if keys.handles.keep(id, of: version) != id { await crypto.forget([id]) }
        return try await usable(version, of: using(known.advance(to: keys), insteadOf: keys))
    }

    /// The store to use, once the handles of another one are deleted where it has some of its own.
    private func using(_ current: OpenedKeys, insteadOf keys: OpenedKeys) async -> OpenedKeys {
        if current.master != keys.master { await keys.forget(crypto) }
        return current
    }

    private func keep(
        _ bytes: [UInt8],
        after revision: StorageRevision?,
        in operation: String
    ) async throws(EffectError) -> StorageRevision {
        do throws(EffectError) {
            let condition = revision.map { StoragePrecondition.matches($0) } ?? .absent
            return try await storage.write(bytes, to: Self.storageKey, if: condition)
        } catch {
            let message = "The keys could not be kept; whether they were, 'aura keys list LOCATION' shows."
            throw Self.errors.error(error.code, in: operation, message, cause: error, outcome: error.outcome)
        }
    }

    /// A version with a handle, which is derived once.
    func usable(
        _ version: KeyDocument.Version,
        of keys: OpenedKeys
    ) async throws(EffectError) -> KeyVersion {
        keyVersion(version, try await keys.key(version, crypto))
    }

    private func keyVersion(_ version: KeyDocument.Version, _ id: KeyID) -> KeyVersion {
        KeyVersion(
            name: version.name,
            version: version.number,
            algorithm: version.algorithm,
            created: WallTime(nanosecondsSinceEpoch: version.created),
            id: id
        )
    }
}
