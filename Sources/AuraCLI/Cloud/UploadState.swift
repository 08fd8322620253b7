internal import AuraEffects

/// How far an upload in parts is, in a file beside what is sent, so that a later run of the command goes on with it.
///
/// ```text
/// aura-upload 1
/// source BYTES MODIFIED
/// bucket BUCKET
/// key KEY
/// type CONTENT-TYPE
/// upload ID
/// size PART-BYTES
/// part NUMBER BYTES TAG
/// ```
///
/// Texts are percent-encoded. The line `type` is left out where there is none.
struct UploadState: TransferState, Hashable {
    private static let header = "aura-upload 1"

    /// What is sent: a file of another size or time is another one.
    var byteCount: Int
    var modified: Int
    /// The bucket as the profile names it.
    var bucket: String
    var upload: ObjectUpload
    var partBytes: Int
    var parts: [Int: UploadedPart] = [:]

    /// Whether this is about the same file, on its way to the same place.
    func continues(_ other: UploadState) -> Bool {
        byteCount == other.byteCount && modified == other.modified && bucket == other.bucket
            && upload.key == other.upload.key && upload.metadata == other.upload.metadata
    }

    // MARK: Text

    var text: String {
        var lines = [
            Self.header, "source \(byteCount) \(modified)", "bucket \(PercentEncoding.encode(bucket))",
            "key \(PercentEncoding.encode(upload.key.text))",
        ]
        if let type = upload.metadata.contentType { lines.append("type \(PercentEncoding.encode(type))") }
        lines += ["upload \(PercentEncoding.encode(upload.id))", "size \(partBytes)"]
        for part in parts.values.sorted(by: { $0.number < $1.number }) {
            lines.append("part \(part.number) \(part.byteCount) \(PercentEncoding.encode(part.tag))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    init(byteCount: Int, modified: Int, bucket: String, upload: ObjectUpload, partBytes: Int) {
        self.byteCount = byteCount
        self.modified = modified
        self.bucket = bucket
        self.upload = upload
        self.partBytes = partBytes
    }

    init?(_ text: String) {
        guard let lines = StateLines(text, header: Self.header), let source = lines.all("source").first,
            source.count == 2, let byteCount = Int(source[0]), let modified = Int(source[1]),
            let bucket = lines.text("bucket"), let key = lines.text("key"), let id = lines.text("upload"),
            let partBytes = lines.number("size"), partBytes > 0
        else { return nil }
        self.init(
            byteCount: byteCount,
            modified: modified,
            bucket: bucket,
            upload: ObjectUpload(
                key: ObjectKey(key),
                id: id,
                metadata: ObjectMetadata(contentType: lines.text("type"))
            ),
            partBytes: partBytes
        )
        for part in lines.all("part") {
            guard part.count == 3, let number = Int(part[0]), let count = Int(part[1]),
                let tag = PercentEncoding.decode(part[2])
            else { return nil }
            parts[number] = UploadedPart(number: number, tag: tag, byteCount: count)
        }
    }
}
