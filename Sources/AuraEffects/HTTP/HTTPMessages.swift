/// What a request asks of a resource.
public struct HTTPMethod: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The name, as it is sent; case matters.
    public let rawValue: String

    /// Creates a method.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a method from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    /// `GET`.
    public static let get = HTTPMethod(rawValue: "GET")
    /// `HEAD`.
    public static let head = HTTPMethod(rawValue: "HEAD")
    /// `PUT`.
    public static let put = HTTPMethod(rawValue: "PUT")
    /// `POST`.
    public static let post = HTTPMethod(rawValue: "POST")
    /// `DELETE`.
    public static let delete = HTTPMethod(rawValue: "DELETE")
    /// `PATCH`.
    public static let patch = HTTPMethod(rawValue: "PATCH")
    /// `OPTIONS`.
    public static let options = HTTPMethod(rawValue: "OPTIONS")

    /// The name.
    public var description: String { rawValue }

    /// Whether a request that is sent again has the effect of one (RFC 9110, section 9.2.2).
    public var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options: true
        default: false
        }
    }
}

/// A request.
///
/// Its description shows neither the query, nor fields, nor the body.
public struct HTTPRequest: Sendable, CustomStringConvertible {
    /// What it asks.
    public var method: HTTPMethod

    /// Of what it asks it.
    public var url: HTTPURL

    /// The fields of its head, in their order.
    ///
    /// `Host`, `Content-Length` and `Transfer-Encoding` are the handler's, which derives them from the address and the body; a
    /// `Host` that is given is sent in place of the derived one.
    public var fields: HTTPFields

    /// Its body; `nil` for none.
    ///
    /// One that does not know its length is sent in chunks.
    public var body: ByteStream?

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - method: What it asks.
    ///   - url: Of what it asks it.
    ///   - fields: The fields of its head.
    ///   - body: Its body.
    public init(_ method: HTTPMethod, _ url: HTTPURL, fields: HTTPFields = [:], body: ByteStream? = nil) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
    }

    /// Whether it may be sent again after its outcome is unknown: its method is idempotent and its body can be had again.
    ///
    /// A change under a condition may not: once it has taken effect the condition no longer holds, and the second answer
    /// would say that nothing was changed.
    public var isRepeatable: Bool {
        method.isIdempotent && (body?.isRepeatable ?? true) && (isRead || !isConditional)
    }

    private var isRead: Bool { method == .get || method == .head || method == .options }

    private var isConditional: Bool {
        ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"].contains { fields[$0] != nil }
    }

    /// Such as `GET https://example.com/notes`.
    public var description: String { "\(method) \(url)" }
}

extension HTTPRequest: EffectResource {
    /// The method and the address without its query.
    public var effectResource: String { description }
}

/// The answer to a request.
///
/// Its description shows neither fields nor the body.
public struct HTTPResponse: Sendable, CustomStringConvertible {
    /// The version of the protocol that was spoken.
    public enum Version: String, Sendable, Hashable, Codable {
        /// HTTP/1.0.
        case http1_0 = "1.0"
        /// HTTP/1.1.
        case http1_1 = "1.1"
        /// HTTP/2.
        case http2 = "2"
    }

    /// The status: 200 to 599.
    public var status: Int

    /// The version of the protocol that was spoken.
    public var version: Version

    /// The fields of its head, in their order.
    ///
    /// Where the handler undid an encoding of the content, `Content-Encoding` and
    /// `Content-Length` are left out.
    public var fields: HTTPFields

    /// Its body, fetched as it is consumed; once.
    public var body: ByteStream

    /// Creates an answer; for handlers.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - version: The version of the protocol.
    ///   - fields: The fields of its head.
    ///   - body: Its body.
    public init(
        status: Int,
        version: Version = .http1_1,
        fields: HTTPFields = [:],
        body: ByteStream = ByteStream([])
    ) {
        self.status = status
        self.version = version
        self.fields = fields
        self.body = body
    }

    /// Whether the request succeeded: 200 to 299.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// Such as `200 over HTTP/1.1`.
    public var description: String { "\(status) over HTTP/\(version.rawValue)" }
}
