#if AWS
internal import AuraEffects
internal import Foundation
internal import Synchronization
internal import Testing

/// A real object store on loopback, which checks every signature with botocore's signer: `Server/serve store`.
final class StoreServer: Sendable {
    static let accessKeyID = "AKIDEXAMPLE"
    static let secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    let port: UInt16
    let endpoint: HTTPURL

    private static let shared = Mutex<StoreServer?>(nil)

    /// The store that tests share, each with buckets of its own; started by the first of them.
    static func start() throws -> StoreServer {
        try shared.withLock { server in
            if let server { return server }
            let started = try StoreServer()
            server = started
            return started
        }
    }

    /// Starts a store of one's own, for tests that ask it for faults.
    ///
    /// It ends with this process.
    ///
    /// - Parameter port: Where it listens; `nil` for a port that is free.
    /// - Throws: Where it does not start.
    init(port: UInt16? = nil) throws {
        if let port { try LocalService.start("store", port, "/_store") }
        self.port = try port ?? LocalService.start("store", "/_store")
        endpoint = HTTPURL(.http, host: "127.0.0.1", port: Int(self.port), path: "")
    }

    /// The endpoint under a name, before which buckets' names can stand.
    var namedEndpoint: HTTPURL { HTTPURL(.http, host: "localhost", port: Int(port), path: "") }

    // MARK: Faults

    /// Something that happens to requests, as the store's script describes it.
    struct Fault: Encodable {
        var match: String
        var skip = 0
        var times = 1
        var status: Int?
        var code: String?
        var headers: [String: String]?
        var drop: String?
        var truncate: Int?
        var corrupt: Bool?
        var leave: Int?
        var delay: Double?
    }

    struct Key: Encodable {
        var secret: String
        var token: String?
        var expired = false
    }

    struct State: Decodable {
        var requests: [String]
        var refusals: [String: Int]
        var lastRefusal: String
        /// The actions of AWS's policies that requests took whose signatures were right.
        var actions: [Action]
    }

    struct Action: Decodable {
        var action: String
        var resource: String
    }

    func set(_ faults: [Fault]) throws {
        _ = try control("POST", "/faults", JSONEncoder().encode(faults))
    }

    func set(_ keys: [String: Key]) throws {
        _ = try control("POST", "/keys", JSONEncoder().encode(keys))
    }

    /// Sets the store's clock so many seconds ahead.
    func setClock(ahead seconds: Int) throws {
        _ = try control("POST", "/clock", JSONEncoder().encode(["ahead": seconds]))
    }

    /// Lets time pass for what hides and delays messages.
    func letTimePass(_ duration: Duration) throws {
        let seconds = Double(duration.nanoseconds) / 1e9
        _ = try control("POST", "/time", JSONEncoder().encode(["pass": seconds]))
    }

    /// Forgets which actions were taken.
    func forgetActions() throws {
        _ = try control("POST", "/forget")
    }

    var state: State {
        get throws { try JSONDecoder().decode(State.self, from: control("GET", "")) }
    }

    func control(_ method: String, _ path: String, _ body: Data = Data()) throws -> Data {
        try exchange(method, "/_store\(path)", body)
    }

    /// Sends a request that is no service's.
    func exchange(_ method: String, _ path: String, _ body: Data = Data()) throws -> Data {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        head += "Content-Length: \(body.count)\r\n\r\n"
        let answer = try PlainSocket.exchange(port, Data(head.utf8) + body)
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { throw LocalService.NotStarted() }
        return answer[end.upperBound...]
    }
}

/// Starts the services of `Server/serve`.
enum LocalService {
    struct NotStarted: Error {}

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Server/serve").standardizedFileURL

    /// Starts a service on a port that is free, see ``start(_:_:_:)``.
    ///
    /// - Returns: The port.
    static func start(_ kind: String, _ path: String) throws -> UInt16 {
        // Somebody else may take the port before the service does: then it ends, and another one is tried.
        for _ in 0..<4 {
            let port = try freePort()
            if (try? start(kind, port, path)) != nil { return port }
        }
        let port = try freePort()
        try start(kind, port, path)
        return port
    }

    /// Starts a service, which ends with this process, and waits until it answers.
    static func start(_ kind: String, _ port: UInt16, _ path: String) throws {
        let process = Process()
        process.executableURL = script
        process.arguments = [kind, "\(port)", "\(getpid())"]
        process.standardInput = FileHandle.nullDevice
        // It must not keep the tests' own output open: whoever reads that waits for its end before it lets this process go.
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let request = Data("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        for _ in 0..<600 {
            if let answer = try? PlainSocket.exchange(port, request), !answer.isEmpty { return }
            guard process.isRunning else { throw NotStarted() }
            usleep(100_000)
        }
        throw NotStarted()
    }

    static func freePort() throws -> UInt16 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw NotStarted() }
        return UInt16(bigEndian: address.sin_port)
    }
}

/// Sends bytes to a port of this machine and takes what comes until the other side closes.
enum PlainSocket {
    private struct NoAnswer: Error {}

    static func exchange(_ port: UInt16, _ bytes: Data) throws -> Data {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw NoAnswer() }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw NoAnswer() }
            rest = rest.dropFirst(count)
        }
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count >= 0 else { throw NoAnswer() }
            if count == 0 { return answer }
            answer += buffer[..<count]
        }
    }
}
#endif
