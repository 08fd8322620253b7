#if Curl
internal import AuraConformance
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Makes handlers that reach our own server, or nginx before it.
final class CurlHTTPHarness: HTTPHarness, CustomStringConvertible {
    /// How the server is reached.
    enum Way: String, CaseIterable {
        /// Our own server over HTTP/1.1.
        case direct
        /// Over TLS and HTTP/1.1, through nginx.
        case tls
        /// Over TLS and HTTP/2, through nginx.
        case http2
    }

    let description: String
    let server: HTTPURL
    // Port 9, discard: nobody listens there.
    let nobody = HTTPURL(.http, host: "127.0.0.1", port: 9)
    let capabilities: Capabilities
    private let configuration: CurlConfiguration
    private let made = Mutex<[CurlHTTPHandler]>([])

    init(_ way: Way) throws {
        description = way.rawValue
        let servers = try LocalServer.shared
        server = way == .direct ? servers.direct : servers.tls.at("/law/")
        var configuration = CurlConfiguration(budget: HandlerContext.test().budget)
        configuration.authorities = servers.authority
        configuration.version = way == .http2 ? .http2 : .http1
        self.configuration = configuration
        capabilities = CurlHTTPHandler.capabilities(
            of: configuration.version,
            responseFields: configuration.responseFields
        )
    }

    func make() async throws -> any HTTPEffects {
        let handler = try CurlHTTPHandler(configuration, .test())
        made.withLock { $0.append(handler) }
        return handler
    }

    func finish() async {
        for handler in made.withLock({ $0 }) { await handler.close() }
    }
}
#endif
