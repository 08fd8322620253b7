#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension S3ObjectStorageHandler {
    /// Copies an object with its metadata within the bucket.
    ///
    /// One with a precondition, and one of more than 5 GiB, is copied as an upload in parts: S3's own copy heeds no condition
    /// on what it replaces everywhere, and takes no larger object.
    @discardableResult
    public func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "copy")
        try validation.check(source, in: "copy")
        try validation.check(key, in: "copy")
        guard source != key else {
            let message = "The object would be copied onto itself: name another key."
            throw errors.error(.invalidArgument, in: "copy", message)
        }
        guard precondition == .none else {
            return try await copyInParts(source, matching: revision, to: key, if: precondition)
        }
        do throws(EffectError) {
            return try await copyAtOnce(source, matching: revision, to: key)
        } catch {
            guard error.code == .invalidArgument, let found = try await head(source, for: "copy"),
                found.info.byteCount > Self.mostBytesAtOnce
            else { throw error }
            return try await copyInParts(source, matching: revision, to: key, if: .none)
        }
    }

    private func copyAtOnce(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey
    ) async throws(EffectError) -> CloudRevision {
        var parts = S3Client.Parts()
        parts.fields = Self.source(client.address.source(source), matching: revision)
        parts.changes = true
        let response = try await client.send(.copyObject, .put, key, parts, for: "copy")
        let document = try await client.document(of: response, for: "copy", outcome: .unknown)
        return S3Client.revision(of: try tag(document))
    }

    private static func source(_ source: String, matching revision: CloudRevision?) -> [HTTPField] {
        let condition = revision.map { HTTPField("x-amz-copy-source-if-match", S3Client.quoted($0)) }
        return [HTTPField("x-amz-copy-source", source)] + (condition.map { [$0] } ?? [])
    }

    private func tag(_ document: XMLElement) throws(EffectError) -> String {
        if let tag = document.text("ETag") { return tag }
        let message = "The answer has no 'ETag': see whether the endpoint is that of an object store."
        throw errors.error(.unavailable, in: "copy", message, isRetryable: false, outcome: .unknown)
    }

    private func copyInParts(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        var triesLeft = 3
        while true {
            guard let found = try await head(source, matching: revision, for: "copy") else {
                let message = "There is no object \(HandlerErrors.quote(source.text)) to copy."
                throw errors.error(.notFound, in: "copy", message)
            }
            // S3 copies no part of an empty object.
            guard found.info.byteCount > 0 else {
                return try await putAtOnce([], to: key, found.info.metadata, if: precondition, for: "copy")
            }
            let upload = try await create(key, found.info.metadata, for: "copy", isPart: false)
            let copied: Result<CloudRevision?, EffectError>
            do throws(EffectError) {
                let parts: [UploadedPart]?
                do throws(EffectError) {
                    parts = try await copyParts(of: found.info, into: upload)
                } catch {
                    throw error.ofPart
                }
                if let parts {
                    copied = .success(try await complete(upload, parts, if: precondition, for: "copy", isPart: true))
                } else {
                    copied = .success(nil)
                }
            } catch {
                copied = .failure(error)
            }
            if case .success(let revision?) = copied { return revision }
            if case .failure(let error) = copied, error.outcome == .unknown { throw error }
            await drop(upload, for: "copy")
            _ = try copied.get()
            // The source was replaced meanwhile.
            triesLeft -= 1
            guard revision == nil, triesLeft > 0 else {
                let message =
                    "The object \(HandlerErrors.quote(source.text)) has another revision than the caller asks for."
                throw errors.error(.preconditionFailed, in: "copy", message)
            }
        }
    }

    /// Copies an object as parts of an upload.
    ///
    /// - Parameters:
    ///   - info: The object.
    ///   - upload: The upload.
    /// - Returns: The parts; `nil` where the object was replaced meanwhile.
    /// - Throws: ``EffectError`` of a request.
    private func copyParts(
        of info: ObjectInfo,
        into upload: ObjectUpload
    ) async throws(EffectError) -> [UploadedPart]? {
        let id = try id(of: upload, for: "copy").id
        var copied: [UploadedPart] = []
        var offset = 0
        while offset < info.byteCount {
            let count = min(info.byteCount - offset, info.byteCount <= Self.mostBytesAtOnce ? .max : Self.copiedPart)
            var parts = S3Client.Parts()
            parts.query = [("partNumber", String(copied.count + 1)), ("uploadId", id)]
            parts.fields = Self.source(client.address.source(info.key), matching: info.revision)
            if count < info.byteCount {
                parts.fields.append(HTTPField("x-amz-copy-source-range", "bytes=\(offset)-\(offset + count - 1)"))
            }
            parts.changes = true
            parts.isPart = true
            parts.meanings = ["NoSuchKey": .preconditionFailed]
            do throws(EffectError) {
                let response = try await client.send(.uploadPartCopy, .put, upload.key, parts, for: "copy")
                let document = try await client.document(of: response, for: "copy")
                let tag = S3PartTag(tag: S3Client.revision(of: try tag(document)).rawValue, check: nil)
                copied.append(UploadedPart(number: copied.count + 1, tag: tag.text, byteCount: count))
            } catch {
                if error.code == .preconditionFailed { return nil }
                throw error
            }
            offset += count
        }
        return copied
    }

    /// 5 TiB in no more parts than there may be, and few requests.
    private static let copiedPart = 1 << 30
}
#endif
