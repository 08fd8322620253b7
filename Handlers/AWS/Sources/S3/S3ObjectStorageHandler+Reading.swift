#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension S3ObjectStorageHandler {
    /// What is known of an object without its body.
    public func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? {
        try errors.checkCancellation(in: "info")
        try validation.check(key, in: "info")
        return try await head(key, for: "info")?.info
    }

    /// An object's head: what is known of it, and the name of the conditional write that stored it.
    func head(
        _ key: ObjectKey,
        matching revision: CloudRevision? = nil,
        isPart: Bool = false,
        for method: String
    ) async throws(EffectError) -> (info: ObjectInfo, write: String?)? {
        var parts = S3Client.Parts()
        parts.isPart = isPart
        if let revision { parts.fields.append(HTTPField("if-match", S3Client.quoted(revision))) }
        let response: HTTPResponse
        do throws(EffectError) {
            response = try await client.send(.headObject, .head, key, parts, for: method)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        guard let count = response.fields["content-length"].flatMap({ Int($0) }), count >= 0 else {
            throw incomplete("Content-Length", in: method)
        }
        return (try info(of: key, response, byteCount: count, for: method), response.fields[S3Metadata.writeField])
    }

    private func info(
        of key: ObjectKey,
        _ response: HTTPResponse,
        byteCount: Int,
        for method: String
    ) throws(EffectError) -> ObjectInfo {
        guard let tag = response.fields["etag"] else { throw incomplete("ETag", in: method) }
        guard let modified = response.fields["last-modified"].flatMap({ HTTPDate.time($0) }) else {
            throw incomplete("Last-Modified", in: method)
        }
        return ObjectInfo(
            key: key,
            revision: S3Client.revision(of: tag),
            byteCount: byteCount,
            metadata: S3Metadata.metadata(of: response.fields),
            modified: modified
        )
    }

    private func incomplete(_ field: String, in method: String) -> EffectError {
        let message =
            "The answer has no '\(field)' that can be read: see whether the endpoint is that of an object store."
        return errors.error(.unavailable, in: method, message, isRetryable: false)
    }

    /// Opens an object for reading; a body whose connection breaks goes on where it was, as long as that version is stored.
    public func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        try errors.checkCancellation(in: "get")
        try validation.check(key, in: "get")
        // What no object could have.
        if let range { _ = try validation.bytes(of: range, in: .max) }
        do throws(EffectError) {
            return try await open(key, range, condition)
        } catch {
            // S3 refuses every range of an empty object.
            guard error.code == .invalidArgument, let range, range.offset == 0 else { throw error }
            guard let content = try await open(key, nil, condition) else { return nil }
            guard content.info.byteCount == 0 else { throw error }
            return content
        }
    }

    private func open(
        _ key: ObjectKey,
        _ range: ObjectRange?,
        _ condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        var parts = S3Client.Parts()
        switch condition {
        case .none: break
        case .matches(let revision): parts.fields.append(HTTPField("if-match", S3Client.quoted(revision)))
        case .differs(let revision): parts.fields.append(HTTPField("if-none-match", S3Client.quoted(revision)))
        }
        let isWhole = range.map { $0.offset == 0 && $0.count == nil } ?? true
        if isWhole {
            parts.fields.append(HTTPField("x-amz-checksum-mode", "ENABLED"))
        } else if let range {
            let (last, isBeyond) = range.offset.addingReportingOverflow((range.count ?? 0) - 1)
            let end = range.count == nil || isBeyond ? "" : String(last)
            parts.fields.append(HTTPField("range", "bytes=\(range.offset)-\(end)"))
        }
        let response: HTTPResponse
        do throws(EffectError) {
            response = try await client.send(.getObject, .get, key, parts, for: "get")
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        let (bytes, whole) = try extent(of: response)
        let info = try info(of: key, response, byteCount: whole, for: "get")
        let check = isWhole ? S3BodyCheck(response.fields) : nil
        let body = S3Body(client, info, bytes, response.body, check)
        return ObjectContent(
            info: info,
            range: bytes,
            body: ByteStream(byteCount: bytes.count) { _ throws(EffectError) in try await body.next() }
        )
    }

    /// Which bytes an answer has, and how many the object has.
    private func extent(of response: HTTPResponse) throws(EffectError) -> (Range<Int>, Int) {
        guard response.status == 206 else {
            guard let count = response.fields["content-length"].flatMap({ Int($0) }), count >= 0 else {
                throw incomplete("Content-Length", in: "get")
            }
            return (0..<count, count)
        }
        // Such as 'bytes 0-99/1234'.
        let text = response.fields["content-range"] ?? ""
        let numbers = text.split(whereSeparator: { !$0.isASCII || !$0.isNumber }).compactMap { Int($0) }
        guard text.hasPrefix("bytes "), numbers.count == 3, numbers[0] <= numbers[1], numbers[1] < numbers[2] else {
            throw incomplete("Content-Range", in: "get")
        }
        return (numbers[0]..<numbers[1] + 1, numbers[2])
    }
}
#endif
