#if AWS
internal import AuraEffects
internal import AuraRuntime

/// An object's metadata as the fields of requests and answers.
///
/// A name's underscores become hyphens, since servers and proxies drop names with underscores. A value that is no plain ASCII
/// text is encoded by RFC 2047, as S3 itself does where it cannot show one.
enum S3Metadata {
    static let prefix = "x-amz-meta-"

    /// The field that names a conditional write, so that one whose answer was lost is known again.
    ///
    /// No attribute is named so: attributes begin with a letter.
    static let writeField = "x-amz-meta-0-aura-write"

    /// What names and values of metadata have at most, as S3 counts them.
    static let mostBytes = 2048

    /// The fields of a request.
    static func fields(of metadata: ObjectMetadata, write: String?) -> [HTTPField] {
        var fields: [HTTPField] = []
        if let type = metadata.contentType { fields.append(HTTPField("content-type", type)) }
        for (name, value) in metadata.attributes.sorted(by: { $0.key < $1.key }) {
            fields.append(HTTPField(prefix + name.replacing("_", with: "-"), encode(value)))
        }
        if let write { fields.append(HTTPField(writeField, write)) }
        return fields
    }

    /// How many bytes the attributes have as S3 counts them, with room for the name of a write.
    static func byteCount(of metadata: ObjectMetadata) -> Int {
        metadata.attributes.reduce(64) { $0 + $1.key.utf8.count + encode($1.value).utf8.count }
    }

    /// The metadata of an answer.
    static func metadata(of fields: HTTPFields) -> ObjectMetadata {
        var metadata = ObjectMetadata(contentType: fields["content-type"])
        for field in fields {
            let name = field.name.lowercased()
            guard name.hasPrefix(prefix), name != writeField else { continue }
            let attribute = String(name.dropFirst(prefix.count)).replacing("-", with: "_")
            metadata.attributes[attribute] = decode(field.value)
        }
        return metadata
    }

    private static let encodedStart = "=?UTF-8?B?"
    private static let encodedEnd = "?="

    /// A value as a header field may have it.
    static func encode(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && !value.hasPrefix("=?") && value.first != " " && value.last != " " && !value.contains("  ")
            && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isPlain ? value : encodedStart + Base64.string(Array(value.utf8)) + encodedEnd
    }

    /// The value of a field; one that is not encoded as ``encode(_:)`` does stays as it is.
    static func decode(_ text: String) -> String {
        guard text.utf8.count >= encodedStart.utf8.count + encodedEnd.utf8.count, text.hasSuffix(encodedEnd),
            text.prefix(encodedStart.count).uppercased() == encodedStart
        else { return text }
        let digits = text.dropFirst(encodedStart.count).dropLast(encodedEnd.count)
        guard let bytes = Base64.bytes(String(digits)), let value = String(validating: bytes, as: UTF8.self) else {
            return text
        }
        return value
    }
}
#endif
