public import AuraEffects
internal import AuraRuntime

extension StoredObjectStorageHandler {
    /// Begins an object that is sent in parts.
    public func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        let operation = "beginUpload"
        try errors.checkCancellation(in: operation)
        try validation.check(key, in: operation)
        try validation.check(metadata, in: operation)
        let upload = ObjectUpload(key: key, id: bodies.newName(), metadata: metadata)
        do throws(EffectError) {
            _ = try await storage.write(UploadRecord(upload).encoded, to: places.upload(upload.id), if: .absent)
        } catch {
            throw mapped(error, in: operation)
        }
        return upload
    }

    /// Sends a part; a number that was sent before is replaced.
    public func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        let operation = "uploadPart"
        try errors.checkCancellation(in: operation)
        try validation.checkPart(number)
        try await checkGoesOn(upload, in: operation)
        let name = "\(number).\(bodies.newName())"
        do throws(EffectError) {
            let count = try await bodies.write(body, as: name, in: upload.id, atMost: .partBytes, in: operation)
            try errors.checkCancellation(in: operation)
            let run = ObjectRecord.Run(name: name, byteCount: count)
            try await storage.write(run.encoded, to: places.part(number, of: upload.id))
            // One that was ended meanwhile is tidied up already, without this part.
            try await checkGoesOn(upload, in: operation)
            return UploadedPart(number: number, tag: name, byteCount: count)
        } catch {
            if error.outcome == .notApplied {
                housekeeping.add(.part(number: number, run: name, group: upload.id))
            }
            throw mapped(error, in: operation)
        }
    }

    /// Stores the object that parts of an upload make up, and ends the upload.
    public func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        let operation = "completeUpload"
        try errors.checkCancellation(in: operation)
        try validation.check(parts)
        let revision = try await checkGoesOn(upload, in: operation)
        var runs: [ObjectRecord.Run] = []
        for part in parts {
            let run: ObjectRecord.Run?
            do throws(EffectError) {
                run = try await storage.read(places.part(part.number, of: upload.id))
                    .flatMap { ObjectRecord.Run($0.bytes) }
            } catch {
                throw mapped(error, in: operation)
            }
            guard let run, run.name == part.tag else {
                let message = "Part \(part.number) was not sent, or was replaced: name it as its last answer did."
                throw errors.error(.invalidArgument, in: operation, message)
            }
            runs.append(run)
        }
        let record = ObjectRecord(
            modified: bodies.time.now,
            metadata: upload.metadata,
            group: upload.id,
            chunkBytes: bodies.chunkBytes,
            runs: runs
        )
        let stored = try await commit(record, to: upload.key, if: precondition, in: operation) {
            [.remove(places.upload(upload.id), if: .matches(revision))]
        }
        housekeeping.add(.parts(group: upload.id, keeping: Set(runs.map(\.name))))
        return stored
    }

    /// Ends an upload and drops its parts; one that has ended stays as it is.
    public func abortUpload(_ upload: ObjectUpload) async throws(EffectError) {
        let operation = "abortUpload"
        try errors.checkCancellation(in: operation)
        do throws(EffectError) {
            guard let record = try await storage.read(places.upload(upload.id)) else { return }
            try await storage.transact([
                .remove(places.upload(upload.id), if: .matches(record.revision)),
                .write(Array("-".utf8), to: places.garbage(upload.id)),
            ])
            housekeeping.add(.group(upload.id))
        } catch {
            // It has ended meanwhile.
            guard error.code != .preconditionFailed else { return }
            throw mapped(error, in: operation)
        }
    }

    /// Fails where an upload has ended.
    @discardableResult
    private func checkGoesOn(
        _ upload: ObjectUpload,
        in operation: String
    ) async throws(EffectError) -> StorageRevision {
        let value: StoredValue?
        do throws(EffectError) {
            value = try await storage.read(places.upload(upload.id))
        } catch {
            throw mapped(error, in: operation)
        }
        guard let value, UploadRecord(value.bytes) == UploadRecord(upload) else {
            throw ended(upload.key, in: operation)
        }
        return value.revision
    }
}
