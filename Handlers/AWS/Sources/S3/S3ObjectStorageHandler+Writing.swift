#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension EffectError {
    /// The failure of a request that comes before the one that stores the object: nothing was stored.
    var ofPart: EffectError {
        var error = self
        error.outcome = .notApplied
        return error
    }
}

extension S3ObjectStorageHandler {
    /// Stores an object: by one request where it fits into a part, and in parts side by side otherwise.
    ///
    /// Where the answer to a conditional write is lost, the object is read back: it says who stored it.
    @discardableResult
    public func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "put")
        try validation.check(key, in: "put")
        try check(metadata, in: "put")
        var source = BodySource(body, atMost: capabilities.limit(.objectBytes), operation: "put", errors: errors)
        try source.begin()
        var first = try await source.take(configuration.partBytes)
        guard source.isAtEnd else {
            return try await putInParts(&first, source, to: key, metadata, if: precondition)
        }
        return try await putAtOnce(first, to: key, metadata, if: precondition, for: "put")
    }

    /// Stores an object by one request.
    func putAtOnce(
        _ bytes: [UInt8],
        to key: ObjectKey,
        _ metadata: ObjectMetadata,
        if precondition: CloudPrecondition,
        for method: String
    ) async throws(EffectError) -> CloudRevision {
        let isConditional = precondition != .none
        let write = isConditional ? makeWriteName() : nil
        var parts = S3Client.Parts()
        parts.fields = S3Metadata.fields(of: metadata, write: write) + Self.checksum(of: bytes).fields
        parts.fields += S3Client.fields(of: precondition)
        parts.body = .bytes(bytes)
        parts.isIdempotent = !isConditional
        parts.changes = true
        // The condition names a version, and there is none.
        parts.meanings = ["NoSuchKey": .preconditionFailed]
        let sent: Result<HTTPResponse, EffectError>
        do throws(EffectError) {
            sent = .success(try await client.send(.putObject, .put, key, parts, for: method))
        } catch {
            sent = .failure(error)
        }
        switch sent {
        case .success(let response):
            guard let tag = response.fields["etag"] else { throw unnamed(in: method) }
            return S3Client.revision(of: tag)
        case .failure(let error):
            return try await settle(error, of: write, to: key)
        }
    }

    private func unnamed(in method: String) -> EffectError {
        errors.error(
            .unavailable,
            in: method,
            "The object was stored, and the answer has no 'ETag': see whether the endpoint is that of an object store.",
            isRetryable: false,
            outcome: .unknown
        )
    }

    /// Finds out what became of a conditional write whose answer was lost.
    ///
    /// A refusal is looked at too: somebody on the way may have sent the write twice, and the first one went through.
    ///
    /// - Parameters:
    ///   - error: How the write failed.
    ///   - write: The write's name; `nil` for one without a condition.
    ///   - key: What was written.
    /// - Returns: The revision, where the object is that write's.
    /// - Throws: `error`, where it is not: the write may still be on its way.
    func settle(
        _ error: EffectError,
        of write: String?,
        to key: ObjectKey
    ) async throws(EffectError) -> CloudRevision {
        let isDoubtful = error.outcome == .unknown || error.code == .preconditionFailed
        guard let write, isDoubtful, !Task.isCancelled else { throw error }
        guard let found = try? await head(key, isPart: true, for: error.operation), found.write == write else {
            throw error
        }
        return found.info.revision
    }

    /// The fields of a checksum, and what an answer is told by them.
    static func checksum(of bytes: [UInt8]) -> (fields: [HTTPField], check: CRC32) {
        var check = CRC32(.castagnoli)
        check.update(bytes)
        let fields = [
            HTTPField("x-amz-sdk-checksum-algorithm", "CRC32C"),
            HTTPField(ChunkedPayload.checksumField, Base64.string(check.bytes)),
        ]
        return (fields, check)
    }

    // MARK: In parts

    /// Stores an object in parts that are sent side by side; a failure drops them.
    ///
    /// The first part is taken out of `first`, so that it is not kept in memory beyond its time.
    private func putInParts(
        _ first: inout [UInt8],
        _ source: BodySource,
        to key: ObjectKey,
        _ metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        let upload = try await create(key, metadata, for: "put", isPart: true)
        do throws(EffectError) {
            let sent: [UploadedPart]
            do throws(EffectError) {
                sent = try await send(&first, source, in: upload)
                try errors.checkCancellation(in: "put")
            } catch {
                throw error.ofPart
            }
            return try await complete(upload, sent, if: precondition, for: "put", isPart: true)
        } catch {
            if error.outcome == .notApplied { await drop(upload, for: "put") }
            throw error
        }
    }

    /// Drops an upload's parts, which cost money until that is done.
    ///
    /// The task may be cancelled, and its time may be over: a task that knows nothing of either does it.
    func drop(_ upload: ObjectUpload, for method: String) async {
        await Task.detached { [self] in _ = try? await abort(upload, for: method, isPart: true) }.value
    }

    private func send(
        _ first: inout [UInt8],
        _ source: BodySource,
        in upload: ObjectUpload
    ) async throws(EffectError) -> [UploadedPart] {
        typealias Sent = Result<UploadedPart, EffectError>
        let outcome = await withTaskGroup(of: Sent.self, returning: Result<[UploadedPart], EffectError>.self) { group in
            var source = source
            var bytes: [UInt8] = []
            swap(&bytes, &first)
            var number = 0
            var underWay = 0
            var parts: [UploadedPart] = []
            var failure: EffectError?
            while failure == nil {
                number += 1
                let (part, place) = (bytes, number)
                bytes = []
                group.addTask { [self] in
                    do throws(EffectError) {
                        return .success(try await sendPart(place, of: upload, part, for: "put", isPart: true))
                    } catch {
                        return .failure(error)
                    }
                }
                underWay += 1
                if source.isAtEnd { break }
                // Before the next bytes are taken, so that no more parts are in memory than may be.
                if underWay == configuration.parallelParts {
                    failure = await Self.collect(&group, into: &parts)
                    underWay -= 1
                }
                guard failure == nil else { break }
                do throws(EffectError) {
                    bytes = try await source.take(configuration.partBytes)
                } catch {
                    failure = error
                }
            }
            if failure != nil { group.cancelAll() }
            while !group.isEmpty {
                let next = await Self.collect(&group, into: &parts)
                if failure == nil, let next {
                    failure = next
                    group.cancelAll()
                }
            }
            return failure.map { .failure($0) } ?? .success(parts.sorted { $0.number < $1.number })
        }
        return try outcome.get()
    }

    private static func collect(
        _ group: inout TaskGroup<Result<UploadedPart, EffectError>>,
        into parts: inout [UploadedPart]
    ) async -> EffectError? {
        switch await group.next() {
        case .success(let part):
            parts.append(part)
            return nil
        case .failure(let error): return error
        case nil: return nil
        }
    }
}
#endif
