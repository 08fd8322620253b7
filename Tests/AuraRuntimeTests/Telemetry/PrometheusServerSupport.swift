internal import Foundation
internal import Testing

#if canImport(FoundationNetworking)
internal import FoundationNetworking
#endif
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A folder that a test removes again.
struct TelemetryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "aura-telemetry-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func write(_ bytes: [UInt8], as name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// The executables that are built beside the tests.
enum TestExecutable {
    static func path(of name: String) -> String {
        URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent(name).path
    }
}

/// A process that runs while a test does.
struct BackgroundProcess {
    private let process = Process()
    private let output = Pipe()

    init(_ executable: String, _ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
    }

    func firstLine() -> String? {
        var read = ""
        while !read.contains("\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            read += String(decoding: data, as: UTF8.self)
        }
        return read.split(separator: "\n").first.map(String.init)
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}

/// A port of the loopback interface that nobody listens on.
func freePort() throws -> UInt16 {
    #if os(Linux)
    let stream = Int32(SOCK_STREAM.rawValue)
    #else
    let stream = SOCK_STREAM
    #endif
    let socket = socket(AF_INET, stream, 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
        }
    }
    try #require(result)
    return UInt16(bigEndian: address.sin_port)
}

/// The query interface of a Prometheus server.
struct PrometheusAPI {
    let port: UInt16

    private struct Answer: Decodable {
        struct Content: Decodable { var result: [Sample] }
        struct Sample: Decodable {
            var value: [Value]
        }
        enum Value: Decodable {
            case number(Double)
            case text(String)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Double.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }
        var data: Content
    }

    /// The value of the one series that a query finds; `nil` where it finds none.
    func value(_ query: String) async throws -> String? {
        var components = URLComponents()
        components.scheme = "http"
        components.host = "127.0.0.1"
        components.port = Int(port)
        components.path = "/api/v1/query"
        var allowed = CharacterSet.urlQueryAllowed
        allowed.remove(charactersIn: "+&=")
        components.percentEncodedQuery = "query=" + (query.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        let (data, _) = try await URLSession.shared.data(from: try #require(components.url))
        let results = try JSONDecoder().decode(Answer.self, from: data).data.result
        try #require(results.count <= 1)
        guard case .text(let text)? = results.first?.value.last else { return nil }
        return text
    }

    /// The last value of the one series that is selected, also where the server could not scrape it since.
    func last(_ selector: String) async throws -> String? {
        try await value("last_over_time(\(selector)[1h])")
    }

    /// Waits until the server has scraped its target, five minutes at most: it may start slowly.
    func waitForScrape() async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(300)
        while true {
            if let value = try? await value("max_over_time(up[1h])"), value == "1" { return }
            try #require(clock.now < deadline)
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
