#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Foundation
internal import Logging

/// The servers that the tests talk to: one of our own with faults, and nginx before it; they end with this process.
struct LocalServer {
    /// What the script says of where it listens.
    private struct Ports: Decodable {
        var direct: Int
        var plain: Int
        var tls: Int
        var authority: String
    }

    /// Our own server, over HTTP/1.1.
    let direct: HTTPURL
    /// nginx over HTTP/1.1.
    let plain: HTTPURL
    /// nginx over TLS, with HTTP/2 for who asks for it.
    let tls: HTTPURL
    /// The file with the certificate of nginx's authority.
    let authority: String
    /// nginx's folder.
    let folder: String

    private static let started = Result { try LocalServer() }

    /// The servers that all tests of this process share, started when the first one asks for them.
    static var shared: LocalServer {
        get throws { try started.get() }
    }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("aura-http-\(getpid())").path
        let process = Process()
        process.executableURL =
            URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent()
            .appendingPathComponent("../../Server/server.py")
            .standardizedFileURL
        process.arguments = [folder, "\(getpid())", "--nginx"]
        process.standardInput = FileHandle.nullDevice
        // It must not keep the tests' own output open: whoever reads that waits for its end before it lets this process go.
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let file = URL(fileURLWithPath: "\(folder)/ports.json")
        while !FileManager.default.fileExists(atPath: file.path) {
            guard process.isRunning else { throw TestFailure("The server did not start.") }
            usleep(10_000)
        }
        let ports = try JSONDecoder().decode(Ports.self, from: Data(contentsOf: file))
        direct = HTTPURL(.http, host: "127.0.0.1", port: ports.direct)
        plain = HTTPURL(.http, host: "127.0.0.1", port: ports.plain)
        tls = HTTPURL(.https, host: "localhost", port: ports.tls)
        authority = ports.authority
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension HTTPURL {
    /// The address of a path on the same server.
    func at(_ path: String, query: String? = nil) -> HTTPURL {
        var url = self
        url.path = path
        url.query = query
        return url
    }
}

extension HandlerContext {
    /// The context of a test's handlers.
    static func test(
        memory: ByteCount = .gibibytes(2),
        metrics: HandlerMetrics = .none,
        logger: Logger = Logger(label: "test")
    ) -> HandlerContext {
        HandlerContext(
            budget: ResourceBudget(
                memoryLimit: memory,
                cpuQuota: 1,
                ioQuota: BytesPerSecond(1 << 30)
            ),
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: logger,
            metrics: metrics
        )
    }
}

extension CurlConfiguration {
    /// The configuration of a test's handler, which trusts the test's authority.
    static func changed(_ change: (inout CurlConfiguration) -> Void = { _ in }) throws -> CurlConfiguration {
        var configuration = CurlConfiguration(budget: HandlerContext.test().budget)
        configuration.authorities = try LocalServer.shared.authority
        change(&configuration)
        return configuration
    }
}

extension CurlHTTPHandler {
    /// Lends a handler, and closes it.
    static func withHandler<Value>(
        _ configuration: @autoclosure () throws -> CurlConfiguration = try .changed(),
        context: HandlerContext = .test(),
        _ body: (CurlHTTPHandler) async throws -> Value
    ) async throws -> Value {
        let handler = try CurlHTTPHandler(configuration(), context)
        do {
            let value = try await body(handler)
            await handler.close()
            return value
        } catch {
            await handler.close()
            throw error
        }
    }

    /// The text that a GET is answered with.
    func text(_ url: HTTPURL) async throws -> String {
        String(decoding: try await send(HTTPRequest(.get, url)).body.bytes(atMost: 1 << 20), as: UTF8.self)
    }
}

/// The error that a call throws.
func failure<Value>(of body: () async throws -> Value) async throws -> EffectError {
    do {
        _ = try await body()
    } catch let error as EffectError {
        return error
    }
    throw TestFailure("The call did not fail.")
}
#endif
