#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

/// What S3 can do with a bucket beyond the objects of every provider: versions, and uploads that were left behind.
public struct S3Bucket: Sendable {
    let handler: S3ObjectStorageHandler

    /// A version of an object, or the mark of its removal.
    public struct Version: Sendable, Hashable {
        /// The object's key.
        public var key: ObjectKey
        /// The version's id; `null` for what was stored before the bucket had versions.
        public var id: String
        /// Whether it is the newest one.
        public var isLatest: Bool
        /// Whether it is the mark of a removal.
        public var isRemoval: Bool
    }

    /// A page of versions.
    public struct VersionPage: Sendable {
        /// The versions, by their keys, the newest first.
        public var versions: [Version]
        /// Where the next page begins; `nil` on the last page.
        public var next: PageToken?
    }

    /// A page of the versions of the objects whose keys begin with a prefix.
    ///
    /// - Parameters:
    ///   - prefix: What the keys' bytes begin with; empty for all.
    ///   - token: The `next` of the page before; `nil` for the first page.
    /// - Returns: The page.
    /// - Throws: ``EffectError``, as the handler's listing does.
    public func versions(prefix: String = "", after token: PageToken? = nil) async throws(EffectError) -> VersionPage {
        var parts = S3Client.Parts()
        parts.query = [("versions", nil), ("encoding-type", "url")]
        if !prefix.isEmpty { parts.query.append(("prefix", prefix)) }
        if let token {
            let markers = token.rawValue.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            parts.query.append(("key-marker", String(markers[0])))
            if markers.count == 2 { parts.query.append(("version-id-marker", String(markers[1]))) }
        }
        let document = try await list(.listObjectVersions, parts, for: "versions")
        var versions: [Version] = []
        for entry in document.children where entry.name == "Version" || entry.name == "DeleteMarker" {
            guard let key = entry.text("Key").flatMap({ S3Keys.decode($0) }), let id = entry.text("VersionId") else {
                continue
            }
            versions.append(
                Version(
                    key: ObjectKey(key),
                    id: id,
                    isLatest: entry.text("IsLatest") == "true",
                    isRemoval: entry.name == "DeleteMarker"
                )
            )
        }
        guard document.text("IsTruncated") == "true",
            let key = document.text("NextKeyMarker").flatMap({ S3Keys.decode($0) })
        else { return VersionPage(versions: versions, next: nil) }
        let marker = document.text("NextVersionIdMarker").map { "\(key)\n\($0)" } ?? key
        return VersionPage(versions: versions, next: PageToken(rawValue: marker))
    }

    /// Removes one version of an object for good; one that is gone stays gone.
    ///
    /// - Parameters:
    ///   - version: The version's id.
    ///   - key: The object's key.
    /// - Throws: ``EffectError``, as the handler's removal does.
    public func removeVersion(_ version: String, of key: ObjectKey) async throws(EffectError) {
        let operation = "removeVersion"
        try handler.errors.checkCancellation(in: operation)
        try handler.validation.check(key, in: operation)
        var parts = S3Client.Parts()
        parts.query = [("versionId", version)]
        parts.changes = true
        _ = try await handler.client.send(.deleteObject, .delete, key, parts, for: operation)
    }

    /// The parts of an upload that have arrived, for going on with one whose sender is gone.
    ///
    /// - Parameter upload: The upload.
    /// - Returns: The parts by their numbers.
    /// - Throws: `notFound` where the upload has ended.
    public func parts(of upload: ObjectUpload) async throws(EffectError) -> [UploadedPart] {
        let operation = "parts"
        var sent: [UploadedPart] = []
        var marker: String?
        repeat {
            var parts = S3Client.Parts()
            parts.query = [("uploadId", try handler.id(of: upload, for: operation).id)]
            if let marker { parts.query.append(("part-number-marker", marker)) }
            let document = try await list(.listParts, parts, key: upload.key, for: operation)
            for entry in document.all("Part") {
                guard let number = entry.text("PartNumber").flatMap({ Int($0) }), let tag = entry.text("ETag"),
                    let count = entry.text("Size").flatMap({ Int($0) })
                else { continue }
                let check = entry.text("ChecksumCRC32C").flatMap { Base64.bytes($0) }
                    .flatMap { bytes in bytes.count == 4 ? bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } : nil }
                let named = S3PartTag(tag: S3Client.revision(of: tag).rawValue, check: check)
                sent.append(UploadedPart(number: number, tag: named.text, byteCount: count))
            }
            marker = document.text("IsTruncated") == "true" ? document.text("NextPartNumberMarker") : nil
        } while marker != nil
        return sent
    }

    /// An upload that has begun and not ended.
    public struct PendingUpload: Sendable {
        /// The upload; its metadata is not known any more.
        public var upload: ObjectUpload
        /// When it began.
        public var began: WallTime
    }

    /// The uploads that have begun and not ended: their parts cost money until they are completed or aborted.
    ///
    /// - Parameter prefix: What the keys' bytes begin with; empty for all.
    /// - Returns: The uploads, at most a thousand.
    /// - Throws: ``EffectError``, as the handler's listing does.
    public func pendingUploads(prefix: String = "") async throws(EffectError) -> [PendingUpload] {
        var parts = S3Client.Parts()
        parts.query = [("uploads", nil), ("encoding-type", "url")]
        if !prefix.isEmpty { parts.query.append(("prefix", prefix)) }
        let document = try await list(.listMultipartUploads, parts, for: "pendingUploads")
        let isEncoded = document.text("EncodingType") == "url"
        return document.all("Upload")
            .compactMap { entry in
                guard let name = entry.text("Key"), let key = isEncoded ? S3Keys.decode(name) : name,
                    let id = entry.text("UploadId"),
                    let began = entry.text("Initiated").flatMap({ HTTPDate.isoTime($0) })
                else { return nil }
                let upload = ObjectUpload(
                    key: ObjectKey(key),
                    id: S3UploadID(write: "", id: id).text,
                    metadata: ObjectMetadata()
                )
                return PendingUpload(upload: upload, began: began)
            }
    }

    private func list(
        _ operation: S3Service.Operation,
        _ parts: S3Client.Parts,
        key: ObjectKey? = nil,
        for method: String
    ) async throws(EffectError) -> XMLElement {
        try handler.errors.checkCancellation(in: method)
        let response = try await handler.client.send(operation, .get, key, parts, for: method)
        return try await handler.client.document(of: response, for: method)
    }
}
#endif
