public import AuraEffects
internal import Synchronization

/// The servers that memory handlers of HTTP reach: closures by where an address begins.
///
/// ```swift
/// let servers = MemoryHTTPServers()
/// servers.register("https://api.example/notes") { request in
///     HTTPResponse(status: 200, body: ByteStream(Array("[]".utf8)))
/// }
/// let handlers = HandlerRegistry { MemoryHandlers(servers: servers); SystemHandlers() }
/// ```
public final class MemoryHTTPServers: Sendable {
    /// Answers a request.
    ///
    /// What it throws as ``EffectError`` is how the exchange fails; another error is answered with the status 500. It gets the
    /// caller's task, and its cancellation.
    public typealias Body = @Sendable (HTTPRequest) async throws -> HTTPResponse

    private struct Route: Sendable {
        var prefix: String
        var body: Body
    }

    /// The longest beginning first.
    private let routes = Mutex<[Route]>([])

    /// Creates no servers.
    public init() {}

    /// Adds a server, or replaces the one of its address.
    ///
    /// - Parameters:
    ///   - prefix: Where the addresses that it answers begin, such as `https://api.example` or `https://api.example/notes`; the
    ///     longest that fits a request answers it.
    ///   - body: Answers a request.
    public func register(_ prefix: String, _ body: @escaping Body) {
        routes.withLock { routes in
            routes.removeAll { $0.prefix == prefix }
            routes.append(Route(prefix: prefix, body: body))
            routes.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
        }
    }

    func body(for url: HTTPURL) -> Body? {
        let address = url.description
        return routes.withLock { routes in
            routes.first { Self.covers($0.prefix, address) }?.body
        }
    }

    /// Whether an address lies at or below another: `/notes` covers `/notes/7`, and not `/notes2`.
    private static func covers(_ prefix: String, _ address: String) -> Bool {
        guard address.utf8.starts(with: prefix.utf8) else { return false }
        let next = address.utf8.dropFirst(prefix.utf8.count).first
        return next == nil || next == UInt8(ascii: "/") || prefix.utf8.last == UInt8(ascii: "/")
    }
}
