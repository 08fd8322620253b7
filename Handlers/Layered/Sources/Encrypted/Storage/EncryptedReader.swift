internal import AuraEffects
internal import AuraRuntime

/// Reads values and compares them with the manifest, which others may change meanwhile.
struct EncryptedReader: Sendable {
    let inner: any StorageEffects
    let sealer: Sealer
    let manifest: ManifestStore

    /// How a value and what the manifest says of it do not agree.
    enum Disagreement: String {
        case bucket = "cannot be told from an earlier one, since its part of the manifest was altered or put back"
        case missing = "was removed from what is underneath"
        case unknown = "was put into what is underneath, or put back after its removal"
        case other = "was exchanged for another one, or put back to an earlier one"
    }

    /// The value under a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - operation: The operation's name, for errors.
    /// - Returns: The value; `nil` where there is none.
    /// - Throws: ``EffectError`` with `corrupted` where value and manifest do not agree.
    func read(_ key: StorageKey, in operation: String) async throws(EffectError) -> StoredValue? {
        do throws(EffectError) {
            return try await agreedValue(key, in: operation)
        } catch {
            throw error.handler == sealer.errors.handler ? error : sealer.errors.mapped(error, in: operation)
        }
    }

    private func agreedValue(_ key: StorageKey, in operation: String) async throws(EffectError) -> StoredValue? {
        let place = EncryptedPlaces.value(key)
        let subject = SealedSubject.value(key)
        let manifestKey = ManifestKey(key)
        var lastRevision: StorageRevision??
        var looksAtSame = 0
        while true {
            // In this order: what agrees with a root that was read later is what is stored then.
            let value = try await inner.read(place)
            let root = try await manifest.root(in: operation)
            let stamp = root.contents.stamps[manifestKey.bucket]
            let bucket = try await manifest.bucket(manifestKey.bucket, stamp: stamp, in: operation)
            guard let disagreement = Disagreement(of: value, with: bucket, manifestKey) else {
                guard var value else { return nil }
                value.bytes = try await sealer.open(value.bytes, as: subject, in: operation)
                return value
            }
            // Between three looks at the same root nothing was committed: what does not agree was not written here.
            looksAtSame = lastRevision == .some(root.revision) ? looksAtSame + 1 : 0
            lastRevision = .some(root.revision)
            if looksAtSame == 2 {
                if let value { _ = try sealer.header(of: value.bytes, subject, in: operation) }
                throw sealer.corrupted(subject, disagreement.rawValue, in: operation)
            }
        }
    }
}

extension EncryptedReader.Disagreement {
    /// Compares a value as it is stored with its part of the manifest; `nil` where they agree.
    init?(of value: StoredValue?, with bucket: ManifestBucket?, _ key: ManifestKey) {
        guard let bucket else {
            self = .bucket
            return
        }
        switch (value, bucket[key]) {
        case (nil, nil): return nil
        case (nil, _): self = .missing
        case (_, nil): self = .unknown
        case (let value?, let entry?):
            if (try? SealedHeader(of: value.bytes))?.stamp == entry.stamp { return nil }
            self = .other
        }
    }
}
