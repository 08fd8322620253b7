public import AuraEffects
internal import Synchronization

/// The server that the laws of HTTP send requests to.
///
/// A handler that answers requests itself uses it as it is. One that sends them over a wire needs a server with the same
/// routes:
///
/// | route | answer |
/// |---|---|
/// | `bytes/N` | N bytes of ``pattern(_:)``, with their length |
/// | `stream/N` | N bytes of ``pattern(_:)``, without their length |
/// | `echo/…` | the request's body; fields `x-method`, `x-target`, `x-length` (what its length was said to be: a number, `chunked` or `none`), and those of the request that begin with `x-law-` |
/// | `names` | the names of the request's fields in lower case, one a line |
/// | `count` | how many bytes the request's body has |
/// | `status/N` | the status N, the body `status`, and the field `retry-after: 7` |
/// | `redirect` | the status 302 and the field `location: /bytes/1` |
/// | `break/N` | the length 2 × N, N bytes of ``pattern(_:)``, and then the connection's end |
/// | `hang/NAME` | none for half a minute; it counts like `note/NAME` |
/// | `fields/N` | N ÷ 1000 fields of 1000 bytes |
/// | `note/NAME`, `noted/NAME` | the first counts, the second answers how often |
/// | `refuse` | the status 413 and the body `refused`, before the request's body is read |
public final class HTTPLawServer: Sendable {
    private let notes = Mutex<[String: Int]>([:])
    private let prefix: String

    /// Creates a server whose routes lie below a path.
    ///
    /// - Parameter path: The path, with a slash at its end.
    public init(at path: String = "/") {
        prefix = path
    }

    /// The bytes of a body: each is its place modulo 251.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - offset: The place of the first one.
    /// - Returns: The bytes.
    public static func pattern(_ count: Int, from offset: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let start = (offset + bytes.count) % 251
            bytes += table[start...].prefix(count - bytes.count)
        }
        return bytes
    }

    private static let table = (0..<(251 * 1000)).map { UInt8($0 % 251) }

    /// Answers a request.
    ///
    /// - Parameter request: The request.
    /// - Returns: The answer.
    /// - Throws: ``EffectError`` of the request's body, and where the connection ends without an answer.
    public func answer(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        let parts = request.url.path.dropFirst(prefix.count).split(separator: "/").map { String($0) }
        let argument = parts.dropFirst().first ?? ""
        let number = Int(argument) ?? 0
        switch parts.first ?? "" {
        case "refuse":
            return HTTPResponse(status: 413, body: ByteStream(Array("refused".utf8)))
        case "count":
            var count = 0
            if let body = request.body {
                for try await chunk in body { count += chunk.count }
            }
            return text("\(count)")
        case let route:
            let body = try await request.body?.bytes(atMost: .max) ?? []
            return try await answer(route, argument, number, request, body)
        }
    }

    private func answer(
        _ route: String,
        _ argument: String,
        _ number: Int,
        _ request: HTTPRequest,
        _ body: [UInt8]
    ) async throws(EffectError) -> HTTPResponse {
        switch route {
        case "bytes":
            let body = request.method == .head ? ByteStream([]) : Self.stream(number, of: number, hasLength: true)
            return HTTPResponse(status: 200, fields: ["content-length": "\(number)"], body: body)
        case "stream": return HTTPResponse(status: 200, body: Self.stream(number, of: number))
        case "echo": return echo(request, body)
        case "names": return text(request.fields.map { $0.name.lowercased() }.joined(separator: "\n"))
        case "status":
            let isEmpty = number == 204 || number == 304
            return HTTPResponse(
                status: number,
                fields: ["retry-after": "7"],
                body: ByteStream(isEmpty ? [] : Array("status".utf8))
            )
        case "redirect": return HTTPResponse(status: 302, fields: ["location": "/bytes/1"])
        case "break": return HTTPResponse(status: 200, body: Self.stream(number, of: 2 * number))
        case "hang":
            notes.withLock { $0[argument, default: 0] += 1 }
            try? await pause(.seconds(30))
            throw Self.broken
        case "fields":
            let value = String(repeating: "a", count: 1000)
            let fields = (0..<(number / 1000)).map { HTTPField("x-\($0)", value) }
            return HTTPResponse(status: 200, fields: HTTPFields(fields))
        case "note":
            notes.withLock { $0[argument, default: 0] += 1 }
            return text("")
        case "noted": return text("\(notes.withLock { $0[argument, default: 0] })")
        default: return HTTPResponse(status: 404)
        }
    }

    private func echo(_ request: HTTPRequest, _ body: [UInt8]) -> HTTPResponse {
        let expectsBody = [.post, .put, .patch].contains(request.method)
        let length = request.body.map { $0.byteCount.map { "\($0)" } ?? "chunked" } ?? (expectsBody ? "0" : "none")
        var fields: HTTPFields = [
            "x-method": request.method.rawValue, "x-target": "/" + request.url.target.dropFirst(prefix.count),
            "x-length": length,
        ]
        for field in request.fields where field.name.lowercased().hasPrefix("x-law-") { fields.append(field) }
        return HTTPResponse(status: 200, fields: fields, body: ByteStream(body))
    }

    private func text(_ text: String) -> HTTPResponse {
        HTTPResponse(status: 200, body: ByteStream(Array(text.utf8)))
    }

    private static let broken = EffectError(.unavailable, "The connection ended.", outcome: .unknown)

    /// The first bytes of a body, which breaks off where there should be more.
    private static func stream(_ count: Int, of byteCount: Int, hasLength: Bool = false) -> ByteStream {
        ByteStream(byteCount: hasLength ? byteCount : nil) { offset throws(EffectError) in
            if offset < count { return pattern(min(50_000, count - offset), from: offset) }
            guard count == byteCount else { throw broken }
            return nil
        }
    }
}
