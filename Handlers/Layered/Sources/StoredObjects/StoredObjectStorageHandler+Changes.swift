internal import AuraEffects
internal import AuraRuntime

extension StoredObjectStorageHandler {
    /// An object as it lies in the storage.
    struct Stored: Sendable {
        var info: ObjectInfo
        var record: ObjectRecord
        var storageRevision: StorageRevision
    }

    func stored(_ key: ObjectKey, in operation: String) async throws(EffectError) -> Stored? {
        let value: StoredValue?
        do throws(EffectError) {
            value = try await storage.read(places.object(key))
        } catch {
            throw mapped(error, in: operation)
        }
        guard let value else { return nil }
        guard let record = ObjectRecord(value.bytes) else {
            let message =
                "The record of \(HandlerErrors.quote(key.text)) is damaged, or none of this bucket: remove it, or give the bucket "
                + "a prefix that no other key has."
            throw errors.error(.corrupted, in: operation, message)
        }
        let info = ObjectInfo(
            key: key,
            revision: CloudRevision(value.revision),
            byteCount: record.byteCount,
            metadata: record.metadata,
            modified: record.modified
        )
        return Stored(info: info, record: record, storageRevision: value.revision)
    }

    /// Stores the bytes of a body, and then the object's record.
    func store(
        _ body: ByteStream,
        _ metadata: ObjectMetadata,
        to key: ObjectKey,
        if precondition: CloudPrecondition,
        in operation: String
    ) async throws(EffectError) -> CloudRevision {
        let group = bodies.newName()
        do throws(EffectError) {
            try await bodies.begin(group)
            let count = try await bodies.write(body, as: "0", in: group, atMost: .objectBytes, in: operation)
            let record = ObjectRecord(
                modified: bodies.time.now,
                metadata: metadata,
                group: group,
                chunkBytes: bodies.chunkBytes,
                runs: [ObjectRecord.Run(name: "0", byteCount: count)]
            )
            return try await commit(record, to: key, if: precondition, in: operation) {
                [.remove(places.garbage(group))]
            }
        } catch {
            // Where the outcome is unknown the mark says what becomes of the chunks.
            if error.outcome == .notApplied { housekeeping.add(.group(group)) }
            throw mapped(error, in: operation)
        }
    }

    /// Writes the record of an object whose bytes are there.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - key: The object's key.
    ///   - precondition: What must be stored there now.
    ///   - operation: The operation's name.
    ///   - besides: What is changed in the same transaction.
    /// - Returns: The object's version.
    /// - Throws: ``EffectError``.
    func commit(
        _ record: ObjectRecord,
        to key: ObjectKey,
        if precondition: CloudPrecondition,
        in operation: String,
        besides: () -> [StorageMutation]
    ) async throws(EffectError) -> CloudRevision {
        let besides = besides()
        let revisions = try await change(key, if: precondition, in: operation) { stored in
            let condition = stored.map { StoragePrecondition.matches($0.storageRevision) } ?? .absent
            return [.write(record.encoded, to: places.object(key), if: condition)] + besides
        }
        guard let revision = revisions.first ?? nil else { fatalError("A write without a revision.") }
        return CloudRevision(revision)
    }

    /// Changes what is stored under a key, and marks the chunks of what was there; judged again where others were faster.
    @discardableResult
    func change(
        _ key: ObjectKey,
        if precondition: CloudPrecondition,
        in operation: String,
        _ mutations: (Stored?) -> [StorageMutation]
    ) async throws(EffectError) -> [StorageRevision?] {
        while true {
            try errors.checkCancellation(in: operation)
            let stored = try await stored(key, in: operation)
            try errors.check(precondition, on: key.text, stored: stored?.info.revision, in: operation)
            let changes = mutations(stored)
            if changes.isEmpty { return [] }
            let old = stored?.record.group
            let marks = old.map { [StorageMutation.write(Array("-".utf8), to: places.garbage($0))] } ?? []
            do throws(EffectError) {
                let revisions = try await storage.transact(changes + marks)
                if let old { housekeeping.add(.group(old)) }
                return revisions
            } catch {
                guard error.code == .preconditionFailed else { throw mapped(error, in: operation) }
                try await checkBesides(changes, key, in: operation)
            }
        }
    }

    /// Fails where it was not the object that had changed meanwhile, but an upload that has ended.
    private func checkBesides(
        _ changes: [StorageMutation],
        _ key: ObjectKey,
        in operation: String
    ) async throws(EffectError) {
        for change in changes where change.key != places.object(key) {
            guard case .matches(let revision) = change.precondition else { continue }
            let found = try await storage.read(change.key)
            if found?.revision != revision { throw ended(key, in: operation) }
        }
    }

    func ended(_ key: ObjectKey, in operation: String) -> EffectError {
        let name = HandlerErrors.quote(key.text)
        let message = "There is no such upload to \(name) (any more): begin another one."
        return errors.error(.notFound, in: operation, message)
    }

    /// An error of the storage as this handler's.
    func mapped(_ error: EffectError, in operation: String) -> EffectError {
        guard error.effect == StorageEffect.name else { return error }
        var mapped = errors.error(
            error.code,
            in: operation,
            error.message,
            cause: error,
            isRetryable: error.isRetryable,
            outcome: error.outcome
        )
        mapped.retryAfter = error.retryAfter
        return mapped
    }
}

extension CloudRevision {
    /// The version of an object: that of its record.
    fileprivate init(_ revision: StorageRevision) {
        self.init(rawValue: String(revision.rawValue))
    }
}
