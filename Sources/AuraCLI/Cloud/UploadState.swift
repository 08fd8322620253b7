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
struct UploadState: Sendable, Hashable {
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

    /// Reads a state; `nil` where the text is none.
    init?(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        guard lines.first?.joined(separator: " ") == Self.header else { return nil }
        func line(_ name: String) -> [String]? { lines.first { $0.first == name } }
        guard let source = line("source"), source.count == 3, let byteCount = Int(source[1]),
            let modified = Int(source[2]),
            let bucket = line("bucket")?.dropFirst().first.flatMap(PercentEncoding.decode),
            let key = line("key")?.dropFirst().first.flatMap(PercentEncoding.decode),
            let id = line("upload")?.dropFirst().first.flatMap(PercentEncoding.decode),
            let partBytes = line("size")?.dropFirst().first.flatMap({ Int($0) }), partBytes > 0
        else { return nil }
        let type = line("type")?.dropFirst().first.flatMap(PercentEncoding.decode)
        let metadata = ObjectMetadata(contentType: type)
        self.init(
            byteCount: byteCount,
            modified: modified,
            bucket: bucket,
            upload: ObjectUpload(key: ObjectKey(key), id: id, metadata: metadata),
            partBytes: partBytes
        )
        for part in lines where part.first == "part" && part.count == 4 {
            guard let number = Int(part[1]), let count = Int(part[2]), let tag = PercentEncoding.decode(part[3]) else {
                return nil
            }
            parts[number] = UploadedPart(number: number, tag: tag, byteCount: count)
        }
    }
}
