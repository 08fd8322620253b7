/// The address of a resource that is reached over HTTP (RFC 3986).
///
/// Its description leaves out the query, which may give whoever has it access.
public struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
    /// How it is reached.
    public enum Scheme: String, Sendable, Hashable, Codable {
        /// Without encryption.
        case http
        /// Over TLS.
        case https

        /// The port where none is named.
        public var defaultPort: Int { self == .http ? 80 : 443 }
    }

    /// How it is reached.
    public var scheme: Scheme

    /// The server's name or address; an IPv6 address is in brackets.
    public var host: String

    /// The port; `nil` for that of the scheme.
    public var port: Int?

    /// The path, percent-encoded; it begins with a slash.
    ///
    /// It is sent as it is: `.` and `..` within it are kept.
    public var path: String

    /// The query, percent-encoded and without its question mark; `nil` for none.
    public var query: String?

    /// Creates an address from its parts, which are taken as they are.
    public init(_ scheme: Scheme, host: String, port: Int? = nil, path: String = "/", query: String? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// Reads an address.
    ///
    /// It is `nil` for another scheme, no host, a user or password within it, a port out of 1 to 65,535, and characters that
    /// have to be percent-encoded.
    ///
    /// - Parameter text: Such as `https://example.com:8443/notes?after=7`. A fragment is left out.
    public init?(_ text: String) {
        guard let (scheme, afterScheme) = Self.scheme(of: text[...]) else { return nil }
        let whole = afterScheme.prefix { $0 != "#" }
        let authority = whole.prefix { $0 != "/" && $0 != "?" }
        let afterAuthority = whole[authority.endIndex...]
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        let path = afterAuthority.prefix { $0 != "?" }
        let query = path.endIndex < afterAuthority.endIndex ? afterAuthority[path.endIndex...].dropFirst() : nil
        guard path.utf8.allSatisfy(Self.mayStand), query?.utf8.allSatisfy(Self.mayStand) ?? true else { return nil }
        self.init(
            scheme,
            host: String(host),
            port: port,
            path: path.isEmpty ? "/" : String(path),
            query: query.map { String($0) }
        )
    }

    private static func scheme(of text: Substring) -> (scheme: Scheme, rest: Substring)? {
        let name = text.prefix { $0 != ":" }
        let rest = text[name.endIndex...]
        guard rest.hasPrefix("://"), let scheme = Scheme(rawValue: name.lowercased()) else { return nil }
        return (scheme, rest.dropFirst(3))
    }

    private static func hostAndPort(_ authority: Substring) -> (host: Substring, port: Int?)? {
        guard authority.utf8.allSatisfy(mayStand), !authority.contains("@") else { return nil }
        let host: Substring
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
        } else {
            host = authority.prefix { $0 != ":" }
        }
        guard !host.isEmpty, host != "[]" else { return nil }
        let rest = authority[host.endIndex...]
        if rest.isEmpty || rest == ":" { return (host, nil) }
        guard rest.first == ":", rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(rest.dropFirst()), (1...65_535).contains(port)
        else { return nil }
        return (host, port)
    }

    /// Blanks, control characters, what is not ASCII, and delimiters that RFC 3986 does not know are encoded.
    private static func mayStand(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte)
    }

    /// The host, with the port where it is not the scheme's own: what `Host` says.
    public var authority: String {
        guard let port, port != scheme.defaultPort else { return host }
        return "\(host):\(port)"
    }

    /// The path and the query, as a request's first line has them.
    public var target: String {
        query.map { "\(path)?\($0)" } ?? path
    }

    /// The whole address, with its query; treat it as a secret where it is signed.
    public var text: String { "\(scheme.rawValue)://\(authority)\(target)" }

    /// The address without its query.
    public var description: String { "\(scheme.rawValue)://\(authority)\(path)" }
}
