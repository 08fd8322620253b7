#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

/// An upload's id as ``ObjectUpload`` has it: the name of the write that it ends with, and S3's id.
struct S3UploadID {
    let write: String
    let id: String

    init(write: String, id: String) {
        self.write = write
        self.id = id
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        self.init(write: String(parts[0]), id: String(parts[1]))
    }

    var text: String { "\(write)/\(id)" }
}

/// A part's tag as ``UploadedPart`` has it: S3's tag, and the checksum that the whole object's is made up from.
struct S3PartTag {
    let tag: String
    let check: UInt32?

    init(tag: String, check: UInt32?) {
        self.tag = tag
        self.check = check
    }

    init(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        tag = parts.first.map { String($0) } ?? ""
        check = parts.count == 2 ? UInt32(parts[1], radix: 16) : nil
    }

    var text: String { check.map { "\(tag) \(String($0, radix: 16))" } ?? tag }
}

extension S3ObjectStorageHandler {
    /// Begins an object that is sent in parts, with a checksum of all of it.
    public func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        try errors.checkCancellation(in: "beginUpload")
        try validation.check(key, in: "beginUpload")
        try check(metadata, in: "beginUpload")
        return try await create(key, metadata, for: "beginUpload", isPart: false)
    }

    func create(
        _ key: ObjectKey,
        _ metadata: ObjectMetadata,
        for method: String,
        isPart: Bool
    ) async throws(EffectError) -> ObjectUpload {
        let write = makeWriteName()
        var parts = S3Client.Parts()
        parts.query = [("uploads", nil)]
        parts.fields = S3Metadata.fields(of: metadata, write: write)
        parts.fields += [
            HTTPField("x-amz-checksum-algorithm", "CRC32C"), HTTPField("x-amz-checksum-type", "FULL_OBJECT"),
        ]
        // One that began unnoticed has no effect that anybody sees but on the bill: what aborts those by age ends it too.
        parts.isPart = isPart
        parts.isIdempotent = isPart
        parts.changes = true
        let response = try await client.send(.createMultipartUpload, .post, key, parts, for: method)
        let document = try await client.document(of: response, for: method, outcome: .unknown)
        guard let id = document.text("UploadId"), !id.isEmpty else {
            let message = "The answer names no upload: see whether the endpoint is that of an object store."
            throw errors.error(.unavailable, in: method, message, isRetryable: false, outcome: .unknown)
        }
        return ObjectUpload(key: key, id: S3UploadID(write: write, id: id).text, metadata: metadata)
    }

    func id(of upload: ObjectUpload, for method: String) throws(EffectError) -> S3UploadID {
        if let id = S3UploadID(upload.id) { return id }
        throw errors.error(.notFound, in: method, "The upload is none of this handler: begin another one.")
    }

    /// Sends a part.
    ///
    /// One of known length that is larger than the handler's own parts is sent as it comes; one of unknown length may be no
    /// larger.
    public func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        let operation = "uploadPart"
        try errors.checkCancellation(in: operation)
        try validation.checkPart(number)
        var source = BodySource(body, atMost: Self.mostBytesAtOnce, operation: operation, errors: errors)
        try source.begin()
        if let count = body.byteCount, count > configuration.partBytes {
            return try await streamPart(number, of: upload, body, byteCount: count)
        }
        let bytes = try await source.take(configuration.partBytes)
        guard source.isAtEnd else {
            let message =
                "A part of unknown length has at most \(configuration.partBytes) bytes, which are kept until all are there: "
                + "announce its length, or send smaller parts."
            throw errors.error(.invalidArgument, in: operation, message)
        }
        return try await sendPart(number, of: upload, bytes, for: operation, isPart: false)
    }

    /// Sends a part whose bytes are there.
    func sendPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ bytes: [UInt8],
        for method: String,
        isPart: Bool
    ) async throws(EffectError) -> UploadedPart {
        let (fields, check) = Self.checksum(of: bytes)
        var parts = try partRequest(number, of: upload, for: method)
        parts.fields = fields
        parts.body = .bytes(bytes)
        parts.isPart = isPart
        let response = try await client.send(.uploadPart, .put, upload.key, parts, for: method)
        return try uploaded(number, response, bytes.count, check.value, for: method)
    }

    private func streamPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream,
        byteCount: Int
    ) async throws(EffectError) -> UploadedPart {
        var parts = try partRequest(number, of: upload, for: "uploadPart")
        let checked = CheckedBody(body, byteCount: byteCount, operation: "uploadPart", errors: errors)
        parts.fields = [HTTPField("x-amz-sdk-checksum-algorithm", "CRC32C")]
        parts.body = .stream(checked.stream, byteCount: byteCount)
        parts.isIdempotent = body.isRepeatable
        let response: HTTPResponse
        do throws(EffectError) {
            response = try await client.send(.uploadPart, .put, upload.key, parts, for: "uploadPart")
        } catch {
            // What the body itself threw counts, not what became of the request by it.
            if let failure = checked.failure, failure.code != .cancelled || Task.isCancelled { throw failure }
            throw error
        }
        return try uploaded(number, response, byteCount, checked.check, for: "uploadPart")
    }

    private func partRequest(
        _ number: Int,
        of upload: ObjectUpload,
        for method: String
    ) throws(EffectError) -> S3Client.Parts {
        var parts = S3Client.Parts()
        parts.query = [("partNumber", String(number)), ("uploadId", try id(of: upload, for: method).id)]
        parts.changes = true
        return parts
    }

    private func uploaded(
        _ number: Int,
        _ response: HTTPResponse,
        _ byteCount: Int,
        _ check: UInt32?,
        for method: String
    ) throws(EffectError) -> UploadedPart {
        guard let tag = response.fields["etag"] else {
            let message = "The answer has no 'ETag': see whether the endpoint is that of an object store."
            throw errors.error(.unavailable, in: method, message, isRetryable: false)
        }
        let named = S3PartTag(tag: S3Client.revision(of: tag).rawValue, check: check)
        return UploadedPart(number: number, tag: named.text, byteCount: byteCount)
    }

    /// Stores the object that parts make up; S3 checks the number of its bytes and their checksum.
    public func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "completeUpload")
        try validation.check(parts)
        return try await complete(upload, parts, if: precondition, for: "completeUpload", isPart: false)
    }

    func complete(
        _ upload: ObjectUpload,
        _ uploaded: [UploadedPart],
        if precondition: CloudPrecondition,
        for method: String,
        isPart: Bool
    ) async throws(EffectError) -> CloudRevision {
        let id = try id(of: upload, for: method)
        var parts = S3Client.Parts()
        parts.query = [("uploadId", id.id)]
        parts.body = .bytes(Array(Self.document(of: uploaded).utf8))
        parts.fields = [HTTPField("content-type", "application/xml")] + S3Client.fields(of: precondition)
        parts.fields.append(HTTPField("x-amz-mp-object-size", String(uploaded.reduce(0) { $0 + $1.byteCount })))
        if let check = Self.check(of: uploaded) {
            parts.fields += [
                HTTPField("x-amz-checksum-type", "FULL_OBJECT"),
                HTTPField(ChunkedPayload.checksumField, Base64.string(check.bytes)),
            ]
        }
        parts.isPart = isPart
        // It takes effect once: a repetition after that finds no upload, and the object says whose it is.
        parts.changes = true
        parts.meanings = ["NoSuchKey": .preconditionFailed]
        do throws(EffectError) {
            let response = try await client.send(.completeMultipartUpload, .post, upload.key, parts, for: method)
            let document = try await client.document(of: response, for: method, outcome: .unknown)
            guard let tag = document.text("ETag") else {
                let message = "The answer has no 'ETag': see whether the endpoint is that of an object store."
                throw errors.error(.unavailable, in: method, message, isRetryable: false, outcome: .unknown)
            }
            return S3Client.revision(of: tag)
        } catch {
            return try await settle(error, of: id.write, to: upload.key)
        }
    }

    private static func document(of parts: [UploadedPart]) -> String {
        let lines = parts.map { part in
            let tag = S3PartTag(part.tag).tag
            return "<Part><PartNumber>\(part.number)</PartNumber><ETag>&quot;\(XMLText.escape(tag))&quot;</ETag></Part>"
        }
        let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
        return "<CompleteMultipartUpload xmlns=\"\(namespace)\">\(lines.joined())</CompleteMultipartUpload>"
    }

    /// The checksum of the object that parts make up; `nil` where that of a part is not known.
    private static func check(of parts: [UploadedPart]) -> CRC32? {
        var whole = CRC32(.castagnoli)
        for part in parts {
            guard let check = S3PartTag(part.tag).check else { return nil }
            whole.append(CRC32(.castagnoli, value: check, byteCount: part.byteCount))
        }
        return whole
    }

    /// Ends an upload and drops its parts; one that has ended stays as it is.
    public func abortUpload(_ upload: ObjectUpload) async throws(EffectError) {
        try errors.checkCancellation(in: "abortUpload")
        try await abort(upload, for: "abortUpload", isPart: false)
    }

    func abort(_ upload: ObjectUpload, for method: String, isPart: Bool) async throws(EffectError) {
        var parts = S3Client.Parts()
        parts.query = [("uploadId", try id(of: upload, for: method).id)]
        parts.isPart = isPart
        parts.changes = true
        do throws(EffectError) {
            _ = try await client.send(.abortMultipartUpload, .delete, upload.key, parts, for: method)
        } catch {
            if error.code != .notFound { throw error }
        }
    }
}
#endif
