#if AWS
internal import AuraCloud
internal import AuraConformance
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import AuraAWS

/// Makes handlers of buckets of their own on a store, over a real HTTP handler.
final class TestStore: Sendable {
    let server: StoreServer
    let http: CurlHTTPHandler
    let context: HandlerContext
    private let made = Mutex<[S3ObjectStorageHandler]>([])

    static let budget = ResourceBudget(
        memoryLimit: .mebibytes(2048),
        cpuQuota: 1,
        ioQuota: BytesPerSecond(1 << 30)
    )

    /// Creates the client's side.
    ///
    /// - Parameters:
    ///   - server: The store.
    ///   - logger: Where the handlers log.
    ///   - surround: What is put around the HTTP handler.
    /// - Throws: Where the HTTP handler cannot be made.
    init(
        _ server: StoreServer,
        logger: Logger = Logger(label: "test"),
        _ surround: (any HTTPEffects) -> any HTTPEffects = { $0 }
    ) throws {
        self.server = server
        var context = HandlerContext(
            budget: Self.budget,
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: logger
        )
        http = try CurlHTTPHandler(CurlConfiguration(budget: Self.budget), context)
        context.http = surround(http)
        self.context = context
    }

    var credentials: AWSCredentials {
        AWSCredentials(accessKeyID: StoreServer.accessKeyID, secretAccessKey: Secret(StoreServer.secretAccessKey))
    }

    /// A handler of a bucket.
    ///
    /// - Parameters:
    ///   - bucket: The bucket's name; `nil` for a new bucket.
    ///   - config: What surrounds each request.
    ///   - access: What requests are signed with; `nil` for the store's own key.
    ///   - partBytes: The size of parts.
    ///   - signsBodies: Whether bodies are signed; `nil` as without TLS.
    ///   - pathStyle: Whether the bucket's name stands in the path, and not in the host's name.
    /// - Returns: The handler.
    /// - Throws: Where the bucket cannot be made.
    func make(
        bucket: String? = nil,
        _ config: CloudConfig = CloudConfig().timeout(.seconds(120)),
        _ access: AWSAccess? = nil,
        partBytes: Int = 5 << 20,
        signsBodies: Bool? = nil,
        pathStyle: Bool = true
    ) async throws -> S3ObjectStorageHandler {
        let options = S3Options(
            bucket: bucket ?? "bucket-\(UUID().uuidString.lowercased())",
            pathStyle: pathStyle,
            signsBodies: signsBodies,
            partBytes: partBytes,
            parallelParts: 3
        )
        let handler = try await S3ObjectStorageHandler.open(
            options,
            config.region("us-east-1").endpoint(pathStyle ? server.endpoint : server.namedEndpoint),
            access ?? AWSAccess(credentials: credentials),
            context
        )
        made.withLock { $0.append(handler) }
        if bucket == nil {
            var parts = S3Client.Parts()
            parts.changes = true
            _ = try await handler.client.send(.putObject, .put, nil, parts, for: "create")
        }
        return handler
    }

    func close() async {
        for handler in made.withLock({ $0 }) { await handler.stop() }
        await http.close()
    }
}

/// Bytes that do not repeat at the size of a part.
func sampleBytes(_ count: Int) -> [UInt8] {
    let pattern = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count { bytes += pattern.prefix(count - bytes.count) }
    return bytes
}

/// Makes the buckets that the laws of objects are checked on.
final class S3Harness: PresigningHarness, TimePassingHarness {
    private let store: TestStore
    private let signsBodies: Bool?
    private let pathStyle: Bool

    init(signsBodies: Bool? = nil, pathStyle: Bool = true) {
        self.signsBodies = signsBodies
        self.pathStyle = pathStyle
        do {
            store = try TestStore(StoreServer.start())
        } catch {
            fatalError("The store did not start: install what Tests/checks/set_up.sh does (\(error)).")
        }
    }

    var capabilities: Capabilities { S3ObjectStorageHandler.capabilities(partBytes: 5 << 20) }

    func make() async throws -> any ObjectStorageEffects {
        try await store.make(signsBodies: signsBodies, pathStyle: pathStyle)
    }

    var now: WallTime { store.context.time.now }

    func letTimePass(_ duration: Duration) async throws {
        try await store.context.time.sleep(for: duration)
    }

    func fetch(_ address: PresignedURL, from bucket: any ObjectStorageEffects) async throws -> [UInt8]? {
        let response = try await send(.get, address, nil)
        return response.isSuccess ? try await response.body.bytes(atMost: .max) : nil
    }

    func store(_ bytes: [UInt8], at address: PresignedURL, of bucket: any ObjectStorageEffects) async throws -> Bool {
        try await send(.put, address, ByteStream(bytes)).isSuccess
    }

    private func send(_ method: HTTPMethod, _ address: PresignedURL, _ body: ByteStream?) async throws -> HTTPResponse {
        let url = try #require(HTTPURL(address.url.withExposedValue { $0 }))
        let fields = HTTPFields(address.headers.map { HTTPField($0.key, $0.value) })
        return try await store.http.send(HTTPRequest(method, url, fields: fields, body: body))
    }

    func finish() async {
        await store.close()
    }
}
#endif
