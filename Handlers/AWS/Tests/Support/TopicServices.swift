#if AWS
internal import AuraCloud
internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Synchronization

@testable internal import AuraAWS

extension StoreServer {
    /// What a function has noted.
    func noted(by function: FunctionName) throws -> [[UInt8]] {
        let texts = try JSONDecoder().decode([String].self, from: control("GET", "/noted/\(function)"))
        return texts.map { Array(Data(base64Encoded: $0) ?? Data()) }
    }

    /// The certificate that a message of a region was signed with, in PEM.
    func certificate(_ name: String, in region: String) throws -> [UInt8] {
        Array(try control("GET", "/certificates/\(region)/\(name)"))
    }

    /// An address that takes what is pushed.
    func pushAddress(_ name: String) -> String { "\(endpoint.text)/_push/\(name)" }

    /// The bodies that an address has taken.
    func pushed(to name: String) throws -> [[UInt8]] {
        let texts = try JSONDecoder().decode([String].self, from: exchange("GET", "/_push/\(name)"))
        return texts.map { Array($0.utf8) }
    }
}

/// Brings SNS's certificates from the server that made them, in place of AWS's own host.
final class CertificateHTTP: HTTPEffects {
    private let base: any HTTPEffects
    private let server: StoreServer
    private let counted = Mutex(0)

    init(_ base: any HTTPEffects, _ server: StoreServer) {
        self.base = base
        self.server = server
    }

    var capabilities: Capabilities { base.capabilities }
    /// How often a certificate was fetched.
    var count: Int { counted.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        let labels = request.url.host.split(separator: ".")
        guard labels.count == 4, labels[0] == "sns", labels[2] == "amazonaws" else {
            return try await base.send(request)
        }
        counted.withLock { $0 += 1 }
        let name = String(request.url.path.dropFirst())
        let url = HTTPURL("\(server.endpoint.text)/_store/certificates/\(labels[1])/\(name)")
        return try await base.send(HTTPRequest(.get, url ?? request.url))
    }
}

/// Has the certificate of vectors in place of that of their region, and takes confirmations: moto confirms subscriptions at once, and knows no
/// token of another's.
final class ConfirmingHTTP: HTTPEffects {
    private let base: any HTTPEffects
    private let certificate: [UInt8]
    private let taken = Mutex<[String]>([])

    init(_ base: any HTTPEffects, _ certificate: [UInt8]) {
        self.base = base
        self.certificate = certificate
    }

    var capabilities: Capabilities { base.capabilities }
    /// The forms that confirm.
    var confirmations: [String] { taken.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        if request.url.host == "sns.us-east-1.amazonaws.com" {
            return HTTPResponse(status: 200, body: ByteStream(certificate))
        }
        let bytes = try await request.body?.bytes(atMost: 1 << 20) ?? []
        let form = String(decoding: bytes, as: UTF8.self)
        guard form.contains("Action=ConfirmSubscription") else {
            var copy = request
            copy.body = ByteStream(bytes)
            return try await base.send(copy)
        }
        taken.withLock { $0.append(form) }
        return HTTPResponse(status: 200, body: ByteStream(Array("<ConfirmSubscriptionResponse/>".utf8)))
    }
}

extension TestServices {
    /// A handler of the topics of a region.
    ///
    /// - Parameters:
    ///   - config: What surrounds each request.
    ///   - http: What sends the requests; `nil` for the store's own.
    ///   - region: The region; `nil` for one that has no topics of others.
    /// - Returns: The handler, which the caller stops.
    /// - Throws: Where it cannot be made.
    func topics(
        _ config: CloudConfig = plain,
        over http: (any HTTPEffects)? = nil,
        in region: String? = nil
    ) async throws -> SNSPubSubHandler {
        var context = context
        if let http { context.http = http }
        let region = CloudRegion(rawValue: region ?? "law-\(UUID().uuidString.lowercased())")
        let access = AWSAccess(credentials: store.credentials)
        return try await SNSPubSubHandler.open(config.region(region).endpoint(server.endpoint), access, context)
    }

    /// A handler of the server's functions, which the caller stops.
    func functions(
        qualifier: String? = nil,
        _ config: CloudConfig = plain
    ) async throws -> LambdaFunctionHandler {
        try await LambdaFunctionHandler.open(
            qualifier: qualifier,
            config.region("us-east-1").endpoint(server.endpoint),
            AWSAccess(credentials: store.credentials),
            context
        )
    }
}

/// Makes the topics that the laws of topics are checked on.
final class SNSHarness: TopicHarness, TimePassingHarness {
    private static let server = Result { try StoreServer() }
    private let services = TestServices.on(server)
    private let made = Mutex<[SNSPubSubHandler]>([])

    var capabilities: Capabilities { SNSPubSubHandler.capabilities }
    var now: WallTime { services.time.now }

    func make() async throws -> any PubSubEffects {
        let handler = try await services.topics()
        made.withLock { $0.append(handler) }
        return handler
    }

    func letTimePass(_ duration: Duration) async throws {
        services.time.advance(by: duration)
        try services.server.letTimePass(duration)
    }

    func finish() async {
        for handler in made.withLock({ $0 }) { await handler.stop() }
        await services.close()
    }
}

/// Makes the functions that the laws of functions are checked on: those of `Server/functions.py`.
final class LambdaHarness: FunctionHarness {
    private let services = TestServices.shared()
    private let made = Mutex<[LambdaFunctionHandler]>([])
    private let id = UUID().uuidString.lowercased()

    var echo: FunctionName { FunctionName(rawValue: "echo-\(id)") }
    var failing: FunctionName { FunctionName(rawValue: "failing-\(id)") }
    var noting: FunctionName { FunctionName(rawValue: "noting-\(id)") }

    var capabilities: Capabilities { LambdaFunctionHandler.capabilities }

    func make() async throws -> any FunctionEffects {
        let handler = try await services.functions()
        made.withLock { $0.append(handler) }
        return handler
    }

    func noted() async throws -> [[UInt8]] { try services.server.noted(by: noting) }

    func finish() async {
        for handler in made.withLock({ $0 }) { await handler.stop() }
        await services.close()
    }
}
#endif
