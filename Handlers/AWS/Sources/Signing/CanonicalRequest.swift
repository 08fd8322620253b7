#if AWS
internal import AuraEffects

/// A request in the one form that both sides hash.
struct CanonicalRequest {
    private(set) var bytes: [UInt8]
    /// The names of the fields that are signed, with semicolons between.
    private(set) var signedNames: String

    /// What is not signed: fields that the transport or a proxy may set or change on the way.
    private static let unsignedNames: Set<String> = [
        "accept-encoding", "authorization", "connection", "content-length", "expect", "te", "traceparent", "tracestate",
        "transfer-encoding", "user-agent", "x-amzn-trace-id",
    ]

    /// Canonicalizes a request.
    ///
    /// - Parameters:
    ///   - request: The request; `Host` is that of its address.
    ///   - path: Its path as the service canonicalizes it.
    ///   - payloadHash: What is said of its body.
    init(_ request: HTTPRequest, path: String, payloadHash: String) {
        self.init(request, path: path, payloadHash: payloadHash) { !Self.unsignedNames.contains($0) }
    }

    /// Canonicalizes a request with given fields, `Host` in any case.
    init(
        _ request: HTTPRequest,
        path: String,
        payloadHash: String,
        signing isSigned: (_ name: String) -> Bool
    ) {
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(request.fields.count + 1)
        for field in request.fields {
            let name = Self.lowercased(field.name)
            guard isSigned(name) else { continue }
            let value = Self.trimmed(field.value)
            if let index = fields.firstIndex(where: { $0.name == name }) {
                fields[index].value += ",\(value)"
            } else {
                fields.append((name, value))
            }
        }
        if !fields.contains(where: { $0.name == "host" }) { fields.append(("host", request.url.authority)) }
        fields.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        signedNames = ""
        for field in fields {
            if !signedNames.isEmpty { signedNames += ";" }
            signedNames += field.name
        }
        bytes = []
        bytes.reserveCapacity(512)
        append(request.method.rawValue)
        append(path)
        append(Self.query(request.url.query ?? ""))
        for (name, value) in fields {
            bytes += name.utf8
            bytes.append(UInt8(ascii: ":"))
            append(value)
        }
        append("")
        append(signedNames)
        bytes += payloadHash.utf8
    }

    private mutating func append(_ line: String) {
        bytes += line.utf8
        bytes.append(0x0A)
    }

    /// A name in lower case; most are already.
    private static func lowercased(_ name: String) -> String {
        name.utf8.contains { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") } ? name.lowercased() : name
    }

    /// A value with one blank for every run of them, and none around.
    private static func trimmed(_ value: String) -> String {
        // Most values have no run of blanks.
        guard value.utf8.contains(where: { $0 == 0x20 || $0 == 0x09 }) else { return value }
        return value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
    }

    /// A query with every name and value encoded, in the order of their bytes.
    static func query(_ query: String) -> String {
        guard !query.isEmpty else { return "" }
        let pairs = query.split(separator: "&", omittingEmptySubsequences: true)
            .map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (encoded(parts[0]), parts.count > 1 ? encoded(parts[1]) : "")
            }
        return
            pairs.sorted { left, right in
                left.0 == right.0
                    ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
                    : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
            }
            .map { "\($0)=\($1)" }.joined(separator: "&")
    }

    private static func encoded(_ text: Substring) -> String {
        let text = String(text)
        return PercentEncoding.encode(PercentEncoding.decode(text) ?? text)
    }

    /// A path without `.`, `..` and empty segments, encoded once more (RFC 3986, section 6.2.2.3).
    static func encodedTwice(_ path: String) -> String {
        guard path != "/" else { return path }
        var segments: [Substring] = []
        let given = path.split(separator: "/", omittingEmptySubsequences: true)
        for segment in given {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let isFolder = path.hasSuffix("/") || given.last == "." || given.last == ".."
        let normalized = "/" + segments.joined(separator: "/") + (isFolder && !segments.isEmpty ? "/" : "")
        return PercentEncoding.encode(normalized, keeping: "/")
    }
}
#endif
