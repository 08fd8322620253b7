#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import AuraAWS

/// Looks at what is sent, for the secrets that a signature adds.
private final class Watcher: HTTPEffects {
    private let base: any HTTPEffects
    private let seen = Mutex<Set<String>>([])

    init(_ base: any HTTPEffects) { self.base = base }

    var capabilities: Capabilities { base.capabilities }
    var secrets: Set<String> { seen.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        for name in ["authorization", "x-amz-security-token"] {
            for value in request.fields.values(of: name) {
                let signature = value.split(separator: "Signature=").last.map { String($0) } ?? value
                seen.withLock { _ = $0.insert(signature) }
            }
        }
        return try await base.send(request)
    }
}

private struct CollectingLog: LogHandler {
    static let lines = Mutex<[String]>([])
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        Self.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:]) \(metadata)") }
    }
}

@Suite("Secrets of AWS")
struct SecretTests {
    @Test("stand in no log, no error, no description and no recording")
    func nowhere() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("aura-\(UUID().uuidString)").path
        let server = try StoreServer()
        let token = "the+session/token=of-a-test"
        try server.set(["AKIDTOKEN": .init(secret: "the/secret+of=a-test", token: token)])
        let plain = try TestStore(server)
        let recording = try await RecordingHTTPHandler(plain.http, to: file)
        let watcher = Watcher(recording)
        var logger = Logger(label: "test") { _ in CollectingLog() }
        logger.logLevel = .trace
        let store = try TestStore(server, logger: logger) { _ in watcher }
        let credentials = AWSCredentials(
            accessKeyID: "AKIDTOKEN",
            secretAccessKey: Secret("the/secret+of=a-test"),
            sessionToken: Secret(token)
        )
        let bucket = try await store.make(CloudConfig().timeout(.seconds(120)), AWSAccess(credentials: credentials))
        try await bucket.put(ByteStream([1]), to: "a")
        _ = try await bucket.list(prefix: "", after: nil, limit: 9)
        let address = try await bucket.presignedURL(.get, to: "a", expiresIn: .seconds(60))
        let url = try #require(HTTPURL(address.url.withExposedValue { $0 }))
        _ = try await watcher.send(HTTPRequest(.get, url))
        var errors: [EffectError] = []
        func failing(_ body: () async throws(EffectError) -> Void) async {
            do throws(EffectError) {
                try await body()
            } catch {
                errors.append(error)
            }
        }
        let access = AWSCredentials(accessKeyID: "AKIDTOKEN", secretAccessKey: Secret("another/secret"))
        let wrong = try await store.make(
            bucket: "b",
            CloudConfig().timeout(.seconds(120)),
            AWSAccess(credentials: access)
        )
        await failing { () async throws(EffectError) in _ = try await wrong.get("a") }
        await failing { () async throws(EffectError) in
            _ = try await bucket.put(ByteStream([1]), to: "a", metadata: ObjectMetadata(), if: .absent)
        }
        try server.set([.init(match: "GET .*/a", times: 9, drop: "before")])
        await failing { () async throws(EffectError) in _ = try await bucket.get("a") }
        #expect(errors.count == 3)
        await store.close()
        try await recording.close()
        await plain.close()
        let recorded = try String(contentsOfFile: file, encoding: .utf8)
        try FileManager.default.removeItem(atPath: file)
        #expect(recorded.contains("/a"))
        var printed = recorded + CollectingLog.lines.withLock { $0.joined() }
        for error in errors { printed += "\(error) \(String(reflecting: error))" }
        printed += "\(credentials) \(address) \(url) \(bucket.client) \(bucket.configuration)"
        dump(credentials, to: &printed)
        dump(bucket.configuration, to: &printed)
        let signature = try #require(url.query?.split(separator: "Signature=").last)
        let secrets = watcher.secrets.union(["the/secret+of=a-test", "another/secret", token, String(signature)])
        #expect(secrets.count > 6)
        for secret in secrets {
            #expect(!printed.contains(secret))
            #expect(!printed.contains(PercentEncoding.encode(secret)))
        }
    }
}
#endif
