public import AuraEffects
internal import AuraRuntime
internal import Synchronization

extension MemoryObjectStorageHandler {
    /// Begins an object that is sent in parts.
    public func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        try errors.checkCancellation(in: "beginUpload")
        try validation.check(key, in: "beginUpload")
        try validation.check(metadata, in: "beginUpload")
        return contents.withLock { contents in
            let upload = ObjectUpload(key: key, id: contents.nextName(), metadata: metadata)
            contents.uploads[upload.id] = MemoryObjects.Upload(description: upload)
            return upload
        }
    }

    /// Sends a part; a number that was sent before is replaced.
    public func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        try errors.checkCancellation(in: "uploadPart")
        try validation.checkPart(number)
        let bytes = try await validation.collect(body, atMost: .partBytes, in: "uploadPart")
        try errors.checkCancellation(in: "uploadPart")
        return try contents.withLock { contents throws(EffectError) in
            guard contents.uploads[upload.id]?.description == upload else { throw ended(upload, in: "uploadPart") }
            let tag = contents.nextName()
            contents.uploads[upload.id]?.parts[number] = MemoryObjects.Upload.Part(bytes: bytes, tag: tag)
            return UploadedPart(number: number, tag: tag, byteCount: bytes.count)
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
        let now = time.now
        return try contents.withLock { contents throws(EffectError) in
            guard let sent = contents.uploads[upload.id], sent.description == upload else {
                throw ended(upload, in: operation)
            }
            var bytes: [UInt8] = []
            for part in parts {
                guard let found = sent.parts[part.number], found.tag == part.tag else {
                    let message = "Part \(part.number) was not sent, or was replaced: name it as its last answer did."
                    throw errors.error(.invalidArgument, in: operation, message)
                }
                bytes += found.bytes
            }
            let stored = contents.objects[upload.key]?.info.revision
            try errors.check(precondition, on: upload.key.text, stored: stored, in: operation)
            contents.uploads[upload.id] = nil
            return contents.store(bytes, under: upload.key, upload.metadata, at: now)
        }
    }

    /// Ends an upload and drops its parts; one that has ended stays as it is.
    public func abortUpload(_ upload: ObjectUpload) async throws(EffectError) {
        try errors.checkCancellation(in: "abortUpload")
        contents.withLock { $0.uploads[upload.id] = nil }
    }

    private func ended(_ upload: ObjectUpload, in operation: String) -> EffectError {
        let name = HandlerErrors.quote(upload.key.text)
        let message = "There is no such upload to \(name) (any more): begin another one."
        return errors.error(.notFound, in: operation, message)
    }
}
