public import AuraEffects
internal import Synchronization

/// An HTTP handler that answers from a recording, without a server.
///
/// A request is found by its method, its address without the parameters that sign it, and the checksum of its body; several
/// that are alike are answered in the order in which they were recorded, each once. What was not recorded fails with `notFound`.
public final class ReplayingHTTPHandler: HTTPEffects {
    /// The handler's name in errors.
    public static let technology = "replay"

    private static let errors = HandlerErrors(HTTPEffect.self, handler: technology)

    /// What the recorded handler declared that a replay keeps: nothing.
    public let capabilities = Capabilities()

    private let options: HTTPRecordingOptions
    private let validation = RequestValidation(errors: errors)
    /// The exchanges that were not asked for yet, the next one last.
    private let exchanges: Mutex<[RecordedExchange.Key: [RecordedExchange]]>

    /// Reads a recording.
    ///
    /// - Parameters:
    ///   - path: The file that ``RecordingHTTPHandler`` wrote.
    ///   - options: What was left out.
    /// - Throws: ``RecordingFailure`` where there is none, or where it is damaged.
    public init(
        from path: String,
        options: HTTPRecordingOptions = HTTPRecordingOptions()
    ) throws(RecordingFailure) {
        self.options = options
        let recorded = try Self.read(path)
        exchanges = Mutex(Dictionary(grouping: recorded.reversed(), by: \.key))
    }

    /// How many exchanges were not asked for.
    public var remainingCount: Int { exchanges.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// Answers a request as it was answered.
    public func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        try validation.check(request, in: "send")
        try Self.errors.checkCancellation(in: "send")
        let exchange = try await exchange(for: request)
        switch exchange.end {
        case .failure(let error):
            throw Self.errors.error(
                error.code,
                in: "send",
                error.message,
                isRetryable: error.isRetryable,
                outcome: error.outcome
            )
        case .answer(let answer):
            return HTTPResponse(
                status: answer.status,
                version: answer.version,
                fields: HTTPFields(answer.fields),
                body: Self.body(of: answer)
            )
        }
    }

    private func exchange(for request: HTTPRequest) async throws(EffectError) -> RecordedExchange {
        var key = RecordedExchange.Key(method: request.method.rawValue, address: options.address(of: request.url))
        // A server that answered before it had the whole body left it unknown.
        if let exchange = take(key) { return exchange }
        key.body = try await CheckedBody.digest(of: request.body)
        if let exchange = take(key) { return exchange }
        throw Self.errors.error(
            .notFound,
            in: "send",
            "\(request): the recording holds no such request with this query and body that was not asked for already. Record anew."
        )
    }

    private func take(_ key: RecordedExchange.Key) -> RecordedExchange? {
        exchanges.withLock { $0[key]?.popLast() }
    }

    private static func body(of answer: RecordedExchange.Answer) -> ByteStream {
        let bytes = answer.body
        return ByteStream(byteCount: answer.isWhole ? bytes.count : nil) { offset throws(EffectError) in
            guard !Task.isCancelled else { throw errors.cancelled(in: "send") }
            if offset < bytes.count { return Array(bytes[offset...].prefix(65_536)) }
            guard answer.isWhole else {
                throw errors.error(.unavailable, in: "send", "The recorded body ends here.", outcome: .unknown)
            }
            return nil
        }
    }

    private static func read(_ path: String) throws(RecordingFailure) -> [RecordedExchange] {
        let bytes: [UInt8]
        do throws(Host.ReadFailure) {
            bytes = try Host.readFile(path, limit: .max)
        } catch {
            throw RecordingFailure(.notReadable, "The recording '\(path)' cannot be read: \(error). Check the path.")
        }
        var exchanges: [RecordedExchange] = []
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let node = try? JSONParser.parse(Array(line)) else { throw damaged(path, number) }
            if number == 0 {
                guard case .object(let members) = node, members["format"] == .string("aura-http-recording"),
                    members["version"] == .number("1")
                else { throw damaged(path, number) }
            } else if let exchange = RecordedExchange(node) {
                exchanges.append(exchange)
            } else {
                throw damaged(path, number)
            }
        }
        return exchanges
    }

    private static func damaged(_ path: String, _ line: Int) -> RecordingFailure {
        RecordingFailure(.damaged, "Line \(line + 1) of '\(path)' is no exchange of a recording of HTTP: record anew.")
    }
}
