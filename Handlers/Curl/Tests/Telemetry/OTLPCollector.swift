#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import Foundation

/// A collector that reads with OpenTelemetry's own classes; each test has one of its own below a name.
struct OTLPCollector {
    /// What the collector does with a request instead of taking it.
    struct Answer: Encodable {
        var status: Int?
        var retryAfter: Int?
        var reject: Int?
        var hang: Bool?
    }

    /// A request that it took.
    struct Taken {
        let path: String
        let fields: [String: String]
        /// Whether the classes know every byte of it.
        let isExact: Bool
        let message: Node
    }

    /// The collector's address, without the signals' paths.
    let endpoint: HTTPURL
    private let http: CurlHTTPHandler

    private static let port = Result { try start() }

    init(_ name: String, _ http: CurlHTTPHandler) throws {
        endpoint = HTTPURL(.http, host: "127.0.0.1", port: try Self.port.get(), path: "/\(name)")
        self.http = http
    }

    private static func start() throws -> Int {
        let source = URL(fileURLWithPath: #filePath)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("aura-otlp-\(getpid())").path
        let process = Process()
        let root = source.deletingLastPathComponent().appendingPathComponent("../../../..").standardizedFileURL
        process.executableURL = root.appendingPathComponent(".build/python/bin/python3")
        process.arguments = [
            root.appendingPathComponent("Handlers/Curl/Server/collector.py").path, folder, "\(getpid())",
        ]
        process.standardInput = FileHandle.nullDevice
        // It must not keep the tests' own output open: whoever reads that waits for its end before it lets this process go.
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while true {
            if let text = try? String(contentsOfFile: "\(folder)/port", encoding: .utf8), let port = Int(text) {
                return port
            }
            guard process.isRunning else {
                throw TestFailure("The collector did not start: run Tests/checks/set_up.sh.")
            }
            usleep(10_000)
        }
    }

    /// Says how the next requests are answered.
    func answer(_ answers: [Answer]) async throws {
        let body = ByteStream(Array(try JSONEncoder().encode(answers)))
        _ = try await http.send(HTTPRequest(.post, endpoint.at("\(endpoint.path)/answers"), body: body))
    }

    /// How many requests have come.
    var seen: Int {
        get async throws { Int(try await http.text(endpoint.at("\(endpoint.path)/seen"))) ?? -1 }
    }

    /// The requests that it took, of a path.
    func received(_ path: String) async throws -> [Taken] {
        let text = try await http.text(endpoint.at("\(endpoint.path)/received"))
        let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]] ?? []
        return
            list.map { entry in
                Taken(
                    path: entry["path"] as? String ?? "",
                    fields: entry["fields"] as? [String: String] ?? [:],
                    isExact: entry["isExact"] as? Bool ?? false,
                    message: Node(entry["message"])
                )
            }
            .filter { $0.path == path }
    }

    /// Waits until so many requests have come.
    func waitUntilSeen(_ count: Int) async throws {
        while try await seen < count { await Task.yield() }
    }

    /// The spans that it took, in the order of their coming.
    var spans: [Node] {
        get async throws {
            try await received("v1/traces")
                .flatMap { taken in
                    taken.message["resource_spans"].list.flatMap { $0["scope_spans"].list }.flatMap { $0["spans"].list }
                }
        }
    }

    /// The metrics of each request that it took.
    var metrics: [[Node]] {
        get async throws {
            try await received("v1/metrics")
                .map { taken in
                    taken.message["resource_metrics"].list.flatMap { $0["scope_metrics"].list }
                        .flatMap { $0["metrics"].list }
                }
        }
    }
}

/// A part of a message as JSON.
struct Node {
    private let value: Any?

    init(_ value: Any?) {
        self.value = value
    }

    subscript(key: String) -> Node { Node((value as? [String: Any])?[key]) }

    subscript(index: Int) -> Node { list.indices.contains(index) ? list[index] : Node(nil) }

    var list: [Node] { (value as? [Any])?.map { Node($0) } ?? [] }

    var text: String { value as? String ?? "" }

    /// A number; 64-bit integers are texts in the JSON of messages.
    var number: Double? { (value as? NSNumber)?.doubleValue ?? Double(text) }

    var isThere: Bool { value != nil }

    /// Bytes, as hexadecimal digits.
    var hexadecimal: String {
        (Data(base64Encoded: text) ?? Data()).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Attributes by their names, with their values' kinds.
    var attributes: [String: String] {
        var attributes: [String: String] = [:]
        for pair in list { attributes[pair["key"].text] = pair["value"].valueText }
        return attributes
    }

    private var valueText: String {
        guard let (kind, value) = (value as? [String: Any])?.first else { return "nothing" }
        guard kind == "array_value" else { return "\(kind) \(value)" }
        return "[" + Node(value)["values"].list.map(\.valueText).joined(separator: ", ") + "]"
    }
}
#endif
